import type { RawData, WebSocket } from 'ws';
import { GatewayCloseCodes, GatewayOpcodes } from 'discord-api-types/v10';
import { isRecord, type JsonObject } from '../json';
import type { FrameReceiver, Session } from './session';

/** What a connection asks of the gateway behind it. */
export interface ConnectionHost {
  readonly heartbeatIntervalMs: number;
  readonly identifyTimeoutMs: number;
  identify(connection: Connection, data: JsonObject): void;
  resume(connection: Connection, data: JsonObject): void;
  requestMembers(connection: Connection, data: JsonObject): void;
  heartbeat(connection: Connection): void;
  /** The session cannot be resumed any more. */
  forget(session: Session): void;
  closed(connection: Connection, code: number): void;
}

const CUT = 1006;
const CLIENT_OPCODES: readonly number[] = [
  GatewayOpcodes.PresenceUpdate,
  GatewayOpcodes.VoiceStateUpdate,
  GatewayOpcodes.RequestSoundboardSounds,
];

/** One WebSocket, from HELLO to its close. */
export class Connection implements FrameReceiver {
  session: Session | null = null;
  /** `mute`: heartbeats are not acknowledged; `deaf`: dispatches do not arrive. */
  readonly afflictions = new Set<'mute' | 'deaf'>();
  readonly #socket: WebSocket;
  readonly #host: ConnectionHost;
  readonly #identifyTimer: NodeJS.Timeout;
  #closeCode: number | null = null;

  constructor(socket: WebSocket, host: ConnectionHost) {
    this.#socket = socket;
    this.#host = host;
    this.#identifyTimer = setTimeout(() => {
      if (this.session === null) this.close(GatewayCloseCodes.NotAuthenticated, 'Not authenticated.');
    }, host.identifyTimeoutMs);
    socket.on('message', (data) => this.#receive(data));
    socket.on('error', () => socket.terminate());
    socket.on('close', (code) => this.#ended(code));
    this.send(GatewayOpcodes.Hello, { heartbeat_interval: host.heartbeatIntervalMs, _trace: [] });
  }

  sendFrame(frame: string): void {
    if (!this.afflictions.has('deaf') && this.#socket.readyState === this.#socket.OPEN)
      this.#socket.send(frame);
  }

  send(opcode: GatewayOpcodes, data: unknown): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.send(JSON.stringify({ op: opcode, s: null, t: null, d: data }));
  }

  /** Op 9: the client is to identify anew, or, if `resumable`, to resume. */
  invalidate(resumable: boolean): void {
    const { session } = this;
    this.session = null;
    session?.detach(this);
    if (!resumable && session !== null) this.#host.forget(session);
    this.send(GatewayOpcodes.InvalidSession, resumable);
  }

  close(code: number, reason = ''): void {
    this.#closeCode ??= code;
    if (code === CUT) this.#socket.terminate();
    else this.#socket.close(code, reason);
  }

  #ended(code: number): void {
    clearTimeout(this.#identifyTimer);
    this.session?.detach(this);
    this.#host.closed(this, this.#closeCode ?? code);
  }

  #receive(data: RawData): void {
    if (this.#closeCode !== null) return;
    const message = parseFrame(data);
    if (message === null) {
      this.close(GatewayCloseCodes.DecodeError, 'Error while decoding payload.');
      return;
    }
    this.#handle(message.op, message.d);
  }

  #handle(opcode: unknown, data: unknown): void {
    const fields = isRecord(data) ? data : {};
    if (opcode === GatewayOpcodes.Heartbeat) return this.#heartbeat(data);
    if (opcode === GatewayOpcodes.Identify || opcode === GatewayOpcodes.Resume) {
      if (this.session !== null) {
        return this.close(GatewayCloseCodes.AlreadyAuthenticated, 'Already authenticated.');
      }
      if (opcode === GatewayOpcodes.Identify) return this.#host.identify(this, fields);
      return this.#host.resume(this, fields);
    }
    const isMembersRequest = opcode === GatewayOpcodes.RequestGuildMembers;
    const isKnown = isMembersRequest || (typeof opcode === 'number' && CLIENT_OPCODES.includes(opcode));
    if (!isKnown) return this.close(GatewayCloseCodes.UnknownOpcode, 'Unknown opcode.');
    if (this.session === null) return this.close(GatewayCloseCodes.NotAuthenticated, 'Not authenticated.');
    if (isMembersRequest) this.#host.requestMembers(this, fields);
  }

  #heartbeat(sequence: unknown): void {
    if (typeof sequence === 'number') this.session?.received(sequence);
    this.#host.heartbeat(this);
    if (!this.afflictions.has('mute')) this.send(GatewayOpcodes.HeartbeatAck, null);
  }
}

function parseFrame(data: RawData): JsonObject | null {
  const text = Array.isArray(data)
    ? Buffer.concat(data)
    : data instanceof ArrayBuffer
      ? Buffer.from(data)
      : data;
  try {
    const message: unknown = JSON.parse(text.toString());
    return isRecord(message) ? message : null;
  } catch {
    return null;
  }
}

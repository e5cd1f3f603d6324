import { randomUUID } from 'node:crypto';
import { shardOf } from '../snowflake';

/** Where a session's frames go while a connection is there to take them. */
export interface FrameReceiver {
  sendFrame(frame: string): void;
}

interface SentFrame {
  readonly sequence: number;
  readonly frame: string;
}

const FRAMES_KEPT = 2_000;

/** What a shard is sent, in order, over however many connections it takes. */
export class Session {
  readonly id = randomUUID().replaceAll('-', '');
  #sequence = 0;
  #sent: SentFrame[] = [];
  #receiver: FrameReceiver | null = null;

  constructor(
    readonly shard: number,
    readonly shardCount: number,
    readonly intents: number,
  ) {}

  get sequence(): number {
    return this.#sequence;
  }

  get connected(): boolean {
    return this.#receiver !== null;
  }

  attach(receiver: FrameReceiver): void {
    this.#receiver = receiver;
  }

  /** Frames wait for a resume from now on, unless another connection has taken over already. */
  detach(receiver: FrameReceiver): void {
    if (this.#receiver === receiver) this.#receiver = null;
  }

  /** Whether events of this server (null: of direct messages) are this session's. */
  serves(guildId: string | null): boolean {
    return this.shard === (guildId === null ? 0 : shardOf(guildId, this.shardCount));
  }

  dispatch(event: string, data: unknown): void {
    this.#sequence += 1;
    const frame = JSON.stringify({ op: 0, s: this.#sequence, t: event, d: data });
    this.#sent.push({ sequence: this.#sequence, frame });
    if (this.#sent.length > 2 * FRAMES_KEPT) this.#sent = this.#sent.slice(-FRAMES_KEPT);
    this.#receiver?.sendFrame(frame);
  }

  /** Forgets what the client says it has received. */
  received(sequence: number): void {
    const first = this.#sent.findIndex((sent) => sent.sequence > sequence);
    this.#sent = first < 0 ? [] : this.#sent.slice(first);
  }

  /** Sends what came after `sequence` once more; false if some of it is gone. */
  replay(sequence: number): boolean {
    const missed = this.#sent.filter((sent) => sent.sequence > sequence);
    if (missed.length !== this.#sequence - sequence) return false;
    for (const { frame } of missed) this.#receiver?.sendFrame(frame);
    return true;
  }
}

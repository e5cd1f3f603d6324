import type { Server } from 'node:http';
import { WebSocketServer } from 'ws';
import { GatewayCloseCodes, GatewayIntentBits } from 'discord-api-types/v10';
import { asArray, asNumber, asText, type JsonObject } from '../json';
import { apiAvailableGuild, apiMember, apiUser } from '../payloads';
import type { ShardConnection } from '../types';
import type { World } from '../world';
import { Connection, type ConnectionHost } from './connection';
import { createGatewayFaults } from './faults';
import { readIdentify, readyPayload, type IdentifyRules } from './identify';
import { createShardRecords } from './shards';
import { Session } from './session';
import type { StartLimits } from './limits';

export interface GatewayOptions extends IdentifyRules {
  readonly world: World;
  readonly limits: StartLimits;
  /** Where this gateway is reached; known once the server listens. */
  readonly url: () => string;
  readonly heartbeatIntervalMs: number;
  readonly identifyTimeoutMs: number;
  readonly onChange: () => void;
}

const MAX_FRAME_BYTES = 16_384;
/** After these a session cannot be resumed. */
const FINAL_CODES: readonly number[] = [1000, 1001, 4004, 4007, 4009, 4010, 4011, 4012, 4013, 4014];

/** The gateway, on the upgrade requests of an HTTP server. */
export class Gateway implements ConnectionHost {
  readonly heartbeatIntervalMs: number;
  readonly identifyTimeoutMs: number;
  readonly #options: GatewayOptions;
  readonly #sessions = new Map<string, Session>();
  readonly #connections = new Set<Connection>();
  readonly #shards = createShardRecords();
  readonly #sockets: WebSocketServer;
  readonly faults = createGatewayFaults(this.#connections);

  constructor(server: Server, options: GatewayOptions) {
    this.#options = options;
    this.heartbeatIntervalMs = options.heartbeatIntervalMs;
    this.identifyTimeoutMs = options.identifyTimeoutMs;
    this.#sockets = new WebSocketServer({ server, perMessageDeflate: false, maxPayload: MAX_FRAME_BYTES });
    // The HTTP server reports its own errors; unheard here they would end the process.
    this.#sockets.on('error', () => undefined);
    this.#sockets.on('connection', (socket) => this.#connections.add(new Connection(socket, this)));
  }

  get shards(): readonly ShardConnection[] {
    return this.#shards.all;
  }

  /** How many shards have been sent READY and are connected. */
  get readyShards(): number {
    const connected = [...this.#sessions.values()].filter((session) => session.connected);
    return new Set(connected.map((session) => session.shard)).size;
  }

  /** The sessions that serve this server (null: direct messages) and have one of these intents (0: any). */
  audience(guildId: string | null, intents: number): readonly Session[] {
    return [...this.#sessions.values()].filter(
      (session) => session.serves(guildId) && (intents === 0 || (session.intents & intents) !== 0),
    );
  }

  /** To every session, or those of one shard, whatever they asked for. */
  emit(event: string, data: unknown, shard?: number): void {
    for (const session of this.#sessions.values()) {
      if (shard === undefined || session.shard === shard) session.dispatch(event, data);
    }
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    await new Promise<void>((resolve) => this.#sockets.close(() => resolve()));
  }

  identify(connection: Connection, data: JsonObject): void {
    const identity = readIdentify(data, this.#options);
    if ('code' in identity) {
      connection.close(identity.code, identity.reason);
      return;
    }
    this.#shards.count(identity.shard, 'identifies');
    if (!this.#options.limits.take(identity.shard)) {
      connection.invalidate(false);
      return;
    }
    connection.session = new Session(identity.shard, identity.shardCount, identity.intents);
    this.faults.whenReadyMayGo(() => this.#start(connection));
    this.#options.onChange();
  }

  resume(connection: Connection, data: JsonObject): void {
    if (!this.#options.acceptsToken(asText(data.token) ?? '')) {
      connection.close(GatewayCloseCodes.AuthenticationFailed, 'Authentication failed.');
      return;
    }
    const session = this.#sessions.get(asText(data.session_id) ?? '');
    const sequence = asNumber(data.seq) ?? 0;
    if (session === undefined || this.faults.refusesResume()) {
      connection.invalidate(false);
    } else if (sequence > session.sequence) {
      connection.close(GatewayCloseCodes.InvalidSeq, 'Invalid seq.');
    } else {
      this.#attach(connection, session);
      if (session.replay(sequence)) this.#resumed(session);
      else connection.invalidate(false);
    }
  }

  requestMembers(connection: Connection, data: JsonObject): void {
    const wanted = asArray(data.user_ids);
    const people = this.#options.world
      .people()
      .filter((person) => wanted.length === 0 || wanted.includes(person.id));
    connection.session?.dispatch('GUILD_MEMBERS_CHUNK', {
      guild_id: asText(data.guild_id) ?? asArray(data.guild_id)[0],
      members: people.map((person) => ({ ...apiMember(person), user: apiUser(person) })),
      chunk_index: 0,
      chunk_count: 1,
      nonce: data.nonce,
    });
  }

  heartbeat(connection: Connection): void {
    if (connection.session !== null) this.#shards.count(connection.session.shard, 'heartbeats');
    this.#options.onChange();
  }

  forget(session: Session): void {
    this.#sessions.delete(session.id);
  }

  closed(connection: Connection, code: number): void {
    this.#connections.delete(connection);
    const { session } = connection;
    if (session !== null) {
      if (FINAL_CODES.includes(code)) this.forget(session);
      const stillOpen = [...this.#connections].some((other) => other.session?.shard === session.shard);
      this.#shards.closed(session.shard, code, stillOpen);
    }
    this.#options.onChange();
  }

  #attach(connection: Connection, session: Session): void {
    connection.session = session;
    session.attach(connection);
    this.faults.afflict(connection);
    this.#shards.opened(session.shard);
  }

  #resumed(session: Session): void {
    this.#shards.count(session.shard, 'resumes');
    session.dispatch('RESUMED', { _trace: [] });
    this.#options.onChange();
  }

  #start(connection: Connection): void {
    const { session } = connection;
    if (session === null || !this.#connections.has(connection)) return;
    const { world, url, onChange } = this.#options;
    this.#sessions.set(session.id, session);
    this.#attach(connection, session);
    const guilds = world.guilds.filter((guild) => session.serves(guild.id));
    session.dispatch('READY', readyPayload(world, session, url(), guilds));
    this.#shards.identified(session.shard, world.now());
    if ((session.intents & GatewayIntentBits.Guilds) !== 0) {
      for (const guild of guilds) session.dispatch('GUILD_CREATE', apiAvailableGuild(world, guild));
    }
    onChange();
  }
}

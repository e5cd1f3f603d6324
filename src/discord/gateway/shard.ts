import { FINAL_CLOSE_CODES } from '../../telemetry/close-codes';
import type { ShardState } from '../../telemetry/health';
import { GATEWAY_LIMITS, heardAt, isDeaf, type Connection, type ShardFacts } from './judge';
import { createSilenceRecord, type SilenceRule } from './silence';

/** One shard over all its connections: what was last seen of it. Every `at` is in milliseconds since the epoch. */
export class Shard implements ShardFacts {
  readonly shard: number;
  connection: Connection = { kind: 'none' };
  heartbeatIntervalMs: number = GATEWAY_LIMITS.heartbeatIntervalMs;
  latencySeconds: number | null = null;
  lastHeartbeatAckAt: number | null = null;
  lastDispatchAt: number | null = null;
  lastSignAt = 0;
  unacknowledgedMs = 0;
  deafSince: number | null = null;
  readonly #silence;

  constructor(shard: number, rule?: SilenceRule) {
    this.shard = shard;
    this.#silence = createSilenceRecord(rule);
  }

  get state(): ShardState {
    const { shard, connection, latencySeconds, lastHeartbeatAckAt, lastDispatchAt } = this;
    return { shard, up: connection.kind === 'up', latencySeconds, lastHeartbeatAckAt, lastDispatchAt };
  }

  /** An attempt to connect begins. */
  connecting(at: number): void {
    this.#leave(at, { kind: 'connecting' });
  }

  resuming(at: number): void {
    this.#leave(at, { kind: 'resuming', since: at });
  }

  /** Discord has said READY or RESUMED. */
  up(at: number): void {
    this.lastSignAt = at;
    this.connection = { kind: 'up', since: at };
    if (this.deafSince === null) return;
    this.deafSince = null;
    // Should it have been merely quiet, it is not to be disturbed again before it is known anew.
    this.#silence.forget();
  }

  /** @returns whether that was an attempt that came to nothing. */
  closed(code: number, at: number): boolean {
    const { kind } = this.connection;
    this.#leave(at, FINAL_CLOSE_CODES.includes(code) ? { kind: 'refused', code } : { kind: 'connecting' });
    return kind !== 'up';
  }

  /** @returns whether the shard has been found to be deaf by this. */
  acknowledged(latencyMs: number, at: number): boolean {
    this.lastSignAt = at;
    this.lastHeartbeatAckAt = at;
    this.latencySeconds = latencyMs / 1000;
    this.unacknowledgedMs = 0;
    if (this.deafSince !== null || !isDeaf(this, this.#silence.limitMs(heardAt(this)), at)) return false;
    this.deafSince = at;
    return true;
  }

  dispatched(at: number): void {
    // Whoever begins to listen late finds it at work.
    if (this.connection.kind === 'none') this.up(at);
    if (this.connection.kind === 'up') {
      const since = this.connection.since;
      const heard = this.lastDispatchAt ?? since;
      const silenceMs = at - (heard > since ? heard : since);
      if (silenceMs > 0) this.#silence.heard(silenceMs, at);
    }
    this.lastSignAt = at;
    this.lastDispatchAt = at;
    this.deafSince = null;
  }

  #leave(at: number, next: Connection): void {
    this.lastSignAt = at;
    const { connection, lastHeartbeatAckAt } = this;
    if (connection.kind === 'up' && connection.since > (lastHeartbeatAckAt ?? 0)) {
      this.unacknowledgedMs += at - connection.since;
    }
    this.connection = next;
  }
}

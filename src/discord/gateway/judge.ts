/** What the facts about one gateway connection say of it. No state and no clock: the same facts give the same verdict. */

/** Everything that a verdict rests on. Times are milliseconds since the epoch; null: never. */
export interface ShardFacts {
  readonly shard: number;
  readonly connection: Connection;
  /** As Discord asked for it. */
  readonly heartbeatIntervalMs: number;
  readonly lastHeartbeatAckAt: number | null;
  readonly lastDispatchAt: number | null;
  /** When anything at all was last seen of it: an attempt, a close, a heartbeat, an error. */
  readonly lastSignAt: number;
  /** How long earlier connections were up that came and went, one after the other, without an acknowledgement. */
  readonly unacknowledgedMs: number;
  /** When it was found to be deaf; null while it is not. */
  readonly deafSince: number | null;
}

export type Connection =
  | { readonly kind: 'none' }
  | { readonly kind: 'connecting' }
  /** Discord was asked to go on with the session, and has not answered yet. */
  | { readonly kind: 'resuming'; readonly since: number }
  | { readonly kind: 'up'; readonly since: number }
  /** Closed with a code after which no try will help. */
  | { readonly kind: 'refused'; readonly code: number };

export interface Verdict {
  /** Whether commands can be taken. */
  readonly ready: boolean;
  /** Whether the process may go on; if not, nothing but a new one is left to try. */
  readonly live: boolean;
  /** A sentence without its full stop; null if all is well. */
  readonly reason: string | null;
}

export const GATEWAY_LIMITS = {
  /** Discord asks for one every 41.25 s; said before it has. */
  heartbeatIntervalMs: 41_250,
  /** discord.js gives a connection up after 2; the rest is for lateness. */
  readyIntervals: 2.2,
  /** By then discord.js has left one that hangs (2 intervals and 30 s), or at least four in a row that came up dumb. */
  liveIntervals: 8,
  /** Discord answers RESUME within seconds; discord.js waits for ever. */
  resumeMs: 120_000,
  /** For the reconnection that was ordered when the shard was found to be deaf. */
  deafMs: 300_000,
  /** However far away Discord is, discord.js tries at least every 90 s. */
  idleMs: 600_000,
} as const;

const WELL: Verdict = { ready: true, live: true, reason: null };

/** Whether a shard can take commands, and whether only a new process could make it so. */
export function judgeShard(facts: ShardFacts, now: number): Verdict {
  const { shard, connection, deafSince, heartbeatIntervalMs } = facts;
  if (connection.kind === 'refused') {
    return unwell(false, `shard ${shard} is closed for good: Discord refuses it (code ${connection.code})`);
  }
  if (deafSince !== null) {
    const live = now - deafSince <= GATEWAY_LIMITS.deafMs;
    const silent = seconds(now - heardAt(facts));
    return unwell(
      live,
      `shard ${shard} is deaf: heartbeats are answered, but nothing else came for ${silent}`,
    );
  }
  if (connection.kind !== 'up') return judgeAbsence(facts, now);
  const silentMs = now - Math.max(connection.since, facts.lastHeartbeatAckAt ?? 0);
  // A resumed connection is ready at once; the third in a row that brings no heartbeat back is not.
  const owedMs = facts.unacknowledgedMs + silentMs;
  const live = owedMs <= GATEWAY_LIMITS.liveIntervals * heartbeatIntervalMs;
  if (live && owedMs <= GATEWAY_LIMITS.readyIntervals * heartbeatIntervalMs) return WELL;
  return unwell(live, `shard ${shard} has had no heartbeat acknowledged for ${seconds(owedMs)}`);
}

/** Discord may be away for as long as it likes, provided that somebody tries. */
function judgeAbsence({ shard, connection, lastSignAt }: ShardFacts, now: number): Verdict {
  const idleMs = now - lastSignAt;
  if (connection.kind === 'none' || idleMs <= GATEWAY_LIMITS.idleMs) {
    return unwell(true, `shard ${shard} is not connected`);
  }
  return unwell(false, `shard ${shard} is not connected, and nothing has tried for ${seconds(idleMs)}`);
}

/**
 * Whether a shard whose heartbeat has just been answered hears nothing else.
 *
 * @param silenceLimitMs the longest silence that would not be strange; null if that is not known.
 */
export function isDeaf(facts: ShardFacts, silenceLimitMs: number | null, now: number): boolean {
  const { connection, lastDispatchAt } = facts;
  if (connection.kind === 'resuming') {
    return now - Math.max(connection.since, lastDispatchAt ?? 0) > GATEWAY_LIMITS.resumeMs;
  }
  return connection.kind === 'up' && silenceLimitMs !== null && now - heardAt(facts) > silenceLimitMs;
}

/** When its present silence began. */
export function heardAt({ connection, lastDispatchAt }: ShardFacts): number {
  return Math.max(lastDispatchAt ?? 0, connection.kind === 'up' ? connection.since : 0);
}

function unwell(live: boolean, reason: string): Verdict {
  return { ready: false, live, reason };
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}

import { sql } from 'kysely';
import type { FailureReason, Kind, OutcomeKind, RefusalReason } from '../../telemetry/event';
import type { Queries } from '../database/database';
import type { StoredInvocation } from '../stats';

/** Single invocations by their ids, newest first. */
export async function readByIds(queries: Queries, ids: readonly number[]): Promise<StoredInvocation[]> {
  if (ids.length === 0) return [];
  return (await rowsOf(queries, ids).execute()).map((row) => ({
    at: new Date(row.at).toISOString(),
    command: row.command,
    kind: row.kind as Kind,
    outcome: row.outcome as OutcomeKind,
    reason: row.reason as RefusalReason | FailureReason | null,
    fingerprint: row.fingerprint,
    message: row.message,
    guildId: row.guild_id,
    userHash: row.user_hash,
    durationMs: milliseconds(row.duration_seconds),
    ackMs: row.ack_seconds === null ? null : milliseconds(row.ack_seconds),
    traceId: row.trace_id,
    shard: row.shard,
    version: row.version,
    commit: row.commit_hash,
  }));
}

function rowsOf(queries: Queries, ids: readonly number[]) {
  return queries
    .selectFrom('invocations')
    .innerJoin('series', 'series.id', 'series_id')
    .innerJoin('releases', 'releases.id', 'release_id')
    .select(['at', 'command', 'kind', 'outcome', 'reason', 'fingerprint', 'message'])
    .select(sql<string | null>`cast(guild_id as text)`.as('guild_id'))
    .select(['user_hash', 'duration_seconds', 'ack_seconds', 'trace_id', 'shard'])
    .select(['version', 'commit_hash'])
    .where('invocations.id', 'in', ids)
    .orderBy('at', 'desc')
    .orderBy('invocations.id', 'desc');
}

/** To the microsecond, without what adding in seconds leaves behind it. */
function milliseconds(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e3;
}

import { sql } from 'kysely';
import { listOf, textAt } from '../database/json-list';
import { EVERYWHERE } from '../database/schema';
import { readMark } from '../mark';
import type { Counted } from './counted';
import { errorTotalsOf } from './error-groups';
import type { Scope } from './scope';
import type { Stretch } from './stretches';

/** One error, in whatever commands it happened. */
export interface ErrorCount {
  readonly fingerprint: string;
  readonly count: number;
  readonly first_seen_at: number;
  readonly last_seen_at: number;
}

/** By fingerprint. Those that were too many to keep apart are under an empty one. */
export type ErrorCounts = ReadonlyMap<string, ErrorCount>;

/** Counts the errors of a stretch. Gives all of them: a new one may stand behind any number of old ones. */
export async function countErrors(
  scope: Scope,
  { pieces, singles }: Stretch,
  counted: Counted,
): Promise<ErrorCounts> {
  const counts = new Map<string, ErrorCount>();
  for (const { outcome, series_id, fingerprint, at } of singles) {
    if (outcome !== 'failed' || !counted.has(series_id)) continue;
    add(counts, { fingerprint: fingerprint ?? '', count: 1, first_seen_at: at, last_seen_at: at });
  }
  const totals = errorTotalsOf(scope, pieces, counted.condition);
  if (totals === null) return counts;
  const { rows } = await sql<ErrorCount>`select fingerprint, sum(count) as count,
      min(first_seen_at) as first_seen_at, max(last_seen_at) as last_seen_at
    from (${totals}) as parts group by fingerprint`.execute(scope.queries);
  for (const row of rows) add(counts, row);
  return counts;
}

/** Those of several stretches together. */
export function addCounts(counts: readonly ErrorCounts[]): ErrorCounts {
  const sums = new Map<string, ErrorCount>();
  for (const error of counts.flatMap((some) => [...some.values()])) add(sums, error);
  return sums;
}

/** The most frequent first, the newer first of two that are as frequent. */
export function byCount(a: ErrorCount, b: ErrorCount): number {
  return b.count - a.count || b.last_seen_at - a.last_seen_at;
}

function add(counts: Map<string, ErrorCount>, added: ErrorCount): void {
  const { fingerprint } = added;
  const known = counts.get(fingerprint);
  if (known === undefined) {
    counts.set(fingerprint, added);
    return;
  }
  counts.set(fingerprint, {
    fingerprint,
    count: known.count + added.count,
    first_seen_at: Math.min(known.first_seen_at, added.first_seen_at),
    last_seen_at: Math.max(known.last_seen_at, added.last_seen_at),
  });
}

/**
 * When each of these errors was seen for the first time ever, wherever that was and in whatever command, by fingerprint;
 * milliseconds since the epoch. An index of its own tells it of the totals, of whatever step: in one that had too many
 * different errors it may be missing.
 */
export async function firstSightsOf(
  { queries, kind, guildId, mark }: Scope,
  fingerprints: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (fingerprints.length === 0) return new Map();
  const list = listOf(
    kind,
    fingerprints.map((fingerprint) => [fingerprint]),
  );
  const fingerprint = sql.raw(textAt(0));
  const { lastId } = guildId === EVERYWHERE ? mark : await readMark(queries, EVERYWHERE);
  const inTotals = sql<{ fingerprint: string; at: number | null }>`select ${fingerprint} as fingerprint,
      (select first_seen_at from error_totals
        where guild_id = ${sql.raw(EVERYWHERE)} and error_totals.fingerprint = ${fingerprint}
        order by first_seen_at limit 1) as at
    from ${list}`;
  const inTail = sql<{ fingerprint: string; at: number | null }>`select fingerprint, min(at) as at
    from invocations
    where id > ${lastId} and outcome = 'failed'
    group by fingerprint`;
  const sights = new Map<string, number>();
  for (const query of [inTotals, inTail]) {
    for (const { fingerprint, at } of (await query.execute(queries)).rows) {
      if (at !== null) sights.set(fingerprint, Math.min(sights.get(fingerprint) ?? at, at));
    }
  }
  return sights;
}

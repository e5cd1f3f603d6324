import { sql } from 'kysely';
import { integerAt, listOf, textAt } from '../database/json-list';
import type { ErrorStats } from '../stats';
import { everything } from './counted';
import { addGroup, groupedTotalsOf, groupSingles, newestOf, type ErrorGroup } from './error-groups';
import type { Piece } from './range';
import type { Scope } from './scope';
import type { SingleRow } from './tallies';

const TOP_ERRORS = 10;

/** The most frequent failures, the newer first of two that are as frequent; at most ten. */
export async function readTopErrors(
  scope: Scope,
  pieces: readonly Piece[],
  singles: readonly SingleRow[],
): Promise<ErrorStats[]> {
  const groups = groupSingles(singles);
  const rolledUp = await readRolledUp(scope, pieces, [...groups.values()]);
  for (const row of rolledUp) addGroup(groups, row);
  const top = [...groups.values()]
    .sort((a, b) => b.count - a.count || b.last_seen_at - a.last_seen_at)
    .slice(0, TOP_ERRORS);
  for (const group of top) group.newest ??= await newestOf(scope, group);
  return top.map((group) => statsOf(scope, group));
}

/**
 * What the totals hold: the most frequent groups of theirs, and those that single rows belong to as well. None of the
 * others can come to be among the first: handing over thousands of them would take longer than all the rest.
 */
async function readRolledUp(
  scope: Scope,
  pieces: readonly Piece[],
  ofSingles: readonly ErrorGroup[],
): Promise<readonly ErrorGroup[]> {
  const grouped = groupedTotalsOf(scope, pieces, everything(scope).condition);
  if (grouped === null) return [];
  const all = sql<Omit<ErrorGroup, 'newest'>>`with grouped as materialized (${grouped})
    select * from (select * from grouped order by count desc, last_seen_at desc limit ${TOP_ERRORS}) as most
    union select grouped.* from ${listOf(scope.kind, ofSingles.map(keysOf))}
      inner join grouped on series_id = ${sql.raw(integerAt(0))}
        and reason = ${sql.raw(textAt(1))} and fingerprint = ${sql.raw(textAt(2))}`;
  const { rows } = await all.execute(scope.queries);
  // Without messages: most groups do not come to be shown.
  return rows.map((row) => ({ newest: null, ...row }));
}

const keysOf = ({ series_id, reason, fingerprint }: ErrorGroup): unknown[] => [
  series_id,
  reason,
  fingerprint,
];

function statsOf({ series }: Scope, group: ErrorGroup): ErrorStats {
  return {
    command: series.get(group.series_id)?.command ?? '',
    reason: group.reason,
    fingerprint: group.fingerprint,
    message: group.newest?.message ?? '',
    count: group.count,
    firstSeen: new Date(group.first_seen_at).toISOString(),
    lastSeen: new Date(group.last_seen_at).toISOString(),
    reference: (group.newest?.trace_id ?? '').slice(0, 8),
  };
}

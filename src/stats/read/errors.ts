import { sql, type RawBuilder } from 'kysely';
import { integerAt, listOf, textAt } from '../database/json-list';
import { ofGuild } from '../mark';
import type { ErrorStats } from '../stats';
import type { Piece } from './range';
import { DAY_MS, floorTo, HOUR_MS } from '../time-steps';
import { seriesIdsOf, within, type Scope } from './scope';
import type { SingleRow } from './tallies';

const TOP_ERRORS = 10;

/** Failures of one series that are the same, by reason and fingerprint. */
interface ErrorGroup {
  readonly series_id: number;
  readonly reason: string;
  readonly fingerprint: string;
  count: number;
  first_seen_at: number;
  last_seen_at: number;
  /** Of the newest one; null while only its totals are known. */
  newest: { readonly message: string; readonly trace_id: string } | null;
}

/** The most frequent failures, the newer first of two that are as frequent; at most ten. */
export async function readTopErrors(
  scope: Scope,
  pieces: readonly Piece[],
  singles: readonly SingleRow[],
): Promise<ErrorStats[]> {
  const groups = new Map<string, ErrorGroup>();
  for (const row of singles) if (row.outcome === 'failed') add(groups, groupOf(row));
  const rolledUp = await readRolledUp(scope, pieces, [...groups.values()]);
  for (const row of rolledUp) add(groups, row);
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
  const totals = totalsOf(scope, pieces);
  if (totals === null) return [];
  const grouped = sql`select series_id, reason, fingerprint, sum(count) as count,
      min(first_seen_at) as first_seen_at, max(last_seen_at) as last_seen_at
    from (${totals}) as parts group by series_id, reason, fingerprint`;
  const all = sql<Omit<ErrorGroup, 'newest'>>`with grouped as materialized (${grouped})
    select * from (select * from grouped order by count desc, last_seen_at desc limit ${TOP_ERRORS}) as most
    union select grouped.* from ${listOf(scope.kind, ofSingles.map(keysOf))}
      inner join grouped on series_id = ${sql.raw(integerAt(0))}
        and reason = ${sql.raw(textAt(1))} and fingerprint = ${sql.raw(textAt(2))}`;
  const { rows } = await all.execute(scope.queries);
  // Without messages: most groups do not come to be shown.
  return rows.map((row) => ({ newest: null, ...row }));
}

/** The rows of totals that a period is made of; null if it is made of single rows alone. */
function totalsOf(scope: Scope, pieces: readonly Piece[]): RawBuilder<unknown> | null {
  const ofCommands = scope.narrowed ? sql`and series_id in (${sql.join(seriesIdsOf(scope))})` : sql``;
  const parts = pieces
    .filter(({ source }) => source !== 'singles')
    .map(
      ({ source, ...span }) => sql`select series_id, reason, fingerprint, count, first_seen_at, last_seen_at
        from error_totals
        where ${ofGuild(scope.guildId)} and step = ${source} and ${within('start_at', span)} ${ofCommands}`,
    );
  return parts.length === 0 ? null : sql.join(parts, sql` union all `);
}

const keysOf = ({ series_id, reason, fingerprint }: ErrorGroup): unknown[] => [
  series_id,
  reason,
  fingerprint,
];

function groupOf(row: SingleRow): ErrorGroup {
  return {
    series_id: row.series_id,
    reason: row.reason ?? '',
    fingerprint: row.fingerprint ?? '',
    count: 1,
    first_seen_at: row.at,
    last_seen_at: row.at,
    newest: { message: row.message ?? '', trace_id: row.trace_id ?? '' },
  };
}

function add(groups: Map<string, ErrorGroup>, added: ErrorGroup): void {
  const key = `${added.series_id}\n${added.reason}\n${added.fingerprint}`;
  const known = groups.get(key);
  if (known === undefined) {
    groups.set(key, added);
    return;
  }
  known.count += added.count;
  known.first_seen_at = Math.min(known.first_seen_at, added.first_seen_at);
  if (added.last_seen_at < known.last_seen_at) return;
  known.last_seen_at = added.last_seen_at;
  known.newest = added.newest;
}

/** It stands in the totals of its hour, of its day, or of all time: asked for by their key, so that none is searched. */
async function newestOf({ queries, guildId }: Scope, group: ErrorGroup): Promise<ErrorGroup['newest']> {
  const { series_id, reason, fingerprint, last_seen_at } = group;
  const found = await queries
    .selectFrom('error_totals')
    .select(['message', 'trace_id'])
    .where(ofGuild(guildId))
    .where('series_id', '=', series_id)
    .where('reason', '=', reason)
    .where('fingerprint', '=', fingerprint)
    .where('last_seen_at', '=', last_seen_at)
    .where((eb) =>
      eb.or(
        [
          { step: 'hour' as const, start_at: floorTo(last_seen_at, HOUR_MS) },
          { step: 'day' as const, start_at: floorTo(last_seen_at, DAY_MS) },
          { step: 'all' as const, start_at: 0 },
        ].map(({ step, start_at }) => eb.and([eb('step', '=', step), eb('start_at', '=', start_at)])),
      ),
    )
    .limit(1)
    .executeTakeFirst();
  return found ?? null;
}

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

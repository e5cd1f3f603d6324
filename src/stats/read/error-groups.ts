import { sql, type RawBuilder, type SqlBool } from 'kysely';
import { ofGuild } from '../mark';
import { DAY_MS, floorTo, HOUR_MS } from '../time-steps';
import type { Piece } from './range';
import { within, type Scope } from './scope';
import type { SingleRow } from './tallies';

/** Failures of one series that are the same, by reason and fingerprint. */
export interface ErrorGroup {
  readonly series_id: number;
  readonly reason: string;
  readonly fingerprint: string;
  count: number;
  first_seen_at: number;
  last_seen_at: number;
  /** Of the newest one; null while only its totals are known. */
  newest: { readonly message: string; readonly trace_id: string } | null;
}

/** Groups by what makes them one. */
export type ErrorGroups = Map<string, ErrorGroup>;

/** The groups of single rows. */
export function groupSingles(singles: readonly SingleRow[]): ErrorGroups {
  const groups: ErrorGroups = new Map();
  for (const row of singles) if (row.outcome === 'failed') addGroup(groups, groupOf(row));
  return groups;
}

export function addGroup(groups: ErrorGroups, added: ErrorGroup): void {
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

/** The rows of totals that pieces are made of, where a condition holds; null if they are made of single rows alone. */
export function errorTotalsOf(
  scope: Scope,
  pieces: readonly Piece[],
  condition: RawBuilder<SqlBool>,
): RawBuilder<unknown> | null {
  const parts = pieces
    .filter(({ source }) => source !== 'singles')
    .map(
      // Not by the index of fingerprints, which knows no time: SQLite would take it to group them.
      ({
        source,
        ...span
      }) => sql`select series_id, reason, fingerprint || '' as fingerprint, count, first_seen_at, last_seen_at
        from error_totals
        where ${ofGuild(scope.guildId)} and step = ${source} and ${within('start_at', span)} and ${condition}`,
    );
  return parts.length === 0 ? null : sql.join(parts, sql` union all `);
}

/** Those rows by what makes failures one; null where there are none. */
export function groupedTotalsOf(
  scope: Scope,
  pieces: readonly Piece[],
  condition: RawBuilder<SqlBool>,
): RawBuilder<Omit<ErrorGroup, 'newest'>> | null {
  const totals = errorTotalsOf(scope, pieces, condition);
  if (totals === null) return null;
  return sql`select series_id, reason, fingerprint, sum(count) as count,
      min(first_seen_at) as first_seen_at, max(last_seen_at) as last_seen_at
    from (${totals}) as parts group by series_id, reason, fingerprint`;
}

/** It stands in the totals of its hour, of its day, or of all time: asked for by their key, so that none is searched. */
export async function newestOf(
  { queries, guildId }: Scope,
  { series_id, reason, fingerprint, last_seen_at }: ErrorGroup,
): Promise<ErrorGroup['newest']> {
  const found = await queries
    .selectFrom('error_totals')
    .select(['message', 'trace_id'])
    .where(ofGuild(guildId))
    .where('series_id', '=', series_id)
    .where('reason', '=', reason)
    .where(sql<SqlBool>`fingerprint || '' = ${fingerprint}`)
    .where('last_seen_at', '=', last_seen_at)
    // The key, written so that neither database takes the index of fingerprints, which holds every hour there ever was.
    .where('step', 'in', ['hour', 'day', 'all'])
    .where('start_at', 'in', [floorTo(last_seen_at, HOUR_MS), floorTo(last_seen_at, DAY_MS), 0])
    .limit(1)
    .executeTakeFirst();
  return found ?? null;
}

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

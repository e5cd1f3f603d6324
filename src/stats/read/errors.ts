import type { Step } from '../database/schema';
import { ofGuild } from '../mark';
import type { ErrorStats } from '../stats';
import type { Piece, Span } from './range';
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
  const steps = pieces.filter(({ source }) => source !== 'singles');
  for (const { source, ...span } of steps) await addTotals(scope, source as Step, span, groups);
  for (const row of singles) if (row.outcome === 'failed') add(groups, groupOf(row));
  const top = [...groups.values()]
    .sort((a, b) => b.count - a.count || b.last_seen_at - a.last_seen_at)
    .slice(0, TOP_ERRORS);
  for (const group of top) group.newest ??= await newestOf(scope, group);
  return top.map((group) => statsOf(scope, group));
}

/** Without messages: most groups do not come to be shown. */
async function addTotals(
  scope: Scope,
  step: Step,
  span: Span,
  groups: Map<string, ErrorGroup>,
): Promise<void> {
  const all = scope.queries
    .selectFrom('error_totals')
    .select(['series_id', 'reason', 'fingerprint'])
    .select(({ fn }) => [
      fn.sum<number>('count').as('count'),
      fn.min<number>('first_seen_at').as('first_seen_at'),
      fn.max<number>('last_seen_at').as('last_seen_at'),
    ])
    .where(ofGuild(scope.guildId))
    .where('step', '=', step)
    .where(within('start_at', span))
    .groupBy(['series_id', 'reason', 'fingerprint']);
  const rows = scope.narrowed ? all.where('series_id', 'in', seriesIdsOf(scope)) : all;
  for (const row of await rows.execute()) add(groups, { newest: null, ...row });
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

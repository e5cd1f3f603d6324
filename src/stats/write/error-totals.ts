import type { Database, Queries } from '../database/database';
import { integerAt, listIn, textAt } from '../database/json-list';
import type { Place } from './cells';
import { insertAll, run, insertInto } from './statements';

/** Failures of one place that are the same. */
export interface ErrorCell extends Place {
  readonly reason: string;
  /** Empty for all that came when there were too many different ones. */
  readonly fingerprint: string;
  readonly message: string;
  readonly traceId: string;
  readonly count: number;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
}

/** Failures by what makes them one. */
export interface ErrorCells {
  add(cell: ErrorCell): void;
  size(): number;
  sorted(): readonly ErrorCell[];
}

/** Different failures that are kept apart in one stretch of time; a bug could make up new ones without end. */
const MAXIMUM_APART = 1000;
const OTHER_ERRORS = 'Other errors';

const ERROR_TOTALS = insertInto(
  'error_totals',
  [
    'guild_id',
    'step',
    'start_at',
    'series_id',
    'reason',
    'fingerprint',
    'message',
    'trace_id',
    'count',
    'first_seen_at',
    'last_seen_at',
  ],
  `on conflict (guild_id, step, start_at, series_id, reason, fingerprint) do update set
    count = error_totals.count + excluded.count,
    message = ${newer('message')},
    trace_id = ${newer('trace_id')},
    first_seen_at = case when excluded.first_seen_at < error_totals.first_seen_at
      then excluded.first_seen_at else error_totals.first_seen_at end,
    last_seen_at = ${newer('last_seen_at')}`,
);

export function createErrorCells(): ErrorCells {
  const cells = new Map<string, ErrorCell>();
  return {
    add(cell) {
      const key = keyOf(cell);
      const known = cells.get(key);
      cells.set(key, known === undefined ? cell : merged(known, cell));
    },
    size: () => cells.size,
    sorted: () => [...cells.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, cell]) => cell),
  };
}

/** Adds failures to their totals. Whoever calls it holds the lock on totals. */
export async function addToErrorTotals(
  queries: Queries,
  kind: Database['kind'],
  errors: ErrorCells,
): Promise<void> {
  const fitting = await fit(queries, kind, errors.sorted());
  await insertAll(queries, kind, ERROR_TOTALS, fitting.map(valuesOf));
}

/** Puts together what is new where there are too many different ones already. */
async function fit(
  queries: Queries,
  kind: Database['kind'],
  cells: readonly ErrorCell[],
): Promise<readonly ErrorCell[]> {
  if (cells.length === 0) return cells;
  const known = new Set((await readKnown(queries, kind, cells)).map(keyOf));
  const apart = new Map((await countApart(queries, kind, cells)).map((row) => [stretchOf(row), row.apart]));
  const fitting = createErrorCells();
  for (const cell of cells) {
    const isNew = cell.fingerprint !== '' && !known.has(keyOf(cell));
    const others = apart.get(stretchOf(cell)) ?? 0;
    if (isNew) apart.set(stretchOf(cell), others + 1);
    const tooMany = isNew && others >= MAXIMUM_APART;
    fitting.add(tooMany ? { ...cell, fingerprint: '', message: OTHER_ERRORS } : cell);
  }
  return fitting.sorted();
}

type Known = Place & { readonly reason: string; readonly fingerprint: string };

function readKnown(
  queries: Queries,
  kind: Database['kind'],
  cells: readonly ErrorCell[],
): Promise<readonly Known[]> {
  const sql = `select cast(guild_id as text) as "guildId", step, start_at as "startAt", series_id as "seriesId",
      reason, fingerprint
    from ${listIn(kind)} cross join error_totals
    where guild_id = ${integerAt(0)} and step = ${textAt(1)} and start_at = ${integerAt(2)}
      and series_id = ${integerAt(3)} and reason = ${textAt(4)} and fingerprint = ${textAt(5)}`;
  const list = cells.map(({ guildId, step, startAt, seriesId, reason, fingerprint }) => [
    guildId,
    step,
    startAt,
    seriesId,
    reason,
    fingerprint,
  ]);
  return run<Known>(queries, sql, [JSON.stringify(list)]);
}

type Stretch = Pick<Place, 'guildId' | 'step' | 'startAt'>;

/** How many different failures each stretch of time has. */
function countApart(
  queries: Queries,
  kind: Database['kind'],
  cells: readonly ErrorCell[],
): Promise<readonly (Stretch & { readonly apart: number })[]> {
  const sql = `select ${textAt(0)} as "guildId", ${textAt(1)} as step, ${integerAt(2)} as "startAt",
      (select count(*) from error_totals
        where guild_id = ${integerAt(0)} and step = ${textAt(1)} and start_at = ${integerAt(2)}
          and fingerprint <> '') as apart
    from ${listIn(kind)}`;
  const stretches = new Map(cells.map((cell) => [stretchOf(cell), [cell.guildId, cell.step, cell.startAt]]));
  return run(queries, sql, [JSON.stringify([...stretches.values()])]);
}

function stretchOf({ guildId, step, startAt }: Stretch): string {
  return `${guildId} ${step} ${startAt}`;
}

function keyOf(cell: Known): string {
  return `${stretchOf(cell)} ${cell.seriesId} ${cell.reason} ${cell.fingerprint}`;
}

function merged(a: ErrorCell, b: ErrorCell): ErrorCell {
  return {
    ...(b.lastSeenAt >= a.lastSeenAt ? b : a),
    count: a.count + b.count,
    firstSeenAt: Math.min(a.firstSeenAt, b.firstSeenAt),
  };
}

/** The value of whichever was seen last. */
function newer(column: string): string {
  return `case when excluded.last_seen_at >= error_totals.last_seen_at
    then excluded.${column} else error_totals.${column} end`;
}

function valuesOf(cell: ErrorCell): (string | number)[] {
  return [
    cell.guildId,
    cell.step,
    cell.startAt,
    cell.seriesId,
    cell.reason,
    cell.fingerprint,
    cell.message,
    cell.traceId,
    cell.count,
    cell.firstSeenAt,
    cell.lastSeenAt,
  ];
}

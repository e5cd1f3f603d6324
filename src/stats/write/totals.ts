import type { Database, Queries } from '../database/database';
import { integerAt, listIn, textAt } from '../database/json-list';
import { encodeDetails, mergeDetails, type Tally } from '../tally';
import type { Cell, Cells, Place } from './cells';
import { insertAll, run, insertInto } from './statements';

/** A row of totals, but for its id. */
export interface StoredTotals {
  readonly guild_id: string;
  readonly step: Place['step'];
  readonly start_at: number;
  readonly series_id: number;
  readonly ok: number;
  readonly refused: number;
  readonly failed: number;
  readonly last_used_at: number;
  readonly details: Uint8Array;
}

export const TOTALS_COLUMNS = `totals.ok, totals.refused, totals.failed, totals.last_used_at, totals.details,
  totals.step, totals.start_at, totals.series_id, cast(totals.guild_id as text) as guild_id`;

const TOTALS = insertInto(
  'totals',
  ['guild_id', 'step', 'start_at', 'series_id', 'ok', 'refused', 'failed', 'last_used_at', 'details'],
  `on conflict (guild_id, step, start_at, series_id) do update set
    ok = excluded.ok, refused = excluded.refused, failed = excluded.failed,
    last_used_at = excluded.last_used_at, details = excluded.details`,
);

/** Adds what was counted to the rows of totals. Whoever calls it holds the lock on totals. */
export async function addToTotals(queries: Queries, kind: Database['kind'], cells: Cells): Promise<void> {
  await writeTotals(queries, kind, await prepareTotals(queries, kind, cells, cells.sorted()));
}

/** A row of totals as it will be. */
export type PreparedTotals = readonly (string | number | Uint8Array)[];

/** Adds up what was counted and what is stored, for some of the cells, which takes far longer than to write it. */
export async function prepareTotals(
  queries: Queries,
  kind: Database['kind'],
  cells: Cells,
  some: readonly Cell[],
): Promise<readonly PreparedTotals[]> {
  for (const row of await readTotals(queries, kind, some)) mergeStored(cells.at(placeOf(row)), row);
  return some.map(valuesOf);
}

/** Writes rows that nobody else has changed since they were prepared. Whoever calls it holds the lock on totals. */
export function writeTotals(
  queries: Queries,
  kind: Database['kind'],
  rows: readonly PreparedTotals[],
): Promise<void> {
  return insertAll(queries, kind, TOTALS, rows);
}

/** Adds a row of totals. */
export function mergeStored(tally: Tally, row: StoredTotals): void {
  tally.ok += row.ok;
  tally.refused += row.refused;
  tally.failed += row.failed;
  tally.lastUsedAt = Math.max(tally.lastUsedAt, row.last_used_at);
  mergeDetails(tally, row.details);
}

function readTotals(
  queries: Queries,
  kind: Database['kind'],
  places: readonly Place[],
): Promise<readonly StoredTotals[]> {
  const sql = `select ${TOTALS_COLUMNS} from ${listIn(kind)} cross join totals
    where totals.guild_id = ${integerAt(0)} and totals.step = ${textAt(1)}
      and totals.start_at = ${integerAt(2)} and totals.series_id = ${integerAt(3)}`;
  const list = places.map(({ guildId, step, startAt, seriesId }) => [guildId, step, startAt, seriesId]);
  return run<StoredTotals>(queries, sql, [JSON.stringify(list)]);
}

function placeOf({ guild_id, step, start_at, series_id }: StoredTotals): Place {
  return { guildId: guild_id, step, startAt: start_at, seriesId: series_id };
}

function valuesOf({ guildId, step, startAt, seriesId, tally }: Cell): PreparedTotals {
  const { ok, refused, failed, lastUsedAt } = tally;
  return [guildId, step, startAt, seriesId, ok, refused, failed, lastUsedAt, encodeDetails(tally)];
}

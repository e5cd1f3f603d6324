import type { Database, Queries } from '../database/database';
import { EVERYWHERE } from '../database/schema';
import { readMark } from '../mark';
import type { Cells } from './cells';
import { createCounter, hourEverywhere, type Counter } from './count';
import { addToErrorTotals, type ErrorCells } from './error-totals';
import { highestSettledId, tryToLockTotals } from './locks';
import { moveMark } from './marks';
import { directly, type RunPiece } from './pieces';
import { readAutocompletion, selectRows, type RolledUpRow } from './rows';
import { prepareTotals, writeTotals, type PreparedTotals } from './totals';

/** Rows that are counted in one piece. */
const PIECE_ROWS = 1000;
/** Places after which no more rows are counted: to write them takes one piece. */
const MAXIMUM_PLACES = 1000;
/** Totals that are put together in one piece. */
const PIECE_TOTALS = 100;

/**
 * Adds the next rows, about `limit` of them at most, to the totals of everywhere, and moves the mark behind them, all or
 * nothing: so each row is counted once, by whichever process comes first. Gives how many rows there were: 0 if
 * there are none for now, or if another process was faster.
 */
export async function rollUp(
  database: Database,
  limit: number,
  runPiece: RunPiece = directly,
): Promise<number> {
  const pieces = rollUpPieces(database, limit);
  for (;;) {
    const { done, value } = await runPiece(() => pieces.next());
    if (done) return value;
  }
}

/**
 * The same, piece by piece: others may write between them. Everything is put together outside of any transaction that
 * writes. It holds as long as the mark stands where it stood: no row beyond it is ever changed or removed, and whoever
 * changes the totals of everywhere moves it.
 */
export async function* rollUpPieces(database: Database, limit: number): AsyncGenerator<undefined, number> {
  if ((await pending(database)) === 0) return 0;
  const upTo = await highestSettledId(database);
  if (upTo === null) return 0;
  const { lastId: from } = await database.read((queries) => readMark(queries, EVERYWHERE));
  const counter = createCounter(hourEverywhere);
  const { counted, to } = yield* countPieces(database, counter, { from, upTo, limit });
  if (counted === 0) return 0;
  yield;
  const { cells, errors } = counter.finish(await database.read(readAutocompletion));
  const totals = yield* preparePieces(database, cells);
  yield;
  return (await write(database, { totals, errors, from, to })) ? counted : 0;
}

async function* countPieces(
  database: Database,
  counter: Counter,
  { from, upTo, limit }: { readonly from: number; readonly upTo: number; readonly limit: number },
): AsyncGenerator<undefined, { readonly counted: number; readonly to: number }> {
  let to = from;
  let counted = 0;
  for (let taken = PIECE_ROWS; taken === PIECE_ROWS && counted < limit;) {
    yield;
    const most = Math.min(PIECE_ROWS, limit - counted);
    const rows = await database.read((queries) => readRows(queries, to, upTo, most));
    taken = addUntilFull(counter, rows);
    counted += taken;
    to = rows[taken - 1]?.id ?? to;
  }
  return { counted, to };
}

async function* preparePieces(
  database: Database,
  cells: Cells,
): AsyncGenerator<undefined, readonly PreparedTotals[]> {
  const sorted = cells.sorted();
  const totals: PreparedTotals[] = [];
  for (let from = 0; from < sorted.length; from += PIECE_TOTALS) {
    yield;
    const some = sorted.slice(from, from + PIECE_TOTALS);
    totals.push(...(await database.read((queries) => prepareTotals(queries, database.kind, cells, some))));
  }
  return totals;
}

/** About how many rows wait to be rolled up: exact unless some of them were removed. */
export async function pending(database: Database): Promise<number> {
  const { lastId, highestId } = await database.read((queries) => readMark(queries, EVERYWHERE));
  return Math.max(0, highestId - lastId);
}

function readRows(queries: Queries, from: number, upTo: number, limit: number): Promise<RolledUpRow[]> {
  return selectRows(queries)
    .where('id', '>', from)
    .where('id', '<=', upTo)
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Gives how many rows it took. */
function addUntilFull(counter: Counter, rows: readonly RolledUpRow[]): number {
  let taken = 0;
  for (const row of rows) {
    if (counter.size() >= MAXIMUM_PLACES) break;
    counter.add(row);
    taken += 1;
  }
  return taken;
}

/** What a roll-up changes. */
interface Work {
  readonly totals: readonly PreparedTotals[];
  readonly errors: ErrorCells;
  readonly from: number;
  readonly to: number;
}

/** Gives false, and changes nothing, if another process has moved the mark. */
function write(database: Database, { totals, errors, from, to }: Work): Promise<boolean> {
  const { kind } = database;
  return database.write(async (queries) => {
    if (!(await tryToLockTotals(queries, kind))) return false;
    const { lastId } = await readMark(queries, EVERYWHERE);
    if (lastId !== from) return false;
    await writeTotals(queries, kind, totals);
    await addToErrorTotals(queries, kind, errors);
    await moveMark(queries, kind, EVERYWHERE, to);
    return true;
  });
}

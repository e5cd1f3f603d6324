import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Database, Queries } from '../database/database';
import { listIn, textAt } from '../database/json-list';
import { EVERYWHERE } from '../database/schema';
import { ofGuild, readMark } from '../mark';
import { dayOfGuild } from './count';
import { lockTotals } from './locks';
import { directly, type RunPiece } from './pieces';
import { removeRows, selectRemoved } from './remove';
import { rollUp } from './roll-up';
import { run } from './statements';

const ROLL_UP_ROWS = 10_000;
/** Rows that are removed in one piece: those of a user may have to be added to as many totals. */
const REMOVED_OF_USER = 150;
const REMOVED_OF_GUILD = 1000;
/** Without an index of users, rows are looked through. */
const SEARCHED_ROWS = 20_000;
/** Another process may be rolling up. */
const ROLL_UP_TRIES = 200;
const PAUSE_MS = 50;

/**
 * Removes the single rows of a user, by the hash, that are there now. They are counted first: totals stay as they are, and
 * name nobody. Gives how many rows there were. If it breaks off, doing it again comes to the same end.
 */
export async function forgetUser(database: Database, hash: string, runPiece = directly): Promise<number> {
  const { first, last } = await runPiece(() => database.read(idRange));
  await countUpTo(database, last, runPiece);
  let removed = 0;
  for (let from = first; from <= last;) {
    const to = Math.min(last, from + SEARCHED_ROWS - 1);
    const ids = await runPiece(() => removeOfUser(database, hash, from, to));
    removed += ids.length;
    from = 1 + (ids.length < REMOVED_OF_USER ? to : (ids.at(-1) ?? to));
  }
  return removed;
}

/**
 * Removes what is kept of a server: the single rows that are there now, and its totals; the totals of everywhere name
 * no server, and stay. Gives how many single rows there were. If it breaks off, doing it again comes to the same end.
 */
export async function forgetGuild(database: Database, guildId: string, runPiece = directly): Promise<number> {
  if (guildId === EVERYWHERE) throw new RangeError('The totals of everywhere belong to no server.');
  const { last } = await runPiece(() => database.read(idRange));
  await countUpTo(database, last, runPiece);
  let removed = 0;
  for (let deleted = REMOVED_OF_GUILD; deleted >= REMOVED_OF_GUILD;) {
    deleted = await runPiece(() =>
      database.write((queries) => deleteOfGuild(queries, 'invocations', guildId, last)),
    );
    removed += deleted;
  }
  while (await runPiece(() => removeTotalsOf(database, guildId)));
  return removed;
}

/** Rolls up until every row up to that id is in the totals of everywhere: what counts there may be removed then. */
async function countUpTo(database: Database, last: number, runPiece: RunPiece): Promise<void> {
  for (let tries = 0; tries < ROLL_UP_TRIES;) {
    const { lastId } = await runPiece(() => database.read((queries) => readMark(queries, EVERYWHERE)));
    if (lastId >= last) return;
    if ((await rollUp(database, ROLL_UP_ROWS, runPiece)) > 0) continue;
    tries += 1;
    await sleep(PAUSE_MS);
  }
  throw new Error('Another process has been rolling up the statistics for too long: try again later.');
}

/** Of the rows there are; first > last where there are none. */
async function idRange(queries: Queries): Promise<{ readonly first: number; readonly last: number }> {
  const found = await queries
    .selectFrom('invocations')
    .select(({ fn }) => [fn.min('id').as('first'), fn.max('id').as('last')])
    .executeTakeFirst();
  return { first: found?.first ?? 1, last: found?.last ?? 0 };
}

/** Gives the ids of those that were removed, in their order. */
function removeOfUser(
  database: Database,
  hash: string,
  from: number,
  to: number,
): Promise<readonly number[]> {
  const { kind } = database;
  return database.write(async (queries) => {
    await lockTotals(queries, kind);
    const rows = await selectRemoved(queries)
      .where('id', '>=', from)
      .where('id', '<=', to)
      .where('user_hash', '=', hash)
      .orderBy('id')
      .limit(REMOVED_OF_USER)
      .execute();
    await removeRows(queries, kind, rows, dayOfGuild);
    await forgetErrors(
      queries,
      kind,
      rows.flatMap(({ trace_id }) => trace_id ?? []),
    );
    return rows.map(({ id }) => id);
  });
}

/** Of each kind of error the newest one stands in the totals: not if it was one of these. */
async function forgetErrors(
  queries: Queries,
  kind: Database['kind'],
  traceIds: readonly string[],
): Promise<void> {
  if (traceIds.length === 0) return;
  const sql = `update error_totals set message = 'Forgotten', trace_id = ''
    where trace_id in (select ${textAt(0)} from ${listIn(kind)})`;
  await run(queries, sql, [JSON.stringify(traceIds.map((traceId) => [traceId]))]);
}

/**
 * Gives whether there are more. The mark goes with the last of them, so that rows that came meanwhile are in totals or
 * beyond the mark, never both.
 */
function removeTotalsOf(database: Database, guildId: string): Promise<boolean> {
  return database.write(async (queries) => {
    await lockTotals(queries, database.kind);
    for (const table of ['totals', 'error_totals'] as const) {
      if ((await deleteOfGuild(queries, table, guildId)) >= REMOVED_OF_GUILD) return true;
    }
    await queries.deleteFrom('roll_ups').where(ofGuild(guildId)).execute();
    return false;
  });
}

async function deleteOfGuild(
  queries: Queries,
  table: 'invocations' | 'totals' | 'error_totals',
  guildId: string,
  lastId?: number,
): Promise<number> {
  const from = sql.table(table);
  const bound = lastId === undefined ? sql`1 = 1` : sql`id + 0 <= ${lastId}`;
  const { numAffectedRows } = await sql`delete from ${from} where id in (
    select id from ${from} where ${ofGuild(guildId)} and ${bound} limit ${REMOVED_OF_GUILD})`.execute(
    queries,
  );
  return Number(numAffectedRows);
}

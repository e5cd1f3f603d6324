import type { Database, Queries } from '../database/database';
import { run } from './statements';

/**
 * Advisory locks, for PostgreSQL: SQLite lets one transaction write at a time anyway. Any numbers, the same in every
 * process that shares a database.
 */
const INSERTING = 7_355_610;
const TOTALS = 7_355_611;

/** Whoever was frozen in the middle of an insert must not hold up the inserts of all others behind a roll-up. */
const PATIENCE = '250ms';
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * A table of one row, to be selected from by the first statement of a transaction that inserts rows: that takes the
 * lock, which any number of processes may hold at once; see `highestSettledId`.
 */
export function insertingLock(kind: Database['kind']): string {
  return kind === 'postgres'
    ? `(select pg_advisory_xact_lock_shared(${INSERTING})) as inserting`
    : '(select 1) as inserting';
}

/**
 * The newest row's id such that no smaller one can still come; null if that cannot be told now. PostgreSQL hands out
 * ids before transactions end: only when nobody is inserting, for a moment, are all of them seen.
 */
export async function highestSettledId(database: Database): Promise<number | null> {
  if (database.kind === 'sqlite') return database.read(highestId);
  try {
    return await database.write(async (queries) => {
      await run(queries, `set local lock_timeout = '${PATIENCE}'`, []);
      await run(queries, `select pg_advisory_xact_lock(${INSERTING})`, []);
      return highestId(queries);
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === LOCK_NOT_AVAILABLE) return null;
    throw error;
  }
}

/** Whoever changes totals holds it to the end of the transaction. */
export async function lockTotals(queries: Queries, kind: Database['kind']): Promise<void> {
  if (kind === 'postgres') await run(queries, `select pg_advisory_xact_lock(${TOTALS})`, []);
}

/** The same, but gives false at once where another process holds it. */
export async function tryToLockTotals(queries: Queries, kind: Database['kind']): Promise<boolean> {
  if (kind === 'sqlite') return true;
  const sql = `select pg_try_advisory_xact_lock(${TOTALS}) as locked`;
  return (await run<{ locked: boolean }>(queries, sql, []))[0]?.locked ?? false;
}

async function highestId(queries: Queries): Promise<number> {
  const found = await queries
    .selectFrom('invocations')
    .select(({ fn }) => fn.max('id').as('id'))
    .executeTakeFirst();
  return found?.id ?? 0;
}

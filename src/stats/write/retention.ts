import { sql, type SqlBool } from 'kysely';
import type { Database, Queries } from '../database/database';
import { EVERYWHERE } from '../database/schema';
import { readMark } from '../mark';
import { createCells } from './cells';
import { allTimeOfGuild } from './count';
import { addToErrorTotals, createErrorCells, type ErrorCell } from './error-totals';
import { lockTotals } from './locks';
import { removeRows, selectRemoved } from './remove';
import { deleteRows, run } from './statements';
import { addToTotals, mergeStored, TOTALS_COLUMNS, type StoredTotals } from './totals';
import { DAY_MS } from '../time-steps';

export interface PruneOptions {
  /** What is older goes; milliseconds since the epoch. */
  readonly before: number;
  /** At most so many single rows at once. */
  readonly limit: number;
}

/** A process that is away for longer has nothing to send a second time. */
const WRITERS_REMEMBERED_MS = 7 * DAY_MS;
/** Totals cost more to put together than rows to delete. */
const FOLDED_SHARE = 0.25;

/**
 * Removes one piece of what is old: single rows that the totals of everywhere hold, and servers' days, which are put
 * together into one row for all older time. A quiet server's rows that were never rolled up go there too. Gives
 * whether there is more.
 */
export async function prune(database: Database, { before, limit }: PruneOptions): Promise<boolean> {
  if (await pruneRows(database, before, limit)) return true;
  const foldLimit = Math.ceil(limit * FOLDED_SHARE);
  if (await foldDays(database, before - DAY_MS, foldLimit)) return true;
  if (await foldErrorDays(database, before - DAY_MS, foldLimit)) return true;
  await pruneWriters(database);
  return false;
}

function pruneRows(database: Database, before: number, limit: number): Promise<boolean> {
  const { kind } = database;
  return database.write(async (queries) => {
    await lockTotals(queries, kind);
    const { lastId } = await readMark(queries, EVERYWHERE);
    const rows = await selectRemoved(queries)
      .where('at', '<', before)
      .where(sql<SqlBool>`id + 0 <= ${lastId}`)
      .orderBy('at')
      .limit(limit)
      .execute();
    await removeRows(queries, kind, rows, allTimeOfGuild);
    return rows.length >= limit;
  });
}

type Stored<Row> = Row & { readonly id: number };

/** @param lastStart of the newest days to put together. */
function foldDays(database: Database, lastStart: number, limit: number): Promise<boolean> {
  const { kind } = database;
  return database.write(async (queries) => {
    await lockTotals(queries, kind);
    const columns = `totals.id, ${TOTALS_COLUMNS}`;
    const days = await oldDays<Stored<StoredTotals>>(queries, kind, 'totals', columns, lastStart, limit);
    if (days.length === 0) return false;
    const cells = createCells();
    for (const day of days) {
      const place = { guildId: day.guild_id, step: 'all', startAt: 0, seriesId: day.series_id } as const;
      mergeStored(cells.at(place), day);
    }
    await deleteRows(queries, kind, 'totals', days);
    await addToTotals(queries, kind, cells);
    return days.length >= limit;
  });
}

const ERROR_COLUMNS = `error_totals.id, cast(error_totals.guild_id as text) as "guildId",
  error_totals.series_id as "seriesId", error_totals.reason, error_totals.fingerprint, error_totals.message,
  error_totals.trace_id as "traceId", error_totals.count,
  error_totals.first_seen_at as "firstSeenAt", error_totals.last_seen_at as "lastSeenAt"`;

function foldErrorDays(database: Database, lastStart: number, limit: number): Promise<boolean> {
  const { kind } = database;
  return database.write(async (queries) => {
    await lockTotals(queries, kind);
    const days = await oldDays<Stored<ErrorCell>>(
      queries,
      kind,
      'error_totals',
      ERROR_COLUMNS,
      lastStart,
      limit,
    );
    if (days.length === 0) return false;
    const errors = createErrorCells();
    for (const day of days) errors.add({ ...day, step: 'all', startAt: 0 });
    await deleteRows(queries, kind, 'error_totals', days);
    await addToErrorTotals(queries, kind, errors);
    return days.length >= limit;
  });
}

/** Old days of servers, found server by server through the index, without a look at the totals of everywhere. */
function oldDays<Row>(
  queries: Queries,
  kind: Database['kind'],
  table: 'totals' | 'error_totals',
  columns: string,
  lastStart: number,
  limit: number,
): Promise<readonly Row[]> {
  const [start, most] = kind === 'postgres' ? ['$1', '$2'] : ['?', '?'];
  const text = `with recursive guilds(id) as (
      select min(guild_id) from ${table} where guild_id > ${EVERYWHERE}
      union all
      select (select min(guild_id) from ${table} where guild_id > guilds.id) from guilds where guilds.id is not null)
    select ${columns} from guilds cross join ${table}
    where ${table}.guild_id = guilds.id and ${table}.step = 'day' and ${table}.start_at <= ${start}
    limit ${most}`;
  return run<Row>(queries, text, [lastStart, limit]);
}

/** By the clock of the process that wrote last, which is the only one that is known here. */
async function pruneWriters(database: Database): Promise<void> {
  await database.write((queries) =>
    queries
      .deleteFrom('writers')
      .where('seen_at', '<', (eb) =>
        eb.selectFrom('writers').select(sql<number>`max(seen_at) - ${WRITERS_REMEMBERED_MS}`.as('seen_at')),
      )
      .execute(),
  );
}

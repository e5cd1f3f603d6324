import { sql, type RawBuilder, type SqlBool } from 'kysely';
import type { Database, Queries } from '../database/database';
import { isNear, ofGuild, readMark, type Mark } from '../mark';
import { createCounter, dayOfGuild } from './count';
import { addToErrorTotals } from './error-totals';
import { highestSettledId, tryToLockTotals } from './locks';
import { moveMark } from './marks';
import { readAutocompletion, selectRows, type RolledUpRow } from './rows';
import { addToTotals } from './totals';

/**
 * Adds a server's next rows, at most `limit` of them, to its totals, and moves its mark behind them, all or nothing: so
 * each is counted once, by whichever process comes first. Gives how many there were: fewer than `limit` if there
 * are no more for now, or if another process is changing totals.
 */
export async function rollUpGuild(database: Database, guildId: string, limit: number): Promise<number> {
  const { kind } = database;
  const upTo = await highestSettledId(database);
  if (upTo === null) return 0;
  return database.write(async (queries) => {
    if (!(await tryToLockTotals(queries, kind))) return 0;
    const rows = await readRows(queries, guildId, upTo, limit);
    const last = rows.at(-1);
    if (last === undefined) return 0;
    const counter = createCounter(dayOfGuild);
    for (const row of rows) counter.add(row);
    const { cells, errors } = counter.finish(await readAutocompletion(queries));
    await addToTotals(queries, kind, cells);
    await addToErrorTotals(queries, kind, errors);
    await moveMark(queries, kind, guildId, last.id);
    return rows.length;
  });
}

/** Ids first: an index has them, so that the rows of before are not read. */
async function readRows(
  queries: Queries,
  guildId: string,
  upTo: number,
  limit: number,
): Promise<RolledUpRow[]> {
  const mark = await readMark(queries, guildId);
  return selectRows(queries)
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('invocations')
        .select('id')
        .where(beyond(mark, guildId))
        .where(sql<SqlBool>`id + 0 <= ${upTo}`)
        .orderBy(sql`id + 0`)
        .limit(limit),
    )
    .orderBy('id')
    .execute();
}

/** A condition for the rows that wait: where the mark is near they are looked for by that alone, or else by the server. */
function beyond(mark: Mark, guildId: string): RawBuilder<SqlBool> {
  return isNear(mark)
    ? sql<SqlBool>`id > ${mark.lastId} and ${ofGuild(guildId, 'guild_id + 0')}`
    : sql<SqlBool>`id + 0 > ${mark.lastId} and ${ofGuild(guildId)}`;
}

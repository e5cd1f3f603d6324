import { sql, type RawBuilder, type SqlBool } from 'kysely';
import type { Queries } from './database/database';

/** How far the totals of a server, or of EVERYWHERE, reach. */
export interface Mark {
  /** What is there up to this id is in the totals, and nothing of what is there beyond it. */
  readonly lastId: number;
  /** Of the newest row of all. */
  readonly highestId: number;
}

/** A busy server's mark is seldom farther away; to look through a quiet server's rows costs less than through these. */
const NEAR = 20_000;

export async function readMark(queries: Queries, guildId: string): Promise<Mark> {
  const mark = await queries
    .selectFrom('roll_ups')
    .select('last_id')
    .where(ofGuild(guildId))
    .executeTakeFirst();
  const newest = await queries
    .selectFrom('invocations')
    .select(({ fn }) => fn.max('id').as('id'))
    .executeTakeFirst();
  return { lastId: mark?.last_id ?? 0, highestId: newest?.id ?? 0 };
}

/** Whether so few rows, of whatever server, came since that they may all be looked through. */
export function isNear({ lastId, highestId }: Mark): boolean {
  return highestId - lastId <= NEAR;
}

/** A condition that holds for one server. Ids go in as text, for they do not fit a number. */
export function ofGuild(guildId: string, column = 'guild_id'): RawBuilder<SqlBool> {
  return sql<SqlBool>`${sql.raw(column)} = cast(${guildId} as bigint)`;
}

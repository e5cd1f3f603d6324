import { sql, type RawBuilder } from 'kysely';
import type { Database, Queries } from '../database/database';
import { insertInto, run } from './statements';

const MARKS = insertInto(
  'roll_ups',
  ['guild_id', 'last_id'],
  'on conflict (guild_id) do update set last_id = excluded.last_id',
);

/** Says that all up to this id is in the totals of a server, or of EVERYWHERE. Whoever calls it holds the lock on totals. */
export async function moveMark(
  queries: Queries,
  kind: Database['kind'],
  guildId: string,
  lastId: number,
): Promise<void> {
  await run(queries, MARKS.text(kind, 1), [guildId, lastId]);
}

/** The mark of the server that a single invocation belongs to; 0 where there is none. */
export function markOfItsGuild(): RawBuilder<number> {
  return sql<number>`coalesce(
    (select roll_ups.last_id from roll_ups where roll_ups.guild_id = invocations.guild_id), 0)`;
}

import type { Database } from '../database/database';
import { run } from './statements';

/** Some servers, in the order of their ids. */
export interface Swept {
  /** Those with enough rows that wait to be rolled up. */
  readonly due: readonly string[];
  /** Where to go on; null at the end. */
  readonly next: string | null;
}

export interface SweepOptions {
  /** What the piece before gave, EVERYWHERE to begin with. */
  readonly after: string;
  /** Servers to look at. */
  readonly limit: number;
  /** Rows of one server. */
  readonly enough: number;
}

/**
 * Looks for servers that have rows enough to be rolled up, some servers at a time: this process counts only what it writes
 * itself. Only a server's newest rows are looked at, twice as many as it takes; those that came late may be missed.
 */
export async function sweep(database: Database, { after, limit, enough }: SweepOptions): Promise<Swept> {
  const rows = await database.read((queries) =>
    run<{ guild_id: string; waiting: number }>(queries, sqlOf(database.kind), [after, limit, 2 * enough]),
  );
  return {
    due: rows.filter(({ waiting }) => waiting >= enough).map(({ guild_id }) => guild_id),
    next: rows.length < limit ? null : (rows.at(-1)?.guild_id ?? null),
  };
}

/** One server after the other through the index, whatever the number of rows. */
function sqlOf(kind: Database['kind']): string {
  const [after, guilds, rows] = kind === 'postgres' ? ['$1', '$2', '$3'] : ['?', '?', '?'];
  return `with recursive guilds(id, number) as (
      select min(guild_id), 1 from invocations where guild_id > ${after}
      union all
      select (select min(guild_id) from invocations where guild_id > guilds.id), number + 1
        from guilds where guilds.id is not null and number < ${guilds})
    select cast(guilds.id as text) as guild_id,
      (select count(*)
        from (select id from invocations where guild_id = guilds.id order by at desc limit ${rows}) as newest
        where newest.id > coalesce((select last_id from roll_ups where roll_ups.guild_id = guilds.id), 0)) as waiting
    from guilds where guilds.id is not null order by guilds.id`;
}

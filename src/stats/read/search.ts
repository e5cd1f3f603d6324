import { setImmediate } from 'node:timers/promises';
import type { Database, Queries } from '../database/database';
import type { StoredInvocation } from '../stats';
import { conditionsOf, type Asked } from './find';
import { readByIds } from './stored';

export interface SearchOptions {
  /** Milliseconds, from any beginning. */
  readonly monotonic: () => number;
  /** What was found by then is the answer. */
  readonly limitMs: number;
  /** The search ends with the range in which so many have been found. */
  readonly enough: number;
}

/** Ids that are looked through at a time: for tens of milliseconds at most. */
const RANGE = 50_000;

/**
 * Looks through the invocations from the newest on, range by range, and lets other questions have their turn after each.
 */
export async function searchNewest(
  database: Database,
  asked: Asked,
  { monotonic, limitMs, enough }: SearchOptions,
): Promise<StoredInvocation[]> {
  const deadline = monotonic() + limitMs;
  const { oldest, newest } = await database.read(readBounds);
  const found: StoredInvocation[] = [];
  for (let end = newest; end >= oldest && found.length < enough && monotonic() < deadline; end -= RANGE) {
    const limit = asked.limit - found.length;
    const range = { above: end - RANGE, upTo: end };
    found.push(...(await database.read((queries) => searchRange(queries, { ...asked, limit }, range))));
    await setImmediate();
  }
  return found;
}

/** Nothing is within the bounds of an empty table. */
async function readBounds(queries: Queries): Promise<{ readonly oldest: number; readonly newest: number }> {
  const ids = () => queries.selectFrom('invocations').select('id').limit(1);
  const oldest = await ids().orderBy('id').executeTakeFirst();
  const newest = await ids().orderBy('id', 'desc').executeTakeFirst();
  return { oldest: oldest?.id ?? 1, newest: newest?.id ?? 0 };
}

async function searchRange(
  queries: Queries,
  asked: Asked,
  range: { readonly above: number; readonly upTo: number },
): Promise<StoredInvocation[]> {
  const rows = await queries
    .selectFrom('invocations')
    .select('id')
    .where('id', '>', range.above)
    .where('id', '<=', range.upTo)
    // Not by the index of servers: it would be read from one end to the other for every range.
    .where(conditionsOf(asked, 'guild_id + 0'))
    .orderBy('id', 'desc')
    .limit(asked.limit)
    .execute();
  return readByIds(
    queries,
    rows.map(({ id }) => id),
  );
}

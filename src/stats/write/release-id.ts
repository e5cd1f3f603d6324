import type { Database, Queries } from '../database/database';
import { beginsAt, type Release } from '../release';

/** Gives the release's id, made where it is missing; remembered once it is known. */
export function createReleaseId(
  database: Database,
  release: Release,
  now: () => number,
): () => Promise<number> {
  let id: number | null = null;
  return async () => (id ??= await database.write((queries) => noteRelease(queries, release, now())));
}

/**
 * A release begins when the process was started, not with its first row: what it runs first lies behind that. While a
 * fleet is being updated, its older processes go on writing: their rows count with the new release, by their time.
 */
async function noteRelease(
  queries: Queries,
  { version, commit, startedAt }: Release,
  now: number,
): Promise<number> {
  await queries
    .insertInto('releases')
    .values({ version, commit_hash: commit, first_seen_at: now, started_at: startedAt })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await queries
    .updateTable('releases')
    .set({ started_at: startedAt })
    .where('version', '=', version)
    .where('commit_hash', '=', commit)
    .where(beginsAt(startedAt))
    .execute();
  const found = await queries
    .selectFrom('releases')
    .select('id')
    .where('version', '=', version)
    .where('commit_hash', '=', commit)
    .executeTakeFirstOrThrow();
  return found.id;
}

import type { Database } from '../database/database';

/** What runs: every row says which release it was. */
export interface Release {
  readonly version: string;
  readonly commit: string;
}

/** Gives the release's id, made where it is missing; remembered once it is known. */
export function createReleaseId(
  database: Database,
  { version, commit }: Release,
  now: () => number,
): () => Promise<number> {
  let id: number | null = null;
  return async () => (id ??= await makeReleaseId());

  function makeReleaseId(): Promise<number> {
    return database.write(async (queries) => {
      await queries
        .insertInto('releases')
        .values({ version, commit_hash: commit, first_seen_at: now() })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const found = await queries
        .selectFrom('releases')
        .select('id')
        .where('version', '=', version)
        .where('commit_hash', '=', commit)
        .executeTakeFirstOrThrow();
      return found.id;
    });
  }
}

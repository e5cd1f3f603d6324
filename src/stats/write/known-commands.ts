import type { Database } from '../database/database';
import { ALL_RUNS } from '../database/schema';

const LIMIT = 1000;

/** Full paths of the commands, and routes of the components, that have ever been counted. */
export function knownCommands(database: Database): Promise<readonly string[]> {
  return database.read(async (queries) => {
    const rows = await queries
      .selectFrom('series')
      .select('command')
      .distinct()
      .where('id', '!=', ALL_RUNS)
      .limit(LIMIT)
      .execute();
    return rows.map(({ command }) => command);
  });
}

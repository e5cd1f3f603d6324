import type { Database } from '../database/database';

const LIMIT = 1000;

/** Full paths of the commands that have ever been counted; components and autocompletion apart. */
export function knownCommands(database: Database): Promise<readonly string[]> {
  return database.read(async (queries) => {
    const rows = await queries
      .selectFrom('series')
      .select('command')
      .distinct()
      .where('kind', 'in', ['chat_input', 'user_menu', 'message_menu', 'text'])
      .where('command', '!=', '_other')
      .limit(LIMIT)
      .execute();
    return rows.map(({ command }) => command);
  });
}

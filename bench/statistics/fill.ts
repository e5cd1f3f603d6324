import { Client } from 'pg';
import type { Database } from '../../src/stats/database/database';
import { openDatabase } from '../../src/stats/database/open';
import { createUserHash } from '../../src/stats/user-hash';
import { createChores } from '../../src/stats/write/chores';
import { createInserter } from '../../src/stats/write/insert';
import { createRows } from './rows';

const BATCH_ROWS = 1_000;
/** Nothing is removed. */
const RETENTION_DAYS = 36_500;

/** Fills an empty database the way the bot does, batches of rows and chores between them. Gives how many it wrote. */
export async function fill(
  options: { readonly url: string; readonly rows: number; readonly hashKey: Uint8Array },
  progress: (share: number) => void,
): Promise<number> {
  const database = await openDatabase({ url: options.url, role: 'write', now: Date.now });
  try {
    if (!(await isEmpty(database))) return 0;
    const inserter = createInserter({
      database,
      hashUser: createUserHash(options.hashKey),
      now: Date.now,
      writerId: 'bench',
      release: { version: '0.0.0', commit: 'bench', startedAt: 0 },
    });
    const chores = createChores({ retentionDays: RETENTION_DAYS, now: Date.now });
    const source = createRows(options.rows, Date.now());
    for (let written = 0; written < options.rows;) {
      const count = Math.min(BATCH_ROWS, options.rows - written);
      const rows = Array.from({ length: count }, (_, index) => source.at(written + index));
      await inserter.write({ seq: written / BATCH_ROWS + 1, rows });
      written += count;
      chores.wrote(rows);
      while (await chores.doOne(database));
      progress(written / options.rows);
    }
    // As the server does by itself some minutes later.
    if (database.kind === 'postgres') await tidyUp(options.url);
    return options.rows;
  } finally {
    await database.close();
  }
}

function isEmpty(database: Database): Promise<boolean> {
  return database.read(async (queries) => {
    const first = await queries.selectFrom('invocations').select('id').limit(1).executeTakeFirst();
    return first === undefined;
  });
}

async function tidyUp(url: string): Promise<void> {
  const client = new Client(url);
  await client.connect();
  await client.query('vacuum analyze');
  await client.query('checkpoint');
  await client.end();
}

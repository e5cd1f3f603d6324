import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import type { Database, Queries } from '../../../src/stats/database/database';
import { openDatabase, type OpenOptions } from '../../../src/stats/database/open';
import { describeDatabaseError, type DatabaseErrorDescription } from '../../../src/stats/database/errors';

/** A directory for the tests of one file, removed after them. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'telltale-database-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Opens databases that are closed after each test, if the test did not. */
export function opener(): (url: string, options?: Partial<OpenOptions>) => Promise<Database> {
  let open: Database[] = [];
  afterEach(async () => {
    await Promise.all(open.map((database) => database.close().catch(() => undefined)));
    open = [];
  });
  return async (url, options = {}) => {
    const database = await openDatabase({ url, role: 'write', now: Date.now, ...options });
    open.push(database);
    return database;
  };
}

export const INVOCATION = {
  at: 1_795_268_000_123,
  series_id: 1,
  outcome: 'ok',
  reason: null,
  fingerprint: null,
  message: null,
  guild_id: null as string | null,
  user_hash: null,
  duration_seconds: 0.25,
  ack_seconds: null,
  trace_id: 'a'.repeat(32),
  shard: 0,
  release_id: 1,
};

export async function insert(queries: Queries, values: Partial<typeof INVOCATION> = {}): Promise<void> {
  await queries
    .insertInto('invocations')
    .values({ ...INVOCATION, ...values })
    .execute();
}

/** How many invocations there are. */
export async function count(queries: Queries): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from invocations`.execute(queries);
  return rows[0]!.count;
}

/** What somebody would be told about a failure. */
export async function problemOf(work: Promise<unknown>): Promise<DatabaseErrorDescription> {
  try {
    await work;
  } catch (error) {
    return describeDatabaseError(error);
  }
  throw new Error('It did not fail.');
}

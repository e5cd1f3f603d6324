import { sql } from 'kysely';
import type { Database, Queries } from './database';
import { DatabaseProblem, isMissingTable } from './errors';
import type { Migration } from './migrations/migration';
import { MIGRATIONS } from './migrations';

/** Any number, the same in every process that starts on one database. */
const LOCK = 7_355_608;

/**
 * Brings the tables up to date, forwards only and all or nothing, however many processes start at once. Rejects, and
 * changes nothing, if the database is of a newer version than this one knows.
 */
export async function migrate(
  database: Database,
  now: () => number,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  const latest = migrations.length;
  if ((await versionOf(database)) === latest) return;
  await database.write(async (queries) => {
    if (database.kind === 'postgres') await sql`select pg_advisory_xact_lock(${LOCK})`.execute(queries);
    await sql`create table if not exists telltale_schema (
      version integer primary key, applied_at bigint not null)`.execute(queries);
    // Whoever held the lock before us may have done it all.
    const version = await readVersion(queries);
    refuseNewer(version, latest);
    for (const [index, migration] of migrations.entries()) {
      if (index < version) continue;
      await migration(queries, database.kind);
      await sql`insert into telltale_schema (version, applied_at) values (${index + 1}, ${now()})`.execute(
        queries,
      );
    }
  });
}

/** Rejects unless the tables are those of this version. Changes nothing. */
export async function requireCurrentSchema(
  database: Database,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  const version = await versionOf(database);
  refuseNewer(version, migrations.length);
  if (version < migrations.length) {
    throw new DatabaseProblem(
      'away',
      `The tables of the database are not up to date yet: schema ${version}, ${migrations.length} is needed.`,
    );
  }
}

async function versionOf(database: Database): Promise<number> {
  try {
    return await database.read(readVersion);
  } catch (error) {
    if (isMissingTable(error)) return 0;
    throw error;
  }
}

async function readVersion(queries: Queries): Promise<number> {
  const { rows } = await sql<{
    version: number;
  }>`select coalesce(max(version), 0) as version from telltale_schema`.execute(queries);
  return rows[0]?.version ?? 0;
}

function refuseNewer(version: number, latest: number): void {
  if (version <= latest) return;
  throw new DatabaseProblem(
    'newer_schema',
    `The database has schema ${version}; this version of Telltale knows ${latest}: ` +
      'run the newer Telltale, or use another database.',
  );
}

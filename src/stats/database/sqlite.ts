import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kysely, SqliteDialect } from 'kysely';
import type { Database, Queries, Role } from './database';
import { DatabaseProblem, describeDatabaseError, isCorruption } from './errors';
import type { Gate } from '../../thread-gate';
import type { Tables } from './schema';
import { setAside } from './set-aside';
import { openLibsql, type LibsqlAdapter } from './sqlite-adapter';

export interface SqliteOptions {
  /** Absolute. */
  readonly path: string;
  readonly role: Role;
  readonly now: () => number;
  readonly onSetAside: (moved: { readonly from: string; readonly to: string }) => void;
  readonly gate: Gate;
}

const OPENING_TIMEOUT_MS = 1000;
const OPENING_PAUSE_MS = 10;
/** The writer tries again by itself; who asks a question waits for the answer. */
const TIMEOUT_MS: Readonly<Record<Role, number>> = { write: 250, read: 1000 };
const CACHE_KIB = 16_384;

/**
 * Opens an SQLite file; the writer makes it where there is none, and its directory. A file that is damaged or no
 * database is set aside by the writer: at once if that shows, or else when the connection that met the damage is closed.
 */
export async function openSqlite(options: SqliteOptions): Promise<Database> {
  const { path: file, role, gate } = options;
  const connection = await patiently(() =>
    role === 'write' ? connectOrSetAside(options) : connect(file, role, gate),
  );
  const kysely = new Kysely<Tables>({ dialect: new SqliteDialect({ database: connection }) });
  const identity = identityOf(file);
  // What was committed lately stands in there.
  let logIdentity = identityOf(`${file}-wal`);
  let damaged = false;

  async function transaction<Result>(
    begin: readonly string[],
    work: (queries: Queries) => Promise<Result>,
  ): Promise<Result> {
    try {
      return await kysely
        .connection()
        .execute((queries) => inTransaction(connection, begin, () => work(queries)));
    } catch (error) {
      damaged ||= isCorruption(error);
      throw error;
    }
  }

  return {
    kind: 'sqlite',
    write: (work) => transaction(['begin immediate'], work),
    // Without a first look a transaction begins with its first question, and may meet a lock there.
    read: (work) => transaction(['begin', 'select 1 from sqlite_schema limit 1'], work),
    inPlace() {
      logIdentity ??= identityOf(`${file}-wal`);
      const same = identityOf(file) === identity && identityOf(`${file}-wal`) === logIdentity;
      return Promise.resolve(identity !== null && same);
    },
    async close() {
      // libsql keeps the file open until its statements are collected; what others copy should be whole before that.
      if (role === 'write' && !damaged) checkpoint(connection);
      await kysely.destroy();
      connection.close();
      if (role === 'write' && damaged) setAsideIfStill(identity, options);
    },
  };
}

async function inTransaction<Result>(
  connection: LibsqlAdapter,
  begin: readonly string[],
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    for (const sql of begin) connection.exec(sql);
    const result = await work();
    connection.exec('commit');
    return result;
  } catch (error) {
    // It may never have begun, and a full disk has undone it already.
    tryExec(connection, 'rollback');
    throw error;
  }
}

/** Where several begin a file at once, SQLite does not wait for its turn in everything: we do. */
async function patiently<Result>(attempt: () => Result): Promise<Result> {
  const until = performance.now() + OPENING_TIMEOUT_MS;
  for (;;) {
    try {
      return attempt();
    } catch (error) {
      if (performance.now() >= until || describeDatabaseError(error).kind !== 'locked') throw error;
      await sleep(OPENING_PAUSE_MS);
    }
  }
}

function connectOrSetAside(options: SqliteOptions): LibsqlAdapter {
  const identity = identityOf(options.path);
  try {
    return connect(options.path, 'write', options.gate);
  } catch (error) {
    if (!isCorruption(error)) throw error;
    setAsideIfStill(identity, options);
    return connect(options.path, 'write', options.gate);
  }
}

/** Not if another process was faster: the file that is there now is a good one. */
function setAsideIfStill(identity: string | null, { path: file, now, onSetAside }: SqliteOptions): void {
  if (identity === null || identityOf(file) !== identity) return;
  onSetAside({ from: file, to: setAside(file, now()) });
}

function connect(file: string, role: Role, gate: Gate): LibsqlAdapter {
  const isNew = !existsSync(file);
  if (isNew) prepareFor(file, role);
  const connection = openLibsql(file, gate);
  try {
    // SQLite gives its companions the permissions of the file.
    if (isNew) chmodSync(file, 0o600);
    // Only `exec` here: a statement that was prepared would keep the file open after `close`.
    for (const sql of pragmas(role)) connection.exec(sql);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

function prepareFor(file: string, role: Role): void {
  if (role === 'read') throw new DatabaseProblem('away', `There is no database at ${file} yet.`);
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
}

function pragmas(role: Role): string[] {
  const own =
    role === 'read'
      ? ['pragma query_only = on']
      : [
          'pragma journal_mode = wal',
          // What is committed survives the end of the process, whatever kind. If the power fails or the kernel does,
          // the newest commits may be gone, back to the last checkpoint; the file stays whole.
          'pragma synchronous = normal',
          // In pages. Fewer, larger copies of the log into the file cost less, but each holds the writer for longer.
          'pragma wal_autocheckpoint = 1000',
        ];
  return [
    `pragma busy_timeout = ${TIMEOUT_MS[role]}`,
    ...own,
    'pragma foreign_keys = off',
    'pragma temp_store = memory',
    `pragma cache_size = -${CACHE_KIB}`,
    // The first read of the file: here it shows whether it is a database.
    'select count(*) from sqlite_schema',
  ];
}

/** What tells a file from another one of the same name; null if there is none. */
function identityOf(file: string): string | null {
  try {
    const { dev, ino } = statSync(file, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return null;
  }
}

/**
 * Copies what the write-ahead log holds into the file. What cannot be copied now, for a reader who stays or a disk that
 * is full, is copied by the next who opens it.
 */
function checkpoint(connection: LibsqlAdapter): void {
  tryExec(connection, 'pragma wal_checkpoint(truncate)');
}

function tryExec(connection: LibsqlAdapter, sql: string): void {
  try {
    connection.exec(sql);
  } catch {
    // Nothing is lost by it.
  }
}

import { createRequire } from 'node:module';
import type { Database, Role } from './database';
import { isCorruption } from './errors';
import { NO_GATE, type Gate } from '../../thread-gate';
import { locate } from './location';
import { migrate, requireCurrentSchema } from './migrate';
import type * as Postgres from './postgres';
import type * as Sqlite from './sqlite';

/** Loads what a kind of database needs; a thread has no use for the libraries of the other. */
const load = createRequire(__filename);

export interface OpenOptions {
  /** `file:` and a path, or `postgres://…`. */
  readonly url: string;
  readonly role: Role;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** An SQLite file that was damaged, or no database, was renamed, and a new one takes its place. */
  readonly onSetAside?: (moved: { readonly from: string; readonly to: string }) => void;
  /** In a thread that may be ended at any moment, also by the end of the process: see `gate.ts`. */
  readonly gate?: Gate;
}

/**
 * Opens a database and checks that it answers and that its tables are those of this version. Rejects with an error
 * that `describeDatabaseError` explains, and leaves nothing open then.
 */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  try {
    return await openChecked(options);
  } catch (error) {
    // The file was set aside when it was closed, so this makes a new one.
    if (options.role === 'write' && options.url.startsWith('file:') && isCorruption(error)) {
      return openChecked(options);
    }
    throw error;
  }
}

async function openChecked(options: OpenOptions): Promise<Database> {
  const { url, role, now, onSetAside = () => undefined, gate = NO_GATE } = options;
  const location = locate(url);
  const database =
    location.kind === 'sqlite'
      ? await (load('./sqlite') as typeof Sqlite).openSqlite({
          path: location.path,
          role,
          now,
          onSetAside,
          gate,
        })
      : (load('./postgres') as typeof Postgres).openPostgres({ url: location.url, role });
  try {
    await (role === 'write' ? migrate(database, now) : requireCurrentSchema(database));
    return database;
  } catch (error) {
    await database.close().catch(() => undefined);
    throw error;
  }
}

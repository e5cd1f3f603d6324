import type { Database } from '../database/database';
import { openDatabase } from '../database/open';
import type { Gate } from '../../thread-gate';
import type { FromWriter, ThreadData } from '../threads/protocol';
import { createUserHash } from '../user-hash';
import { createInserter, type Inserter } from './insert';
import { knownCommands } from './known-commands';

/** The database while it is open for writing. */
export interface Connection {
  readonly database: Database;
  readonly inserter: Inserter;
}

/** Gives the connection, opening it where it is not open. */
export interface Connector {
  open(): Promise<Connection>;
  /** Whether the file of the database that is open is not there any more; says so if it is not. */
  isGone(): Promise<boolean>;
  /** Closes it; the next one who asks opens another. */
  close(): Promise<void>;
}

export function createConnector({
  data,
  gate,
  post,
  now,
}: {
  readonly data: ThreadData;
  readonly gate: Gate;
  readonly post: (message: FromWriter) => void;
  readonly now: () => number;
}): Connector {
  let connection: Promise<Connection> | null = null;
  const hashUser = createUserHash(data.hashKey);

  async function connect(): Promise<Connection> {
    const database = await openDatabase({
      url: data.url,
      role: 'write',
      gate,
      now,
      onSetAside: ({ from, to }) => post({ type: 'set_aside', from, to }),
    });
    try {
      const commands = await knownCommands(database);
      const inserter = createInserter({
        database,
        hashUser,
        now,
        writerId: data.writerId,
        release: data.release,
      });
      post({ type: 'ready', commands });
      return { database, inserter };
    } catch (error) {
      await database.close().catch(() => undefined);
      throw error;
    }
  }

  return {
    async isGone() {
      const open = await connection?.catch(() => null);
      if (!open || (await open.database.inPlace())) return false;
      post({ type: 'gone', file: data.url.replace(/^file:/, '') });
      return true;
    },
    async open() {
      const opening = (connection ??= connect());
      try {
        return await opening;
      } catch (error) {
        if (connection === opening) connection = null;
        throw error;
      }
    },
    async close() {
      const closing = connection;
      connection = null;
      await (await closing?.catch(() => null))?.database.close();
    },
  };
}

import { Kysely, PostgresDialect } from 'kysely';
import { Pool, TypeOverrides, types } from 'pg';
import type { Database, Role } from './database';
import { DatabaseProblem } from './errors';
import { within } from '../../within';
import type { Tables } from './schema';

export interface PostgresOptions {
  readonly url: string;
  readonly role: Role;
}

const CONNECTIONS: Readonly<Record<Role, number>> = { write: 2, read: 3 };
const STATEMENT_TIMEOUT_MS: Readonly<Record<Role, number>> = { write: 10_000, read: 5000 };
/** A server that vanished without a word does not end statements either: then we do, after so much longer. */
const GRACE_MS = 1000;
const CONNECTING_TIMEOUT_MS = 3000;
const CLOSING_TIMEOUT_MS = 2000;
/** A process that was frozen in a transaction must not hold up the others for long. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000;

/** Makes a pool of connections, each opened when it is needed, and again after it broke. Does not connect yet. */
export function openPostgres({ url, role }: PostgresOptions): Database {
  const pool = createPool(url, role);
  // A connection that breaks is replaced by the pool, and whoever used it is told. Without listeners it would end the
  // process: the pool's is for idle ones, the client's for one in a transaction that asks nothing at the moment.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return {
    kind: 'postgres',
    write: (work) => kysely.transaction().execute(work),
    read: (work) =>
      kysely.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(work),
    inPlace: () => Promise.resolve(true),
    close: async () => {
      await within(kysely.destroy(), CLOSING_TIMEOUT_MS);
    },
  };
}

function createPool(url: string, role: Role): Pool {
  if (!URL.canParse(url)) {
    // Without the address: there may be a password in it. That is also why it may not be readable.
    throw new DatabaseProblem(
      'refused',
      'The address of PostgreSQL cannot be read; characters such as @ : / # in a password must be percent-encoded.',
    );
  }
  return new Pool({
    connectionString: url,
    max: CONNECTIONS[role],
    types: numbers(),
    application_name: 'telltale',
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: CONNECTING_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS[role],
    query_timeout: STATEMENT_TIMEOUT_MS[role] + GRACE_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
  });
}

/** Counts and times fit a number; server ids do not, and are never selected but as text. */
function numbers(): TypeOverrides {
  const overrides = new TypeOverrides();
  overrides.setTypeParser(types.builtins.INT8, Number);
  overrides.setTypeParser(types.builtins.NUMERIC, Number);
  return overrides;
}

import type { SqliteDatabase, SqliteStatement } from 'kysely';
import Libsql from 'libsql';
import { DatabaseProblem } from './errors';
import type { Gate } from '../../thread-gate';

/** Preparing costs more than most of our statements: they are kept, by their text. */
const STATEMENTS = 200;

export interface LibsqlAdapter extends SqliteDatabase {
  /**
   * Runs a statement without keeping it. For what begins and ends a transaction: libsql does not reset a statement that
   * met a lock, and it would stay in progress for as long as it is kept.
   */
  exec(sql: string): void;
}

/** libsql as Kysely's SQLite dialect wants it: statements prepared once, and no parameter that would end the process. */
export function openLibsql(file: string, { through }: Gate): LibsqlAdapter {
  const connection = openFile(file, through);
  const statements = new Map<string, SqliteStatement>();
  return {
    prepare(sql) {
      const known = statements.get(sql);
      if (known) return known;
      const statement = through(() => adaptStatement(connection.prepare(sql), through));
      const oldest = statements.size < STATEMENTS ? undefined : statements.keys().next().value;
      if (oldest !== undefined) statements.delete(oldest);
      statements.set(sql, statement);
      return statement;
    },
    exec(sql) {
      through(() => connection.exec(sql));
    },
    close() {
      statements.clear();
      through(() => connection.close());
    },
  };
}

function openFile(file: string, through: Gate['through']): Libsql.Database {
  try {
    return through(() => new Libsql(file));
  } catch (error) {
    // What libsql says of it is a number.
    throw new DatabaseProblem(
      'away',
      `The database ${file} cannot be opened: look whether it is a file, and at its permissions.`,
      { cause: error },
    );
  }
}

function adaptStatement(statement: Libsql.Statement, through: Gate['through']): SqliteStatement {
  const all = (parameters: readonly unknown[]): unknown[] => {
    const given = checked(parameters);
    return withBytes(through(() => statement.all(given)));
  };
  return {
    reader: statement.reader,
    all,
    run(parameters) {
      const given = checked(parameters);
      return through(() => statement.run(given));
    },
    // Kysely streams with it. It would stay in progress when a reader breaks off, so it is given all at once.
    iterate: (parameters) => all(parameters).values(),
  };
}

/** libsql ends the whole process where it meets a type that it does not know. */
function checked(parameters: readonly unknown[]): readonly unknown[] {
  for (let index = 0; index < parameters.length; index += 1) {
    const value = parameters[index];
    const type = typeof value;
    if (type === 'string' || type === 'number' || type === 'bigint' || value === null) continue;
    if (value instanceof Uint8Array) continue;
    const name = Object.prototype.toString.call(value).slice('[object '.length, -1);
    throw new TypeError(
      `Parameter ${index + 1} of a query is of type ${name}; SQLite takes null, numbers, bigints, strings and bytes.`,
    );
  }
  return parameters;
}

/** Bytes come as an ArrayBuffer; PostgreSQL's are a Uint8Array. */
function withBytes(rows: unknown[]): unknown[] {
  for (const row of rows as Record<string, unknown>[]) {
    for (const column in row) {
      const value = row[column];
      if (typeof value === 'object' && value instanceof ArrayBuffer) row[column] = new Uint8Array(value);
    }
  }
  return rows;
}

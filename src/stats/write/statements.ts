import { CompiledQuery } from 'kysely';
import type { Database, Queries } from '../database/database';
import { integerAt, listIn } from '../database/json-list';

/**
 * Statements as plain texts, of which there are few: a query builder makes each anew, value by value, which costs more
 * than the database takes to run it, and no prepared statement would be found again.
 */
export interface InsertStatement {
  /** Of a statement that inserts so many rows. */
  text(kind: Database['kind'], rows: number): string;
}

type Value = string | number | null | Uint8Array;

/** SQLite prepares a text once: whatever the number of rows, these seven sizes do (64, 32, …, 1). */
const LARGEST_SQLITE_CHUNK = 64;
/** PostgreSQL is sent the text every time: what counts is how often. It takes 65,535 parameters. */
const LARGEST_POSTGRES_CHUNK = 1000;

/** @param conflict what stands behind the values, such as `on conflict do nothing`. */
export function insertInto(table: string, columns: readonly string[], conflict = ''): InsertStatement {
  const sqliteTexts = new Map<number, string>();

  function make(rows: number, placeholder: () => string): string {
    const row = (): string => `(${columns.map(placeholder).join(', ')})`;
    const values = Array.from({ length: rows }, row).join(', ');
    return `insert into ${table} (${columns.join(', ')}) values ${values} ${conflict}`;
  }

  return {
    text(kind, rows) {
      let number = 0;
      if (kind === 'postgres') return make(rows, () => `$${++number}`);
      const text = sqliteTexts.get(rows) ?? make(rows, () => '?');
      sqliteTexts.set(rows, text);
      return text;
    },
  };
}

/** Runs a statement. Parameters are `?`, or `$1`, `$2`, … in PostgreSQL. */
export async function run<Row>(queries: Queries, sql: string, parameters: Value[]): Promise<readonly Row[]> {
  const { rows } = await queries.executeQuery<Row>(CompiledQuery.raw(sql, parameters));
  return rows;
}

/** Inserts rows, each with its values in the order of the columns. */
export async function insertAll(
  queries: Queries,
  kind: Database['kind'],
  statement: InsertStatement,
  rows: readonly (readonly Value[])[],
): Promise<void> {
  for (let from = 0, size = 0; from < rows.length; from += size) {
    size = chunkSize(kind, rows.length - from);
    const values: Value[] = [];
    for (const row of rows.slice(from, from + size)) values.push(...row);
    await run(queries, statement.text(kind, size), values);
  }
}

function chunkSize(kind: Database['kind'], rows: number): number {
  if (kind === 'postgres') return Math.min(rows, LARGEST_POSTGRES_CHUNK);
  return Math.min(2 ** Math.floor(Math.log2(rows)), LARGEST_SQLITE_CHUNK);
}

/** Deletes rows that were read, by their ids. */
export async function deleteRows(
  queries: Queries,
  kind: Database['kind'],
  table: 'invocations' | 'totals' | 'error_totals',
  rows: readonly { readonly id: number }[],
): Promise<void> {
  const sql = `delete from ${table} where id in (select ${integerAt(0)} from ${listIn(kind)})`;
  await run(queries, sql, [JSON.stringify(rows.map(({ id }) => [id]))]);
}

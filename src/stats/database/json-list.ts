import { sql, type RawBuilder } from 'kysely';
import type { Database } from './database';

/**
 * A list in one parameter, to be selected from: its elements are JSON, in a column named `value`. So the text is the
 * same for a list of any length. This is the text for the first parameter of a plain statement.
 */
export function listIn(kind: Database['kind']): string {
  return kind === 'postgres' ? 'json_array_elements($1::json) as list' : 'json_each(?) as list';
}

/** The same, with its elements, in a statement of the query builder. */
export function listOf(kind: Database['kind'], elements: readonly unknown[]): RawBuilder<unknown> {
  const json = JSON.stringify(elements);
  return kind === 'postgres'
    ? sql`json_array_elements(${json}::json) as list`
    : sql`json_each(${json}) as list`;
}

/** An element's field, as a 64-bit integer or a text. */
export const integerAt = (index: number): string => `cast(list.value ->> ${index} as bigint)`;
export const textAt = (index: number): string => `(list.value ->> ${index})`;

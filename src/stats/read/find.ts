import { sql, type RawBuilder, type SqlBool } from 'kysely';
import type { OutcomeKind } from '../../telemetry/event';
import type { Queries } from '../database/database';
import { ofGuild } from '../mark';
import { readSeries } from './scope';

/** Which invocations are looked for; null where it does not matter. */
export interface Asked {
  /** The first characters of the trace id, or all of it. */
  readonly trace: string | null;
  readonly series: readonly number[] | null;
  readonly outcome: OutcomeKind | null;
  readonly guildId: string | null;
  readonly limit: number;
}

/** Written out, not given as a parameter: only so can the database know that its index of failures will do. */
export const FAILED = sql<SqlBool>`outcome = 'failed'`;

/** Ids of failures with a trace id. */
export async function tracedFailures(queries: Queries, asked: Asked): Promise<number[]> {
  const rows = await queries
    .selectFrom('invocations')
    .select('id')
    .where(FAILED)
    .where(conditionsOf({ ...asked, outcome: null }))
    .limit(asked.limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** Ids of the newest failures of all commands, newest first. */
export async function newestFailuresOfAll(queries: Queries, asked: Asked): Promise<number[]> {
  const rows = await queries
    .selectFrom('invocations')
    .select('id')
    .where(FAILED)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(asked.limit)
    .execute();
  return rows.map(({ id }) => id);
}

/**
 * Ids of the newest failures of some commands, or of a server, newest first. The index holds each series apart, so each is asked for its own newest:
 * the database would sort all of them instead.
 */
export async function newestFailures(queries: Queries, asked: Asked): Promise<number[]> {
  const found: { readonly id: number; readonly at: number }[] = [];
  for (const series of asked.series ?? (await readSeries(queries, undefined)).keys()) {
    const rows = await queries
      .selectFrom('invocations')
      .select(['id', 'at'])
      .where(FAILED)
      .where('series_id', '=', series)
      .where(conditionsOf({ ...asked, outcome: null, series: null }))
      .orderBy('id', 'desc')
      .limit(asked.limit)
      .execute();
    found.push(...rows);
  }
  return found
    .sort((a, b) => b.at - a.at || b.id - a.id)
    .slice(0, asked.limit)
    .map(({ id }) => id);
}

/** Ids of a server's newest invocations, newest first. */
export async function newestOfGuild(queries: Queries, asked: Asked): Promise<number[]> {
  const rows = await queries
    .selectFrom('invocations')
    .select('id')
    .where(conditionsOf(asked))
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(asked.limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** A condition that holds for everything that is asked for. */
export function conditionsOf(
  { trace, series, outcome, guildId }: Asked,
  guildColumn?: string,
): RawBuilder<SqlBool> {
  const conditions = [
    // No hexadecimal digit sorts behind a `g`, in whatever language the database sorts.
    trace === null ? null : sql`trace_id >= ${trace} and trace_id < ${`${trace}g`}`,
    series === null ? null : sql`series_id in (${sql.join(series)})`,
    outcome === null ? null : sql`outcome = ${outcome}`,
    guildId === null ? null : ofGuild(guildId, guildColumn),
  ].filter((condition) => condition !== null);
  return conditions.length === 0 ? sql<SqlBool>`1 = 1` : sql.join(conditions, sql` and `);
}

import { sql, type RawBuilder, type SqlBool } from 'kysely';
import type { Kind } from '../../telemetry/event';
import type { Database, Queries } from '../database/database';
import { ALL_RUNS, EVERYWHERE } from '../database/schema';
import { isNear, ofGuild, readMark, type Mark } from '../mark';
import type { ChangesQuery } from '../stats';
import type { Span } from './range';
import { HOUR_MS } from '../time-steps';

/** What is counted apart: a command and a kind. */
export interface Series {
  readonly id: number;
  readonly command: string;
  readonly kind: Kind;
}

/** What a question is about, in one state of the data. */
export interface Scope {
  readonly queries: Queries;
  readonly kind: Database['kind'];
  /** The server that totals stand under, or EVERYWHERE. */
  readonly guildId: string;
  /** What is in the totals, and what is not. */
  readonly mark: Mark;
  readonly reach: Reach;
  /** Those that are asked for, by id. */
  readonly series: ReadonlyMap<number, Series>;
  /** Whether only some were asked for, by their command. */
  readonly narrowed: boolean;
}

/** How far back the statistics go; milliseconds since the epoch, null if nothing was ever counted. */
export interface Reach {
  /** Where they begin, everywhere. */
  readonly beginning: number | null;
  /** The oldest single invocation that is kept. */
  readonly singles: number | null;
}

export async function openScope(
  queries: Queries,
  kind: Database['kind'],
  { command, guildId }: ChangesQuery,
): Promise<Scope> {
  return {
    queries,
    kind,
    guildId: guildId ?? EVERYWHERE,
    mark: await readMark(queries, guildId ?? EVERYWHERE),
    reach: await readReach(queries),
    series: await readSeries(queries, command),
    narrowed: command !== undefined,
  };
}

export function isEverywhere({ guildId }: Scope): boolean {
  return guildId === EVERYWHERE;
}

/** Where the statistics of a limited period begin at the earliest: a server's days go with its single rows. */
export function beginningOf(scope: Scope): number | null {
  const { beginning, singles } = scope.reach;
  if (beginning === null || singles === null || isEverywhere(scope)) return beginning;
  return Math.max(beginning, singles);
}

/** Where a stretch begins, or the statistics do if that is later. */
export function sinceOf(scope: Scope, { from }: Span, now: number): number {
  if (from === -Infinity) return scope.reach.beginning ?? now;
  return Math.max(from, beginningOf(scope) ?? now);
}

/** Those that people ran: autocompletion goes with every key they press. */
export function runsOf({ series }: Scope): readonly Series[] {
  return [...series.values()].filter(({ kind }) => kind !== 'autocomplete');
}

/** The series whose totals, added up, are the totals of what people ran. */
export function totalSeriesOf(scope: Scope): readonly number[] {
  return scope.narrowed ? orNone(runsOf(scope).map(({ id }) => id)) : [ALL_RUNS];
}

/** The ids of every series that is asked for. */
export function seriesIdsOf({ series }: Scope): readonly number[] {
  return orNone([...series.keys()]);
}

/** PostgreSQL takes no empty list; no series has this id. */
function orNone(ids: readonly number[]): readonly number[] {
  return ids.length === 0 ? [-1] : ids;
}

/** Whether a command is asked for: by its full path, or by the first words of it. */
export function matchesCommand(command: string, asked: string | undefined): boolean {
  return asked === undefined || command === asked || command.startsWith(`${asked} `);
}

/** Every series of the commands that are asked for. */
export async function readSeries(
  queries: Queries,
  asked: string | undefined,
): Promise<ReadonlyMap<number, Series>> {
  const rows = await queries.selectFrom('series').select(['id', 'command', 'kind']).execute();
  return new Map(
    rows
      .filter(({ id, command }) => id !== ALL_RUNS && matchesCommand(command, asked))
      .map(({ id, command, kind }) => [id, { id, command, kind: kind as Kind }]),
  );
}

/** A condition that holds within a stretch of time. */
export function within(column: string, { from, to }: Span): RawBuilder<SqlBool> {
  const at = sql.raw(column);
  const bounds = [
    ...(from === -Infinity ? [] : [sql<SqlBool>`${at} >= ${from}`]),
    ...(to === Infinity ? [] : [sql<SqlBool>`${at} < ${to}`]),
  ];
  return bounds.length === 0 ? sql<SqlBool>`1 = 1` : sql.join(bounds, sql` and `);
}

/** A condition that holds for single invocations that people ran, and that are asked for. */
export function ofRuns(scope: Scope): RawBuilder<SqlBool> {
  if (scope.narrowed) return sql<SqlBool>`series_id in (${sql.join(totalSeriesOf(scope))})`;
  const others = [...scope.series.values()].filter(({ kind }) => kind === 'autocomplete');
  return sql<SqlBool>`series_id not in (${sql.join(orNone(others.map(({ id }) => id)))})`;
}

/**
 * A condition that holds for single invocations of a scope and a stretch that are in the totals. Nearly all are, so that
 * is written in a way that keeps the database from looking for them by it.
 */
export function rolledUp(scope: Scope, span: Span): RawBuilder<SqlBool> {
  const here = isEverywhere(scope) ? sql`1 = 1` : ofGuild(scope.guildId);
  return sql<SqlBool>`id + 0 <= ${scope.mark.lastId} and ${within('at', span)} and ${here}`;
}

/**
 * A condition that holds for those that are not in the totals yet. They are looked for by that alone where few came
 * since; those of a quiet server by the server.
 */
export function notRolledUp(scope: Scope, span: Span): RawBuilder<SqlBool> {
  const { guildId, mark } = scope;
  if (!isEverywhere(scope) && !isNear(mark)) {
    return sql<SqlBool>`id + 0 > ${mark.lastId} and ${within('at', span)} and ${ofGuild(guildId)}`;
  }
  const here = isEverywhere(scope) ? sql`1 = 1` : ofGuild(guildId, 'guild_id + 0');
  return sql<SqlBool>`id > ${mark.lastId} and ${within('at + 0', span)} and ${here}`;
}

/** Hours everywhere are kept for good, so the oldest one tells the beginning; to the millisecond while its rows are kept. */
async function readReach(queries: Queries): Promise<Reach> {
  const { hour } = await queries
    .selectFrom('totals')
    .select(({ fn }) => fn.min('start_at').as('hour'))
    .where(ofGuild(EVERYWHERE))
    .where('step', '=', 'hour')
    .executeTakeFirstOrThrow();
  const { single } = await queries
    .selectFrom('invocations')
    .select(({ fn }) => fn.min('at').as('single'))
    .executeTakeFirstOrThrow();
  return { beginning: firstOf(hour, single), singles: single };
}

function firstOf(hour: number | null, single: number | null): number | null {
  if (hour === null || single === null) return hour ?? single;
  const isInFirstHour = single >= hour && single < hour + HOUR_MS;
  return isInFirstHour ? single : Math.min(hour, single);
}

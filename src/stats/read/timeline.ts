import { sql, type RawBuilder, type SqlBool } from 'kysely';
import type { Database } from '../database/database';
import type { Step } from '../database/schema';
import { ofGuild } from '../mark';
import type { Period, StatsQuery, Timeline } from '../stats';
import { cut, periodSpan, type CalendarStep, type Piece, type Span } from './range';
import { DAY_MS, floorTo, HOUR_MS, MINUTE_MS } from '../time-steps';
import {
  isEverywhere,
  notRolledUp,
  ofRuns,
  openScope,
  rolledUp,
  totalSeriesOf,
  within,
  type Scope,
} from './scope';

/** More points than these are not to be told apart in a picture. */
const MAXIMUM_POINTS = 750;
const ALL_TIME_STEPS_MS: readonly number[] = [DAY_MS, 7 * DAY_MS, 30 * DAY_MS, 360 * DAY_MS];

/** What was counted in a step of time, or in a part of one. */
interface Counted {
  readonly start: number;
  readonly ok: number;
  readonly refused: number;
  readonly failed: number;
}

/** Which steps a picture has, and what they are read from. */
interface Plan {
  readonly stepMs: number;
  readonly span: Span;
  readonly pieces: readonly Piece[];
}

/**
 * What people ran, over the time of a period: in steps of five minutes for an hour, of hours up to 30 days (one server:
 * 24 hours, and days beyond), and for all time of days or so many that at most 750 points remain. The first step counts
 * what lies within the period. A server's all time begins with the oldest day that is kept of it.
 */
export function readTimeline(
  database: Database,
  query: StatsQuery,
  { now }: { readonly now: number },
): Promise<Timeline> {
  return database.read(async (queries) => {
    const scope = await openScope(queries, database.kind, query);
    const { beginning } = scope.reach;
    const plan = planOf(query.period, isEverywhere(scope), now);
    if (beginning === null) return { stepMs: plan.stepMs, points: [] };
    const counted = await readCounted(scope, plan);
    if (query.period !== 'all')
      return timelineOf(plan.stepMs, floorTo(plan.span.from, plan.stepMs), now, counted);
    const first = isEverywhere(scope) ? beginning : Infinity;
    const from = floorTo(
      counted.reduce((earliest, { start }) => Math.min(earliest, start), first),
      DAY_MS,
    );
    const start = Math.min(from, floorTo(now, DAY_MS));
    return timelineOf(stepForAllTime(start, now), start, now, counted);
  });
}

function planOf(period: Period, everywhere: boolean, now: number): Plan {
  const span = periodSpan(period, now);
  const of = (stepMs: number, steps: readonly CalendarStep[]): Plan => ({
    stepMs,
    span,
    pieces: cut(span, steps),
  });
  switch (period) {
    case '1h':
      return of(5 * MINUTE_MS, []);
    case '24h':
      return of(HOUR_MS, everywhere ? ['hour'] : []);
    case '7d':
    case '30d':
      return everywhere ? of(HOUR_MS, ['hour']) : of(DAY_MS, ['day']);
    case 'all':
      return { stepMs: DAY_MS, span, pieces: [{ source: 'day', ...span }] };
  }
}

async function readCounted(scope: Scope, { stepMs, span, pieces }: Plan): Promise<Counted[]> {
  const counted = await countSingles(scope, notRolledUp(scope, span), stepMs).execute();
  for (const { source, ...stretch } of pieces) {
    const rows =
      source === 'singles'
        ? await countSingles(scope, rolledUp(scope, stretch), stepMs).execute()
        : await sumTotals(scope, source, stretch).execute();
    counted.push(...rows);
  }
  return counted;
}

/** Counted by the database: only the sums are handed over. */
function countSingles(scope: Scope, condition: RawBuilder<SqlBool>, stepMs: number) {
  const step = sql.lit(stepMs);
  return scope.queries
    .selectFrom('invocations')
    .select(sql<number>`at / ${step} * ${step}`.as('start'))
    .select(({ fn }) => [
      fn.countAll<number>().filterWhere('outcome', '=', 'ok').as('ok'),
      fn.countAll<number>().filterWhere('outcome', '=', 'refused').as('refused'),
      fn.countAll<number>().filterWhere('outcome', '=', 'failed').as('failed'),
    ])
    .where(condition)
    .where(ofRuns(scope))
    .groupBy(sql`at / ${step} * ${step}`);
}

function sumTotals(scope: Scope, step: Step, span: Span) {
  return scope.queries
    .selectFrom('totals')
    .select(({ fn }) => [
      'start_at as start',
      fn.sum<number>('ok').as('ok'),
      fn.sum<number>('refused').as('refused'),
      fn.sum<number>('failed').as('failed'),
    ])
    .where(ofGuild(scope.guildId))
    .where('step', '=', step)
    .where('series_id', 'in', totalSeriesOf(scope))
    .where(within('start_at', span))
    .groupBy('start_at');
}

function stepForAllTime(from: number, now: number): number {
  const fits = (stepMs: number): boolean => Math.ceil((now - from + 1) / stepMs) <= MAXIMUM_POINTS;
  return ALL_TIME_STEPS_MS.find(fits) ?? Math.ceil((now - from + 1) / MAXIMUM_POINTS);
}

/** What another process's clock puts before the first step or behind the last is counted there. */
function timelineOf(stepMs: number, from: number, now: number, counted: readonly Counted[]): Timeline {
  const length = Math.floor((now - from) / stepMs) + 1;
  const points = Array.from({ length }, (_, index) => ({
    start: from + index * stepMs,
    ok: 0,
    refused: 0,
    failed: 0,
  }));
  for (const { start, ok, refused, failed } of counted) {
    const index = Math.floor((start - from) / stepMs);
    const point = points[Math.min(Math.max(index, 0), length - 1)];
    if (point === undefined) continue;
    point.ok += ok;
    point.refused += refused;
    point.failed += failed;
  }
  return { stepMs, points };
}

import type { RawBuilder, SqlBool } from 'kysely';
import type { OutcomeKind } from '../../telemetry/event';
import type { Step } from '../database/schema';
import { ofGuild } from '../mark';
import { LatencySketch } from '../sketch';
import type { Period, PreviousPeriod } from '../stats';
import { mergeLatency } from '../tally';
import { errorRateOf, quantileMs } from './counts';
import { piecesOf, spanBefore, type Span } from './range';
import { floorTo, HOUR_MS } from '../time-steps';
import {
  beginningOf,
  isEverywhere,
  notRolledUp,
  ofRuns,
  rolledUp,
  totalSeriesOf,
  within,
  type Scope,
} from './scope';

/** What a period is compared with: less than is shown of the period itself, so that it costs less. */
interface Comparison {
  invocations: number;
  failed: number;
  readonly latency: LatencySketch;
}

/** Reads the stretch before a period; null where the statistics do not reach back to where it begins. */
export async function readPrevious(
  scope: Scope,
  period: Period,
  current: Span,
  now: number,
): Promise<PreviousPeriod | null> {
  const { from, to } = spanBefore(current, now);
  const beginning = beginningOf(scope);
  if (period === 'all' || beginning === null || from < beginning) return null;
  // Where single rows are gone only whole hours are known: it is up to an hour longer then.
  const span = { from: from < (scope.reach.singles ?? Infinity) ? floorTo(from, HOUR_MS) : from, to };
  const { invocations, failed, latency } = await readComparison(scope, period, span);
  return {
    since: new Date(span.from).toISOString(),
    invocations,
    failed,
    errorRate: errorRateOf(failed, invocations),
    p95Ms: quantileMs(latency, 0.95),
  };
}

async function readComparison(scope: Scope, period: Period, span: Span): Promise<Comparison> {
  const comparison: Comparison = { invocations: 0, failed: 0, latency: new LatencySketch() };
  await addSingles(scope, notRolledUp(scope, span), comparison);
  for (const { source, ...stretch } of piecesOf(period, span, isEverywhere(scope))) {
    if (source === 'singles') await addSingles(scope, rolledUp(scope, stretch), comparison);
    else await addTotals(scope, source, stretch, comparison);
  }
  return comparison;
}

async function addSingles(scope: Scope, condition: RawBuilder<SqlBool>, into: Comparison): Promise<void> {
  const rows = await scope.queries
    .selectFrom('invocations')
    .select(['outcome', 'duration_seconds'])
    .where(condition)
    .where(ofRuns(scope))
    .execute();
  for (const { outcome, duration_seconds } of rows) {
    into.invocations += 1;
    if (outcome === ('failed' satisfies OutcomeKind)) into.failed += 1;
    into.latency.add(duration_seconds);
  }
}

async function addTotals(scope: Scope, step: Step, span: Span, into: Comparison): Promise<void> {
  const rows = await scope.queries
    .selectFrom('totals')
    .select(['ok', 'refused', 'failed', 'details'])
    .where('series_id', 'in', totalSeriesOf(scope))
    .where(ofGuild(scope.guildId))
    .where('step', '=', step)
    .where(within('start_at', span))
    .execute();
  for (const { ok, refused, failed, details } of rows) {
    into.invocations += ok + refused + failed;
    into.failed += failed;
    mergeLatency(into.latency, details);
  }
}

import type { FailureReason, RefusalReason } from '../../telemetry/event';
import type { LatencySketch } from '../sketch';
import type { CommandStats, Counts, Totals } from '../stats';
import type { ReasonCounts, Tally } from '../tally';
import type { Series } from './scope';

/** Tallies as they are shown. */

export function countsOf({ ok, refused, failed, latency, users }: Tally): Counts {
  const invocations = ok + refused + failed;
  return {
    invocations,
    ok,
    refused,
    failed,
    errorRate: errorRateOf(failed, invocations),
    p50Ms: quantileMs(latency, 0.5),
    p95Ms: quantileMs(latency, 0.95),
    p99Ms: quantileMs(latency, 0.99),
    users: users.count(),
  };
}

export function totalsOf(tally: Tally): Totals {
  return {
    ...countsOf(tally),
    ackP50Ms: quantileMs(tally.ack, 0.5),
    ackP95Ms: quantileMs(tally.ack, 0.95),
    ackP99Ms: quantileMs(tally.ack, 0.99),
    refusals: byReason<RefusalReason>(tally.refusals),
    failures: byReason<FailureReason>(tally.failures),
  };
}

export function commandStatsOf({ command, kind }: Series, tally: Tally): CommandStats {
  return {
    command,
    kind,
    ...countsOf(tally),
    lastUsed: Number.isFinite(tally.lastUsedAt) ? new Date(tally.lastUsedAt).toISOString() : null,
  };
}

export function errorRateOf(failed: number, invocations: number): number {
  return invocations === 0 ? 0 : failed / invocations;
}

/** To four digits: the rest would pretend a precision that the sketch does not have. */
export function quantileMs(latency: LatencySketch, q: number): number | null {
  const seconds = latency.quantile(q);
  return seconds === null ? null : Number((seconds * 1000).toPrecision(4));
}

/** A newer version's reasons are shown as they are. */
function byReason<Reason extends string>(counts: ReasonCounts): Partial<Record<Reason, number>> {
  return Object.fromEntries(counts) as Partial<Record<Reason, number>>;
}

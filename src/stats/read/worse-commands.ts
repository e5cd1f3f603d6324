import type { WorseCommand } from '../stats';
import type { Tally } from '../tally';
import { errorRateOf, quantileMs } from './counts';
import { runsOf, type Scope, type Series } from './scope';
import type { Tallies } from './tallies';
import { isMuchMore, isWorse } from './worse';

const MOST_COMMANDS = 10;
const P95 = 0.95;

/** Commands that fail more often or take longer since than before, the most used first; at most ten. */
export function worseCommandsOf(scope: Scope, since: Tallies, before: Tallies): WorseCommand[] {
  return runsOf(scope)
    .flatMap((series) => {
      const [now, then] = [since.get(series.id), before.get(series.id)];
      if (now === undefined || then === undefined) return [];
      return [...worseErrorRate(series, now, then), ...worseP95(series, now, then)];
    })
    .sort(byUse)
    .slice(0, MOST_COMMANDS);
}

function byUse(a: WorseCommand, b: WorseCommand): number {
  return b.invocations - a.invocations || a.command.localeCompare(b.command) || a.kind.localeCompare(b.kind);
}

/** How many runs were counted. */
export function runsIn({ ok, refused, failed }: Tally): number {
  return ok + refused + failed;
}

function worseErrorRate(series: Series, since: Tally, before: Tally): WorseCommand[] {
  const rateOf = (tally: Tally) => ({ events: tally.failed, runs: runsIn(tally) });
  if (!isWorse(rateOf(since), rateOf(before))) return [];
  const [now, then] = [since, before].map((tally) => errorRateOf(tally.failed, runsIn(tally)));
  return [worseOf(series, since, 'error_rate', then ?? 0, now ?? 0)];
}

/** A p95 says nothing of how certain it is. The share of runs that take longer than the one of before does: it was a twentieth. */
function worseP95(series: Series, since: Tally, before: Tally): WorseCommand[] {
  const seconds = before.latency.quantile(P95);
  if (seconds === null) return [];
  const rateOf = (tally: Tally) => ({ events: tally.latency.countAbove(seconds), runs: runsIn(tally) });
  const [now, then] = [quantileMs(since.latency, P95) ?? 0, quantileMs(before.latency, P95) ?? 0];
  if (!isMuchMore(now, then) || !isWorse(rateOf(since), rateOf(before))) return [];
  return [worseOf(series, since, 'p95_ms', then, now)];
}

function worseOf(
  { command, kind }: Series,
  tally: Tally,
  worse: WorseCommand['worse'],
  before: number,
  since: number,
): WorseCommand {
  return { command, kind, worse, before, since, invocations: runsIn(tally) };
}

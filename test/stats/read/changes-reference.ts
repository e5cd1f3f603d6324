import type { InvocationRow } from '../../../src/stats/invocation-row';
import { isWorse } from '../../../src/stats/read/worse';
import { LatencySketch } from '../../../src/stats/sketch';
import type { ChangesQuery, ErrorChange, ReleaseChanges, WorseCommand } from '../../../src/stats/stats';
import { askedRows, exactCounts, runsAmong } from './reference';
import { DAY, HOUR } from './support';

/** What is new or worse, as it follows from a list of rows, counted in the plainest way. */

type Expected = Omit<ReleaseChanges, 'version' | 'commit'>;

/** @param prunedBefore single rows from before are gone. */
export function exactChanges(
  rows: readonly InvocationRow[],
  query: ChangesQuery,
  startedAt: number,
  prunedBefore = -Infinity,
): Expected | null {
  const everywhere = query.guildId === undefined;
  const all = rows.map(({ at }) => at);
  const beginning = Math.min(...all.filter((at) => everywhere || at >= prunedBefore));
  const asked = runsAmong(askedRows(rows, query, { from: -Infinity, to: Infinity }));
  if (beginning >= startedAt || !asked.some(({ at }) => at < startedAt)) return null;
  const reach = Math.max(startedAt - 7 * DAY, beginning);
  const from = startedAt - reach > 2 * DAY ? Math.ceil(reach / DAY) * DAY : reach;
  // Of what is gone the whole hours are known.
  const isWithin = (at: number, start: number, end: number): boolean => {
    const hour = Math.floor(at / HOUR) * HOUR;
    return at >= prunedBefore ? at >= start && at < end : hour >= start && hour + HOUR <= end;
  };
  const before = asked.filter(({ at }) => isWithin(at, from, startedAt));
  const since = asked.filter(({ at }) => isWithin(at, startedAt, Infinity));
  const errors = errorsOf(rows, before, since);
  const isNew = ({ firstSeen }: ErrorChange): boolean => Date.parse(firstSeen) >= startedAt;
  const isMore = ({ count, countBefore }: ErrorChange): boolean =>
    isWorse({ events: count, runs: since.length }, { events: countBefore, runs: before.length });
  return {
    startedAt: new Date(startedAt).toISOString(),
    comparedSince: new Date(from).toISOString(),
    runs: { before: before.length, since: since.length },
    newErrors: errors.filter(isNew).slice(0, 10),
    worseErrors: errors.filter((error) => !isNew(error) && isMore(error)).slice(0, 10),
    worseCommands: commandsOf(before, since),
  };
}

function errorsOf(
  all: readonly InvocationRow[],
  before: readonly InvocationRow[],
  since: readonly InvocationRow[],
): ErrorChange[] {
  const fingerprints = new Set(since.flatMap(({ fingerprint }) => fingerprint ?? []));
  const of = (rows: readonly InvocationRow[], fingerprint: string): InvocationRow[] =>
    rows.filter((row) => row.fingerprint === fingerprint).sort((a, b) => a.at - b.at);
  return [...fingerprints]
    .map((fingerprint) => {
      const seen = of(since, fingerprint);
      const last = seen.at(-1)!;
      return {
        fingerprint,
        reason: last.reason ?? '',
        message: last.message ?? '',
        commands: [...new Set(seen.map(({ command }) => command))].sort(),
        count: seen.length,
        countBefore: of(before, fingerprint).length,
        firstSeen: new Date(of(all, fingerprint)[0]!.at).toISOString(),
        lastSeen: new Date(last.at).toISOString(),
        reference: last.traceId.slice(0, 8),
      };
    })
    .sort((a, b) => b.count - a.count || (a.lastSeen < b.lastSeen ? 1 : -1));
}

function commandsOf(before: readonly InvocationRow[], since: readonly InvocationRow[]): WorseCommand[] {
  const series = [...new Set(since.map(({ command, kind }) => `${command}|${kind}`))].sort();
  return series
    .flatMap((name) => {
      const own = (rows: readonly InvocationRow[]): InvocationRow[] =>
        rows.filter(({ command, kind }) => `${command}|${kind}` === name);
      return worseOf(own(before), own(since));
    })
    .sort((a, b) => b.invocations - a.invocations)
    .slice(0, 10);
}

function worseOf(before: readonly InvocationRow[], since: readonly InvocationRow[]): WorseCommand[] {
  const { command, kind } = since[0]!;
  const [then, now] = [exactCounts(before), exactCounts(since)];
  const sketch = new LatencySketch();
  for (const { durationSeconds } of before) sketch.add(durationSeconds);
  const later = new LatencySketch();
  for (const { durationSeconds } of since) later.add(durationSeconds);
  const limit = sketch.quantile(0.95) ?? Infinity;
  const ms = (seconds: number): number => Number((seconds * 1000).toPrecision(4));
  const shown = { before: ms(limit), since: ms(later.quantile(0.95) ?? 0) };
  const slow = { events: later.countAbove(limit), runs: since.length };
  const slowBefore = { events: sketch.countAbove(limit), runs: before.length };
  const failed = { events: now.failed, runs: since.length };
  const failedBefore = { events: then.failed, runs: before.length };
  const invocations = since.length;
  const rate = { before: then.errorRate, since: now.errorRate };
  const worse: WorseCommand[] = [];
  if (isWorse(failed, failedBefore)) worse.push({ command, kind, worse: 'error_rate', ...rate, invocations });
  if (isWorse(slow, slowBefore) && shown.since >= 1.5 * shown.before)
    worse.push({ command, kind, worse: 'p95_ms', ...shown, invocations });
  return worse;
}

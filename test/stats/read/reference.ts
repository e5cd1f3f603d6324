import type { InvocationRow } from '../../../src/stats/invocation-row';
import type { Counts, ErrorStats, StatsQuery, StatsSummary } from '../../../src/stats/stats';

/** The answers as they follow from a list of rows, counted in the plainest way. */

export interface Stretch {
  readonly from: number;
  readonly to: number;
}

type ExactCounts = Pick<Counts, 'invocations' | 'ok' | 'refused' | 'failed' | 'errorRate' | 'users'>;

/** What a query asks about: the rows of its command and server within a stretch. */
export function askedRows(
  rows: readonly InvocationRow[],
  { command, guildId }: Omit<StatsQuery, 'period'>,
  { from, to }: Stretch,
): InvocationRow[] {
  return rows.filter(
    (row) =>
      (guildId === undefined || row.guildId === guildId) &&
      (command === undefined || row.command === command || row.command.startsWith(`${command} `)) &&
      row.at >= from &&
      row.at < to,
  );
}

export function runsAmong(rows: readonly InvocationRow[]): InvocationRow[] {
  return rows.filter(({ kind }) => kind !== 'autocomplete');
}

export function exactCounts(rows: readonly InvocationRow[]): ExactCounts {
  const of = (outcome: string): number => rows.filter((row) => row.outcome === outcome).length;
  return {
    invocations: rows.length,
    ok: of('ok'),
    refused: of('refused'),
    failed: of('failed'),
    errorRate: rows.length === 0 ? 0 : of('failed') / rows.length,
    users: new Set(rows.map(({ userId }) => userId)).size,
  };
}

export function countBy(rows: readonly InvocationRow[], key: (row: InvocationRow) => string): object {
  const counts: Record<string, number> = {};
  for (const row of rows) counts[key(row)] = (counts[key(row)] ?? 0) + 1;
  return counts;
}

/** Every failure by series, reason and fingerprint; most frequent first, then newest. */
export function exactErrors(rows: readonly InvocationRow[]): ErrorStats[] {
  const failed = rows.filter(({ outcome }) => outcome === 'failed').sort((a, b) => a.at - b.at);
  const groups = new Map<string, InvocationRow[]>();
  for (const row of failed) {
    const key = [row.command, row.kind, row.reason, row.fingerprint].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()]
    .map((group) => ({ count: group.length, first: group[0]!, last: group.at(-1)! }))
    .sort((a, b) => b.count - a.count || b.last.at - a.last.at)
    .map(({ count, first, last }) => ({
      command: last.command,
      reason: last.reason ?? '',
      fingerprint: last.fingerprint ?? '',
      message: last.message ?? '',
      count,
      firstSeen: new Date(first.at).toISOString(),
      lastSeen: new Date(last.at).toISOString(),
      reference: last.traceId.slice(0, 8),
    }));
}

/** The largest distance of a summary's percentiles from the true ones, relative to them. */
export function percentileError(
  given: Pick<Counts, 'p50Ms' | 'p95Ms' | 'p99Ms'>,
  seconds: readonly number[],
): number {
  const errors = [
    quantileError(given.p50Ms, seconds, 0.5),
    quantileError(given.p95Ms, seconds, 0.95),
    quantileError(given.p99Ms, seconds, 0.99),
  ];
  return Math.max(...errors);
}

/** How far milliseconds are from the true quantile, relative to it. */
export function quantileError(givenMs: number | null, seconds: readonly number[], q: number): number {
  const exact = seconds.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(q * seconds.length) - 1)];
  if (exact === undefined) return givenMs === null ? 0 : Infinity;
  return Math.abs((givenMs ?? NaN) / 1000 - exact) / exact;
}

export function acksOf(totals: StatsSummary['totals']): Pick<Counts, 'p50Ms' | 'p95Ms' | 'p99Ms'> {
  return { p50Ms: totals.ackP50Ms, p95Ms: totals.ackP95Ms, p99Ms: totals.ackP99Ms };
}

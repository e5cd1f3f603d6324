import type { InvocationRow } from '../../../src/stats/invocation-row';
import { periodSpan } from '../../../src/stats/read/range';
import type { ErrorsAnswer, PeriodError, StatsQuery } from '../../../src/stats/stats';
import { askedRows } from './reference';
import { HOUR } from './support';

/** What failed in a period, as it follows from a list of rows, counted in the plainest way. */

type Expected = Pick<ErrorsAnswer, 'groups' | 'others'>;

/** @param prunedBefore single rows from before are gone. */
export function exactPeriodErrors(
  rows: readonly InvocationRow[],
  query: StatsQuery,
  now: number,
  prunedBefore = -Infinity,
): Expected {
  const everywhere = query.guildId === undefined;
  const span = periodSpan(query.period, now);
  const failed = askedRows(rows, query, { from: -Infinity, to: Infinity })
    .filter(({ outcome }) => outcome === 'failed')
    .sort((a, b) => a.at - b.at);
  const beginning = Math.min(...rows.map(({ at }) => at).filter((at) => everywhere || at >= prunedBefore));
  const exact = Math.floor((span.from + now) / 2);
  const middle = exact < prunedBefore ? Math.floor(exact / HOUR) * HOUR : exact;
  const hasHalves = query.period !== 'all' && beginning <= span.from;
  const inPeriod = failed.filter(({ at }) => at >= span.from);
  const errors = [...new Set(inPeriod.map(({ fingerprint }) => fingerprint ?? ''))]
    .map((fingerprint): PeriodError => {
      const ever = Math.min(...rows.filter((row) => row.fingerprint === fingerprint).map(({ at }) => at));
      const seen = inPeriod.filter((row) => row.fingerprint === fingerprint);
      const last = seen.at(-1)!;
      const later = seen.filter(({ at }) => at >= middle).length;
      return {
        fingerprint,
        reason: last.reason ?? '',
        message: last.message ?? '',
        commands: [...new Set(seen.map(({ command }) => command))].sort(),
        count: seen.length,
        firstSeen: new Date(seen[0]!.at).toISOString(),
        lastSeen: new Date(last.at).toISOString(),
        reference: last.traceId.slice(0, 8),
        halves: ever < middle ? { earlier: seen.length - later, later } : 'new',
        ...(hasHalves ? {} : { halves: null }),
      };
    })
    .sort((a, b) => b.count - a.count || (a.lastSeen < b.lastSeen ? 1 : -1));
  const more = errors.slice(24);
  const others = { errors: more.length, count: more.reduce((sum, { count }) => sum + count, 0) };
  return { groups: errors.slice(0, 24), others };
}

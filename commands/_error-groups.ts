import type { ErrorStats, StatsSummary, StoredInvocation } from '../src/stats/stats';

/** Failures by what makes them one, in whatever commands they happened. */

export interface ErrorGroup {
  /** 12 hexadecimal digits; empty for all that were too many to be kept apart. */
  readonly fingerprint: string;
  readonly reason: string;
  readonly message: string;
  readonly commands: readonly string[];
  readonly count: number;
  /** In the period; ISO 8601, UTC. */
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** The newest of them in the period, newest first, as far as single ones are kept. */
  readonly newest: readonly StoredInvocation[];
  /** Reference of the newest one. */
  readonly reference: string;
  /** How many in the earlier and in the later half of the period; null where not all are kept. */
  readonly halves: Halves | null;
}

export interface Halves {
  readonly earlier: number;
  readonly later: number;
}

/**
 * The most frequent first.
 *
 * @param failures the newest of all commands, newest first.
 * @param limit how many were asked for: where there are fewer, these are all.
 */
export function groupsOf(
  summary: StatsSummary,
  failures: readonly StoredInvocation[],
  { limit, now }: { readonly limit: number; readonly now: number },
): readonly ErrorGroup[] {
  const inPeriod = failures.filter(({ at }) => at >= summary.since);
  const areAll = summary.period !== 'all' && (failures.length < limit || inPeriod.length < failures.length);
  const middle = new Date((Date.parse(summary.since) + now) / 2).toISOString();
  const fingerprints = [...new Set(summary.topErrors.map(({ fingerprint }) => fingerprint))];
  return fingerprints
    .map((fingerprint) => {
      const same = summary.topErrors.filter((error) => error.fingerprint === fingerprint);
      const newest = inPeriod.filter((failure) => failure.fingerprint === fingerprint);
      return groupOf(same, newest, areAll ? halvesOf(newest, middle) : null);
    })
    .toSorted((a, b) => b.count - a.count);
}

function groupOf(
  same: readonly ErrorStats[],
  newest: readonly StoredInvocation[],
  halves: Halves | null,
): ErrorGroup {
  const [latest] = same.toSorted((a, b) => (a.lastSeen < b.lastSeen ? 1 : -1));
  const times = same.map(({ firstSeen }) => firstSeen).toSorted();
  return {
    fingerprint: latest?.fingerprint ?? '',
    reason: latest?.reason ?? '',
    message: latest?.message ?? '',
    commands: [...new Set(same.map(({ command }) => command))],
    count: same.reduce((sum, { count }) => sum + count, 0),
    firstSeen: times[0] ?? '',
    lastSeen: latest?.lastSeen ?? '',
    reference: latest?.reference ?? '',
    newest,
    halves,
  };
}

function halvesOf(rows: readonly StoredInvocation[], middle: string): Halves {
  const later = rows.filter(({ at }) => at >= middle).length;
  return { earlier: rows.length - later, later };
}

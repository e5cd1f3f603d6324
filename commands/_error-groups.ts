import type {
  ErrorChange,
  ErrorsAnswer,
  PeriodError,
  ReleaseChanges,
  StoredInvocation,
} from '../src/stats/stats';

/** What /errors shows of a period: its errors, and the newest runs that met each of them. */

export interface ShownError extends PeriodError {
  /** The newest of them in the period, newest first, as far as they are among the newest failures of all. */
  readonly newest: readonly StoredInvocation[];
}

export interface ShownErrors {
  /** The most frequent first. */
  readonly listed: readonly ShownError[];
  /** New since the running version took over, and met in the period, but too rare to be listed there. */
  readonly rareNew: readonly ShownError[];
  /** How many more than are listed there are; the new ones are among them. */
  readonly others: ErrorsAnswer['others'];
}

/** @param failures the newest of all commands, newest first. */
export function shownErrors(
  { since, groups, others }: ErrorsAnswer,
  failures: readonly StoredInvocation[],
  changes: ReleaseChanges | null,
): ShownErrors {
  const inPeriod = failures.filter(({ at }) => at >= since);
  const shown = (error: PeriodError): ShownError => ({
    newest: inPeriod.filter(({ fingerprint }) => (fingerprint ?? '') === error.fingerprint),
    ...error,
  });
  const known = new Set(groups.map(({ fingerprint }) => fingerprint));
  const rareNew = (changes?.newErrors ?? []).filter(
    ({ fingerprint, lastSeen }) => lastSeen >= since && !known.has(fingerprint),
  );
  return { listed: groups.map(shown), rareNew: rareNew.map(sinceItIsNew).map(shown), others };
}

/** Counted since it is new, which may have been before the period. */
function sinceItIsNew({
  fingerprint,
  reason,
  message,
  commands,
  reference,
  ...seen
}: ErrorChange): PeriodError {
  const { count, firstSeen, lastSeen } = seen;
  return { fingerprint, reason, message, commands, reference, count, firstSeen, lastSeen, halves: 'new' };
}

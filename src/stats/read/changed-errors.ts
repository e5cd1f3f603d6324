import type { ErrorChange, ReleaseChanges } from '../stats';
import { runsAlone } from './counted';
import { describeErrors } from './described-errors';
import { byCount, countErrors, firstSightsOf, type ErrorCount } from './error-counts';
import type { Scope } from './scope';
import type { Stretch } from './stretches';
import { isWorse } from './worse';

/** A stretch, and how much was run in it. */
export interface RunStretch extends Stretch {
  readonly runs: number;
}

/** An error since the start, and how often it had happened before. */
interface Changed extends ErrorCount {
  readonly countBefore: number;
}

const MOST_ERRORS = 10;

/** Errors that had never been seen before the start, and those that are more frequent since; at most ten of each. */
export async function readChangedErrors(
  scope: Scope,
  since: RunStretch,
  before: RunStretch,
  startedAt: number,
): Promise<Pick<ReleaseChanges, 'newErrors' | 'worseErrors'>> {
  const counted = runsAlone(scope);
  const then = await countErrors(scope, before, counted);
  const errors = [...(await countErrors(scope, since, counted)).values()]
    .filter(({ fingerprint }) => fingerprint !== '')
    .map((error): Changed => ({ ...error, countBefore: then.get(error.fingerprint)?.count ?? 0 }))
    .sort(byCount);
  const maybeNew = errors.filter(({ countBefore }) => countBefore === 0);
  const firstSights = await firstSightsOf(scope, maybeNew.map(fingerprintOf));
  const isNew = (error: Changed): boolean =>
    error.countBefore === 0 && (firstSights.get(error.fingerprint) ?? error.first_seen_at) >= startedAt;
  // What was not kept apart before may have been any of them.
  const others = then.get('')?.count ?? 0;
  const isMore = ({ count, countBefore }: Changed): boolean =>
    isWorse({ events: count, runs: since.runs }, { events: countBefore + others, runs: before.runs });
  return {
    newErrors: await describe(scope, since, errors.filter(isNew).slice(0, MOST_ERRORS)),
    worseErrors: await describe(
      scope,
      since,
      errors.filter((error) => !isNew(error) && isMore(error)).slice(0, MOST_ERRORS),
    ),
  };
}

const fingerprintOf = ({ fingerprint }: ErrorCount): string => fingerprint;

/** Adds what is shown of them. */
async function describe(scope: Scope, since: Stretch, errors: readonly Changed[]): Promise<ErrorChange[]> {
  const counted = runsAlone(scope);
  const firstSights = await firstSightsOf(scope, errors.map(fingerprintOf));
  const described = await describeErrors(scope, since, errors, counted);
  return described.map(({ error, facts }) => ({
    ...facts,
    count: error.count,
    countBefore: error.countBefore,
    firstSeen: new Date(firstSights.get(error.fingerprint) ?? error.first_seen_at).toISOString(),
    lastSeen: new Date(error.last_seen_at).toISOString(),
  }));
}

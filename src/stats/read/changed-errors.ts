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
  // What was not kept apart before may have been any of them.
  const others = then.get('')?.count ?? 0;
  const isMore = ({ count, countBefore }: Changed): boolean =>
    isWorse({ events: count, runs: since.runs }, { events: countBefore + others, runs: before.runs });
  const candidates = errors.filter((error) => error.countBefore === 0 || isMore(error));
  const firstSights = await firstSightsOf(scope, candidates.map(fingerprintOf));
  const firstSeenAt = (error: Changed): number => firstSights.get(error.fingerprint) ?? error.first_seen_at;
  const isNew = (error: Changed): boolean => error.countBefore === 0 && firstSeenAt(error) >= startedAt;
  const fresh = candidates.filter(isNew).slice(0, MOST_ERRORS);
  const worse = candidates.filter((error) => !isNew(error) && isMore(error)).slice(0, MOST_ERRORS);
  const described = await describeErrors(scope, since, [...fresh, ...worse], counted);
  const changes = described.map(({ error, facts }): ErrorChange => ({
    ...facts,
    count: error.count,
    countBefore: error.countBefore,
    firstSeen: new Date(firstSeenAt(error)).toISOString(),
    lastSeen: new Date(error.last_seen_at).toISOString(),
  }));
  return { newErrors: changes.slice(0, fresh.length), worseErrors: changes.slice(fresh.length) };
}

const fingerprintOf = ({ fingerprint }: ErrorCount): string => fingerprint;

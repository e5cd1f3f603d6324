import type { Answer } from '../post/post';

const SECOND_MS = 1000;
/** Where Sentry does not say how long. */
const USUAL_SECONDS = 60;
/** Sentry's own library waits as long as it is told to, be it a year: an error of whoever stands in between. */
export const LONGEST_PAUSE_MS = 3_600_000;

/**
 * How long Sentry wants no more errors, in milliseconds: 0 to an hour.
 *
 * @param now milliseconds since the epoch.
 * @see https://develop.sentry.dev/sdk/expected-features/rate-limiting/
 */
export function pauseMs({ status, headers }: Pick<Answer, 'status' | 'headers'>, now: number): number {
  const limits = headers['x-sentry-rate-limits'];
  const after = headers['retry-after'];
  if (limits !== undefined) return bounded(Math.max(0, ...String(limits).split(',').map(limitMs)));
  if (after !== undefined)
    return bounded(secondsMs(after) ?? dateMs(after, now) ?? USUAL_SECONDS * SECOND_MS);
  return status === 429 ? USUAL_SECONDS * SECOND_MS : 0;
}

const bounded = (ms: number): number => Math.min(Math.max(ms, 0), LONGEST_PAUSE_MS);

/** One of `60:error;transaction:organization`; where no kind is named, all are meant. */
function limitMs(limit: string): number {
  const [seconds = '', kinds = ''] = limit.split(':');
  const isOfErrors = kinds === '' || kinds.split(';').includes('error');
  return isOfErrors ? (secondsMs(seconds) ?? USUAL_SECONDS * SECOND_MS) : 0;
}

function secondsMs(text: string): number | null {
  const seconds = Number.parseInt(text, 10);
  return Number.isNaN(seconds) ? null : seconds * SECOND_MS;
}

function dateMs(text: string, now: number): number | null {
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at - now;
}

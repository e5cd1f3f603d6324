import { RATE_LIMIT_SCOPES, type RateLimitScope, type RestAttempted } from '../../telemetry/event';

/** What came of one request on the wire. */

/** As much of an answer as is looked at: its body is not ours to read. */
export interface Head {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
}

const TOO_MANY_REQUESTS = 429;
const SCOPES: ReadonlyMap<string, RateLimitScope> = new Map(RATE_LIMIT_SCOPES.map((scope) => [scope, scope]));
/** Node.js and undici, which has limits of its own: for the connection, the headers and the body. */
const TIMEOUT_CODES = /^(?:ETIMEDOUT|UND_ERR_\w+_TIMEOUT)$/;

/** Whose limit a 429 is about: the user's where it does not say, as discord.js takes it. Null for any other answer. */
export function scopeOf({ status, headers }: Head): RateLimitScope | null {
  if (status !== TOO_MANY_REQUESTS) return null;
  if (headers.get('x-ratelimit-global') !== null) return 'global';
  return rateLimitScope(headers.get('x-ratelimit-scope'));
}

/** The scope of that name; the user's if there is none. */
export function rateLimitScope(name: string | null): RateLimitScope {
  return SCOPES.get(name ?? '') ?? 'user';
}

/**
 * Why an attempt had no answer.
 *
 * @param error what was thrown.
 * @param isEnded whether discord.js has ended the attempt: because its time was up, or because it was told to.
 * @param isTold whether whoever made the call has told it to.
 */
export function missingAnswer(
  error: unknown,
  isEnded: boolean,
  isTold: boolean,
): Exclude<RestAttempted['status'], number> {
  if (isEnded) return isTold ? 'aborted' : 'timeout';
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'string' && TIMEOUT_CODES.test(code) ? 'timeout' : 'network_error';
}

import { setTimeout as sleep } from 'node:timers/promises';
import { isOfNetwork, RefusedError } from '../post/failure';
import type { Answer } from '../post/post';

/** Asks once more where that may help, as OTLP has it: https://opentelemetry.io/docs/specs/otlp/#otlphttp-response */

const MAY_PASS: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 5000;
const GROWTH = 1.5;
/** Part of a pause that is left to chance: bots that lose a collector together are not to come back together. */
const JITTER = 0.2;

type Post = (signal: AbortSignal) => Promise<Answer>;

export interface RepeatOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Posts, and repeats while there is hope and time. The time that the other side asks for (`Retry-After`) is kept.
 *
 * @returns the answer, a 2xx.
 * @throws Error if there is none in time.
 */
export async function postRepeatedly(post: Post, options: RepeatOptions): Promise<Answer> {
  // A signal that only waits, as that of AbortSignal.timeout, is lost to the garbage collector: this timer is held.
  const ending = new AbortController();
  const abort = (): void => ending.abort();
  const timer = setTimeout(abort, options.timeoutMs).unref();
  options.signal.addEventListener('abort', abort);
  if (options.signal.aborted) abort();
  try {
    return await repeat(post, { ...options, signal: ending.signal });
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', abort);
  }
}

async function repeat(post: Post, { timeoutMs, signal, random, now }: RepeatOptions): Promise<Answer> {
  const until = now() + timeoutMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * GROWTH, LONGEST_PAUSE_MS)) {
    const failure = await attempt(post, signal, now);
    if ('answer' in failure) return failure.answer;
    const waitMs = failure.retryAfterMs ?? pauseMs * (1 - JITTER + 2 * JITTER * random());
    if (signal.aborted) throw new Error(`no answer within ${timeoutMs / 1000} s`);
    if (!failure.mayPass || now() + waitMs > until) throw failure.error;
    await sleep(waitMs, undefined, { ref: false, signal });
  }
}

type Attempt =
  | { readonly answer: Answer }
  | { readonly error: unknown; readonly mayPass: boolean; readonly retryAfterMs: number | null };

async function attempt(post: Post, signal: AbortSignal, now: () => number): Promise<Attempt> {
  try {
    const answer = await post(signal);
    const { status, headers } = answer;
    if (status >= 200 && status < 300) return { answer };
    return {
      error: new RefusedError(answer),
      mayPass: MAY_PASS.has(status),
      retryAfterMs: retryAfterMs(headers['retry-after'], now()),
    };
  } catch (error) {
    return { error, mayPass: isOfNetwork(error), retryAfterMs: null };
  }
}

/** Seconds or a date: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
function retryAfterMs(text: string | undefined, now: number): number | null {
  if (text === undefined) return null;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(ms) ? null : Math.max(ms, FIRST_PAUSE_MS);
}

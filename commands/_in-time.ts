import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../src/logging/logger';
import { StoreUnavailableError } from '../src/stats/stats';
import type { Invocation } from '../src/telemetry/event';

/** Discord gives up 3 s after it created an interaction; the answer has its own way to go. */
const DEFER_AFTER_MS = 1800;
/** Half of what Discord gives: the numbers are the answer, and must not miss it for what they can do without. */
const EXTRA_LIMIT_MS = 1500;

/**
 * Waits for an answer that is being prepared, as long as Discord does not have to be told that it will come later. Never
 * rejects.
 *
 * @returns whether it has to be told now.
 */
export async function takesLong(answer: Promise<unknown>, invocation: Invocation): Promise<boolean> {
  const deliveryMs = Math.max(0, invocation.receivedAt - invocation.createdAt);
  const settled = (): boolean => false;
  return within(answer.then(settled, settled), Math.max(0, DEFER_AFTER_MS - deliveryMs), true);
}

/**
 * What an answer can do without; null where it cannot be had in time. Never rejects.
 *
 * @param warning what is logged where it fails; not of a store that is away, which the answer itself speaks of.
 */
export async function unlessLate<Extra>(
  extra: Promise<Extra>,
  warning: string,
  log: Pick<Logger, 'warn'>,
): Promise<Extra | null> {
  try {
    return await within(extra, EXTRA_LIMIT_MS, null);
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) log.warn(warning, { error });
    return null;
  }
}

/** What the promise gives, or that other value if it takes longer. */
async function within<Value, Late>(
  promise: Promise<Value>,
  limitMs: number,
  late: Late,
): Promise<Value | Late> {
  const over = new AbortController();
  try {
    return await Promise.race([promise, sleep(limitMs, late, { signal: over.signal })]);
  } finally {
    over.abort();
  }
}

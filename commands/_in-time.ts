import { setTimeout as sleep } from 'node:timers/promises';
import type { Invocation } from '../src/telemetry/event';

/** Discord gives up 3 s after it created an interaction; the answer has its own way to go. */
const DEFER_AFTER_MS = 1800;

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

/** What the promise gives, or that other value if it takes longer. */
export async function within<Value, Late>(
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

import { setTimeout as delay } from 'node:timers/promises';

export interface Patience {
  /** How long it may take without progress. */
  readonly quietMs: number;
  /** When there was progress, on the clock of `performance.now()`. */
  readonly progressAt: () => number;
  /** When patience ends in any case, on that clock. */
  readonly until: number;
}

/** Waits for the work, however it ends. False where patience ended first. Never rejects. */
export async function withPatience(
  work: Promise<unknown>,
  { quietMs, progressAt, until }: Patience,
): Promise<boolean> {
  const startedAt = performance.now();
  const timeout = new AbortController();
  const end = work.then(
    () => true,
    () => true,
  );
  try {
    for (;;) {
      const endsAt = Math.min(until, Math.max(startedAt, progressAt()) + quietMs);
      const leftMs = endsAt - performance.now();
      if (leftMs <= 0) return false;
      if (await Promise.race([end, delay(leftMs, false, { signal: timeout.signal })])) return true;
    }
  } finally {
    timeout.abort();
  }
}

/** How long the event loop was blocked, and when: what tells a slow handler from one that was not let run. */
export interface EventLoopWatch {
  /**
   * Seconds of this time in which the loop was blocked, each stall of more than 50 ms counted; also one that is
   * just ending, whose end the watch itself has not seen. The newest 1,024 stalls are remembered.
   *
   * @param from, to monotonic milliseconds.
   */
  blockedSecondsBetween(this: void, from: number, to: number): number;
  close(this: void): void;
}

/**
 * Between looks at the clock. A stall is known that exactly: what is counted of it is never more than it was. To be
 * woken for a look costs 0.1 ms where nothing else goes on: 0.2 % of a core.
 */
const INTERVAL_MS = 50;
const SHORTEST_STALL_MS = 50;
/** More than the last 100 s, at the worst: there is no more than one stall in 100 ms. */
const REMEMBERED_STALLS = 1024;

interface Stall {
  readonly from: number;
  readonly to: number;
}

/**
 * Watches the event loop with a timer: where it goes off late, the loop was blocked. Keeps no process alive.
 *
 * @param options.monotonic milliseconds that never go back.
 */
export function createEventLoopWatch({ monotonic }: { readonly monotonic: () => number }): EventLoopWatch {
  const stalls: Stall[] = []; // A ring, once it is full.
  let next = 0;
  let lookedAt = monotonic();

  function stallUntil(now: number): Stall | null {
    const from = lookedAt + INTERVAL_MS;
    return now - from > SHORTEST_STALL_MS ? { from, to: now } : null;
  }

  function look(): void {
    const now = monotonic();
    const stall = stallUntil(now);
    lookedAt = now;
    if (stall === null) return;
    stalls[next] = stall;
    next = (next + 1) % REMEMBERED_STALLS;
  }

  const timer = setInterval(look, INTERVAL_MS).unref();
  return {
    blockedSecondsBetween(from, to) {
      const open = stallUntil(monotonic());
      let blockedMs = open === null ? 0 : overlap(open, from, to);
      for (const stall of stalls) blockedMs += overlap(stall, from, to);
      return blockedMs / 1000;
    },
    close: () => clearInterval(timer),
  };
}

function overlap(stall: Stall, from: number, to: number): number {
  return Math.max(0, Math.min(stall.to, to) - Math.max(stall.from, from));
}

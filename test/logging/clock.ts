import type { Later } from '../../src/logging/level-control';

export interface ManualClock {
  readonly now: () => number;
  readonly later: Later;
  /** Lets that many milliseconds pass, and calls what was to be called in them, each at its time. */
  advance(milliseconds: number): void;
  /** Only what the clock says; timers go on. */
  setBack(milliseconds: number): void;
  /** Calls that are still to come. */
  waiting(): number;
}

/** A clock that stands still unless it is told otherwise. */
export function createManualClock(start: number): ManualClock {
  const calls = new Set<{ readonly at: number; readonly call: () => void }>();
  let at = start;
  let offset = 0;
  const next = (until: number) =>
    [...calls]
      .filter((one) => one.at <= until)
      .sort((a, b) => a.at - b.at)
      .at(0);
  return {
    now: () => at - offset,
    later(milliseconds, call) {
      const one = { at: at + milliseconds, call };
      calls.add(one);
      return () => void calls.delete(one);
    },
    advance(milliseconds) {
      const until = at + milliseconds;
      for (let due = next(until); due !== undefined; due = next(until)) {
        calls.delete(due);
        at = due.at;
        due.call();
      }
      at = until;
    },
    setBack: (milliseconds) => void (offset += milliseconds),
    waiting: () => calls.size,
  };
}

/**
 * Keeps a thread from being ended while it is inside SQLite. libsql does not survive that: it ends the whole process.
 * So a thread passes a gate for each call, and whoever ends it, or the process, shuts the gate first.
 */
export interface Gate {
  through<Result>(this: void, call: () => Result): Result;
}

const OPEN = 0;
const INSIDE = 1;
const SHUT = 2;

/** What a thread and whoever ends it share. */
export function createGateMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
}

/** For the thread. Once the gate is shut it waits there for its end. Calls must not be nested. */
export function gateOf(memory: SharedArrayBuffer): Gate {
  const state = new Int32Array(memory);
  return {
    through(call) {
      while (Atomics.compareExchange(state, 0, OPEN, INSIDE) !== OPEN) Atomics.wait(state, 0, SHUT);
      try {
        return call();
      } finally {
        Atomics.store(state, 0, OPEN);
        Atomics.notify(state, 0);
      }
    },
  };
}

/** For whoever runs in no thread that somebody ends. */
export const NO_GATE: Gate = { through: (call) => call() };

/**
 * For whoever ends the thread: waits, blocking, until it is inside no call, for at most so long, and lets it into no
 * other. Gives whether it may be ended now. With a limit of 0 it does not wait.
 */
export function shutGate(memory: SharedArrayBuffer, limitMs: number): boolean {
  const state = new Int32Array(memory);
  const until = performance.now() + limitMs;
  while (Atomics.compareExchange(state, 0, OPEN, SHUT) === INSIDE) {
    const leftMs = until - performance.now();
    if (leftMs <= 0) return false;
    Atomics.wait(state, 0, INSIDE, leftMs);
  }
  return true;
}

interface Waiter {
  readonly holds: () => boolean;
  readonly settle: (error: Error | null) => void;
}

/** Promises for conditions, which are asked again whenever something has changed. */
export interface Waiters {
  /** Rejected after `timeoutMs`, or when all is closed; `describe` then says how things stand. */
  until(holds: () => boolean, timeoutMs: number, describe: () => string): Promise<void>;
  changed(): void;
  close(): void;
}

/** With `pollMs`, conditions are asked again that often as well, for those that hang on something outside. */
export function createWaiters(pollMs?: number): Waiters {
  const waiting = new Set<Waiter>();
  let closed = false;

  const until = (holds: () => boolean, timeoutMs: number, describe: () => string): Promise<void> =>
    new Promise((resolve, reject) => {
      if (holds()) return resolve();
      if (closed) return reject(new Error(`The simulator is closed. ${describe()}`));
      const settle = (error: Error | null): void => {
        clearTimeout(timer);
        clearInterval(poll);
        waiting.delete(waiter);
        if (error === null) resolve();
        else reject(new Error(`${error.message} ${describe()}`));
      };
      const ask = (): void => {
        if (holds()) settle(null);
      };
      const timer = setTimeout(() => settle(new Error(`Waited ${timeoutMs} ms in vain.`)), timeoutMs);
      const poll = pollMs === undefined ? undefined : setInterval(ask, pollMs);
      const waiter: Waiter = { holds, settle };
      waiting.add(waiter);
    });

  return {
    until,
    changed() {
      for (const waiter of waiting) if (waiter.holds()) waiter.settle(null);
    },
    close() {
      closed = true;
      for (const waiter of waiting) waiter.settle(new Error('The simulator was closed.'));
    },
  };
}

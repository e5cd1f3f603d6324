import type { Ending } from './outcome';

/** The times at which a run is given up: first its handler, then, at an exit alone, also telling the user. */
export interface Limits {
  /** Gives the signal that is aborted at the same time. */
  readonly signal: () => AbortSignal;
  /** Resolves when the handler's time is up. */
  readonly expired: Promise<Ending>;
  /** Resolves when nobody can wait for the answer any more. */
  readonly abandoned: Promise<void>;
  readonly expire: () => void;
  readonly abandon: () => void;
  readonly clear: () => void;
}

/** Starts a run's time. `monotonic` gives milliseconds. */
export function createLimits(seconds: number, monotonic: () => number): Limits {
  let controller: AbortController | null = null;
  let isOver = false;
  const startedAt = monotonic();
  let expire: () => void = () => undefined;
  let abandon: () => void = () => undefined;
  const expired = new Promise<Ending>((resolve) => {
    expire = () => {
      resolve({ kind: 'timed_out', afterSeconds: (monotonic() - startedAt) / 1000 });
      isOver = true;
      controller?.abort(new TimeUpError());
    };
  });
  const abandoned = new Promise<void>((resolve) => {
    abandon = resolve;
  });
  // Whoever waits for the run keeps the process; a limit alone does not.
  const timer = setTimeout(expire, Math.min(seconds * 1000, LONGEST_TIMER_MS)).unref();
  const signal = (): AbortSignal => {
    controller ??= new AbortController();
    if (isOver) controller.abort(new TimeUpError());
    return controller.signal;
  };
  return { signal, expired, abandoned, expire, abandon, clear: () => clearTimeout(timer) };
}

/** Node's; a timer that is set to more goes off at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** What a command's signal is aborted with. */
class TimeUpError extends Error {
  override readonly name = 'TimeUpError';
  constructor() {
    super('The time of this command is up.');
  }
}

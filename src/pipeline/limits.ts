import type { Ending } from './outcome';

/**
 * The times at which a run is given up: first its handler, then, at an exit alone, also telling the user. Told by calls
 * and not by promises, of which every command would pay for several that hardly any needs.
 */
export class Limits {
  readonly #startedAt: number;
  readonly #timer: NodeJS.Timeout;
  #controller: AbortController | null = null;
  #ending: Ending | null = null;
  #isAbandoned = false;
  #onExpired: ((ending: Ending) => void) | null = null;
  #onAbandoned: (() => void)[] = [];

  /** Starts a run's time. `monotonic` gives milliseconds. */
  constructor(
    seconds: number,
    private readonly monotonic: () => number,
  ) {
    this.#startedAt = monotonic();
    // Whoever waits for the run keeps the process; a limit alone does not.
    this.#timer = setTimeout(() => this.expire(), Math.min(seconds * 1000, LONGEST_TIMER_MS)).unref();
  }

  /** Gives the signal that is aborted when the handler's time is up. */
  readonly signal = (): AbortSignal => {
    this.#controller ??= new AbortController();
    if (this.#ending !== null) this.#controller.abort(new TimeUpError());
    return this.#controller.signal;
  };

  /** Calls when the handler's time is up; at once where it is. For one reader. */
  onExpired(expired: (ending: Ending) => void): void {
    if (this.#ending === null) this.#onExpired = expired;
    else expired(this.#ending);
  }

  /** Calls when nobody can wait for the answer any more; at once where nobody can. */
  onAbandoned(abandoned: () => void): void {
    if (this.#isAbandoned) abandoned();
    else this.#onAbandoned.push(abandoned);
  }

  readonly expire = (): void => {
    if (this.#ending !== null) return;
    this.#ending = { kind: 'timed_out', afterSeconds: (this.monotonic() - this.#startedAt) / 1000 };
    this.#onExpired?.(this.#ending);
    this.#controller?.abort(new TimeUpError());
  };

  abandon(): void {
    this.#isAbandoned = true;
    for (const abandoned of this.#onAbandoned.splice(0)) abandoned();
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
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

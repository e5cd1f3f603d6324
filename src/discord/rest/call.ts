import type { RestAttempted, RestCallSettled } from '../../telemetry/event';
import { methodOf, routeOf } from './route-of';

const ALREADY_ACKNOWLEDGED = 40060;

/** One logical call, over all its attempts. Times are monotonic milliseconds. */
export class Call {
  readonly method: string;
  readonly route: string;
  /** With which whoever made the call may end it. */
  readonly signal: AbortSignal | null;
  #attempts = 0;
  #waitMs = 0;
  #idleSince: number;
  #status: RestAttempted['status'] | null = null;

  constructor(
    request: {
      readonly method: string;
      readonly fullRoute: string;
      readonly signal?: AbortSignal | undefined;
    },
    private readonly startedAt: number,
  ) {
    this.method = methodOf(request.method);
    this.route = routeOf(request.fullRoute);
    this.signal = request.signal ?? null;
    this.#idleSince = startedAt;
  }

  /** To be called as an attempt goes out. */
  sent(at: number): void {
    this.#attempts += 1;
    this.#waitMs += at - this.#idleSince;
  }

  /** To be called when that attempt has its answer, or will have none. */
  returned(at: number, status: RestAttempted['status']): void {
    this.#idleSince = at;
    this.#status = status;
  }

  /** Of the last attempt; null if there was none. */
  get status(): RestAttempted['status'] | null {
    return this.#status;
  }

  /** Whether Discord calls a repeated answer the second one (40060): it took the first, whose receipt was lost. */
  wasTakenBefore(error: unknown): boolean {
    return this.#attempts > 1 && codeOf(error) === ALREADY_ACKNOWLEDGED;
  }

  /**
   * @param failure what was thrown; null if nothing was.
   */
  settled(at: number, failure: { readonly error: unknown } | null): RestCallSettled {
    // What follows the last attempt is no wait: the body is read.
    const waitMs = this.#attempts === 0 ? at - this.startedAt : this.#waitMs;
    return {
      type: 'rest_call_settled',
      method: this.method,
      route: this.route,
      attempts: this.#attempts,
      outcome: failure === null ? 'ok' : 'failed',
      code: failure === null ? null : codeOf(failure.error),
      durationSeconds: (at - this.startedAt) / 1000,
      waitSeconds: waitMs / 1000,
    };
  }
}

/** Discord's errors are known by their shape, not their class: there may be another copy of discord.js. */
function codeOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('rawError' in error)) return null;
  return 'code' in error && typeof error.code === 'number' ? error.code : null;
}

import { AsyncLocalStorage } from 'node:async_hooks';
import type { REST } from 'discord.js';
import type { Logger } from '../../logging/logger';
import { beginOperation } from '../../telemetry/operations';
import type {
  Invocation,
  RateLimitScope,
  RestAttempted,
  RestOperation,
  TelemetryEvent,
} from '../../telemetry/event';
import { createAnswers, type Answers, type AnswerWatch } from '../answers';
import { missingAnswer, rateLimitScope, scopeOf } from './attempt';
import { Call } from './call';
import { createClockOffset } from './clock-offset';
import { createClockWarning } from './clock-warning';
import { createInvalidRequests } from './invalid-requests';
import { createRateLimitWarning } from './rate-limit-warning';
import { replaceFunction } from './replace';
import { hostOf, methodOf, routeOfUrl } from './route-of';

/** As much of a discord.js REST client as is watched: it may come from another copy of the library than ours. */
export type WatchedRest = Pick<REST, 'request' | 'options' | 'on' | 'off'>;

export interface RestWatchOptions {
  readonly record: (event: TelemetryEvent) => void;
  /** Milliseconds since the epoch, by our clock. */
  readonly now: () => number;
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
  readonly logger: Logger;
  /** In whose name the code runs that is running; null in nobody's. */
  readonly running: () => Invocation | null;
}

export interface RestWatch {
  /** The first answers to interactions, as they go by. */
  readonly answers: Answers;
  /** Whether a request threw this very error, and was not ended by whoever made it. */
  hasThrown(this: void, error: object): boolean;
  /** How far our clock is ahead of Discord's; null until it is known to a quarter of a second, or of itself. */
  clockOffsetSeconds(this: void): number | null;
  /** Requests that Discord answered with 401, 403 or 429 (shared ones apart) in the last 10 minutes. */
  invalidRequests(this: void): number;
  /** Gives the client its own functions back. What is on its way is not recorded any more. Idempotent. */
  close(this: void): void;
}

/**
 * Watches all that a discord.js client asks of Discord's REST API: each attempt on the wire, each call over all its
 * attempts, and what discord.js holds back. What the client gives and throws stays what it was: the bodies are not
 * read, and a fault in here is passed over.
 */
export function watchRest(rest: WatchedRest, options: RestWatchOptions): RestWatch {
  const { monotonic, logger } = options;
  const answers = createAnswers(monotonic);
  let isClosed = false;
  const record = (event: TelemetryEvent): void => {
    if (!isClosed) options.record(event);
  };
  const facts = createFacts({ ...options, record });

  function aside<Result>(look: () => Result): Result | null {
    try {
      return look();
    } catch (error) {
      logger.debug('A request to Discord could not be looked at.', { error });
      return null;
    }
  }

  const calls = new AsyncLocalStorage<Call>();
  const thrown = new WeakSet<object>();
  const watch = { ...options, record, rest, answers, facts, aside, calls, thrown, isClosed: () => isClosed };
  const giveBackRequest = replaceFunction(rest, 'request', (request) => watchedRequest(request, watch));
  const giveBackMakeRequest = replaceFunction(rest.options, 'makeRequest', (make) =>
    watchedMakeRequest(make, watch),
  );
  const heldBack = ({ global, scope }: { readonly global: boolean; readonly scope: string }): void => {
    aside(() => record({ type: 'rest_held_back', scope: global ? 'global' : rateLimitScope(scope) }));
  };
  rest.on('rateLimited', heldBack);

  return {
    answers,
    hasThrown: (error) => thrown.has(error),
    clockOffsetSeconds: facts.clockOffsetSeconds,
    invalidRequests: facts.invalidRequests,
    close() {
      isClosed = true;
      rest.off('rateLimited', heldBack);
      giveBackRequest();
      giveBackMakeRequest();
    },
  };
}

interface Watch extends RestWatchOptions {
  readonly isClosed: () => boolean;
  readonly rest: WatchedRest;
  readonly answers: AnswerWatch;
  readonly facts: ReturnType<typeof createFacts>;
  /** From a call to its attempts, through the queues of discord.js. */
  readonly calls: AsyncLocalStorage<Call>;
  /** What requests threw. */
  readonly thrown: WeakSet<object>;
  /** Does what is ours alone: whatever happens in it, the client does not notice. Null if nothing came of it. */
  aside<Result>(this: void, look: () => Result): Result | null;
}

type Request = WatchedRest['request'];
type MakeRequest = WatchedRest['options']['makeRequest'];

// Both substitutes await what they call, in place of hanging a second reader on its promise: with two readers Node.js
// loses the line of the command in the stack of an error, and no longer notices that nobody handles it.

function watchedRequest(original: Request, watch: Watch): Request {
  const { rest, answers, calls, thrown, monotonic, aside } = watch;
  return async (request) => {
    const call = watch.isClosed() ? null : aside(() => new Call(request, monotonic()));
    if (call === null) return original.call(rest, request);
    const answer = aside(() => answers.sent(request));
    const settle = aside(() => noted(call, watch));
    try {
      const result = await calls.run(call, () => original.call(rest, request));
      aside(() => answer?.accepted());
      aside(() => settle?.(null));
      return result;
    } catch (error) {
      if (typeof error === 'object' && error !== null && call.signal?.aborted !== true) thrown.add(error);
      aside(() => (call.wasTakenBefore(error) ? answer?.accepted() : answer?.refused(error)));
      aside(() => settle?.({ error }));
      throw error;
    }
  };
}

/**
 * A call begins, in the name of the invocation that makes it.
 *
 * @returns what is to be called at its end: then it is recorded, and remembered with that invocation.
 */
function noted(
  call: Call,
  { rest, running, record, now, monotonic }: Watch,
): (failure: Failure | null) => void {
  const startedAt = now();
  const host = hostOf(rest.options.api);
  const operation = (failure: Failure | null, at: number): RestOperation => {
    const { method, route, attempts, code, durationSeconds, waitSeconds } = call.settled(at, failure);
    return {
      kind: 'rest',
      method,
      route,
      host,
      attempts,
      status: call.status,
      code,
      startedAt,
      durationSeconds,
      waitSeconds,
    };
  };
  const end = beginOperation(running(), () => ({ isUnfinished: true, ...operation(null, monotonic()) }));
  return (failure) => {
    const at = monotonic();
    record(call.settled(at, failure));
    end(operation(failure, at));
  };
}

/** What a call threw. */
interface Failure {
  readonly error: unknown;
}

function watchedMakeRequest(original: MakeRequest, watch: Watch): MakeRequest {
  const { rest, facts, calls, now, aside } = watch;
  return async (url, init) => {
    const { signal } = init;
    const isSent = signal?.aborted !== true; // What was ended before it began does not go over the wire.
    const attempt = isSent && !watch.isClosed() ? aside(() => begin(url, init.method, watch)) : null;
    if (attempt === null) return original.call(rest.options, url, init);
    const sentAt = now();
    try {
      const response = await original.call(rest.options, url, init);
      aside(() => facts.attempted(attempt.ended(response.status, scopeOf(response))));
      aside(() => facts.dated(response.headers.get('date'), sentAt));
      return response;
    } catch (error) {
      const isTold = calls.getStore()?.signal?.aborted === true;
      const status = missingAnswer(error, signal?.aborted === true, isTold);
      aside(() => facts.attempted(attempt.ended(status, null)));
      throw error;
    }
  };
}

/** An attempt goes out: in the name of its call, if it has one. */
function begin(url: string, method: string | undefined, { rest, calls, monotonic }: Watch) {
  const call = calls.getStore();
  const startedAt = monotonic();
  call?.sent(startedAt);
  return {
    ended(status: RestAttempted['status'], scope: RateLimitScope | null): RestAttempted {
      const endedAt = monotonic();
      call?.returned(endedAt, status);
      return {
        type: 'rest_attempted',
        method: call?.method ?? methodOf(method ?? 'GET'),
        route: call?.route ?? routeOfUrl(url, rest.options.api),
        status,
        durationSeconds: (endedAt - startedAt) / 1000,
        rateLimitScope: scope,
      };
    },
  };
}

/** What is learned from the attempts, beside their being recorded. */
function createFacts({ record, now, monotonic, logger }: RestWatchOptions) {
  const invalid = createInvalidRequests({ monotonic, logger });
  const warnOfRateLimit = createRateLimitWarning(monotonic, logger);
  const clock = createClockOffset();
  const warnOfClock = createClockWarning(clock, logger);
  return {
    attempted(attempt: RestAttempted): void {
      record(attempt);
      invalid.add(attempt);
      warnOfRateLimit(attempt);
    },
    dated(date: string | null, sentAt: number): void {
      clock.add({ sentAt, receivedAt: now(), date });
      warnOfClock();
    },
    clockOffsetSeconds(this: void): number | null {
      const ms = clock.offsetMs();
      return ms === null ? null : ms / 1000;
    },
    invalidRequests(this: void): number {
      return invalid.count();
    },
  };
}

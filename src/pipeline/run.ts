import type { Logger } from '../logging/logger';
import type { InvocationContext } from '../logging/context';
import {
  ANSWER_DEADLINE_SECONDS,
  type FailureReason,
  type Invocation,
  type InvocationSettled,
  type Outcome,
  type TelemetryEvent,
} from '../telemetry/event';
import type { Answer } from './answer';
import { createLimits, type Limits } from './limits';
import { judgeAnswer, judgeEnding, type Ending } from './outcome';

/** One run, timed and judged. */

export interface Job {
  readonly invocation: Invocation;
  /** Monotonic milliseconds at the receipt. */
  readonly startedAt: number;
  readonly timeoutSeconds: number;
  readonly answer: Answer;
  /**
   * May throw, reject or never end; it is called inside the `try`.
   *
   * @param signal gives the signal that is aborted when the time is up. It is made when it is first asked for: few
   * commands ask, and it would cost every one of them.
   */
  readonly handler: (signal: () => AbortSignal) => unknown;
  /** Shows the user that it was refused or has failed. */
  readonly tell: (outcome: Exclude<Outcome, { kind: 'ok' }>) => Promise<void>;
}

export interface RunnerOptions {
  readonly record: (event: TelemetryEvent) => void;
  readonly context: InvocationContext;
  readonly logger: Logger;
  readonly classify: (error: unknown) => FailureReason;
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
}

export interface Runner {
  /** Runs a job. Resolves with its outcome when it has settled and is recorded; never rejects. */
  run(job: Job): Promise<Outcome>;
  inFlight(): number;
  /**
   * Waits for what is in flight. After the limit every run still going is told so through its signal, and settles as
   * a timeout, at most 2 s later: nothing leaves uncounted.
   *
   * @returns how many had to be ended.
   */
  drain(limitMs: number): Promise<number>;
}

/** A refusal after which no other try can succeed: the interaction is gone, or somebody else has answered. */
const FINAL_REFUSALS: readonly FailureReason[] = ['unknown_interaction', 'already_acknowledged'];

/** A run is settled without waiting longer for the user to be told how it ended; at an exit even sooner. */
const TELLING_LIMIT_MS = 5000;
const TELLING_AT_EXIT_LIMIT_MS = 2000;

/** Opens a runner: every invocation goes through its `run`, and is recorded exactly once. */
export function createRunner(options: RunnerOptions): Runner {
  const { record, context, logger, classify, monotonic } = options;
  const running = new Set<Running>();

  async function tell(job: Job, outcome: Exclude<Outcome, { kind: 'ok' }>): Promise<void> {
    // Whoever's interaction is gone, or was answered by another process, can be told nothing.
    if (outcome.kind === 'failed' && FINAL_REFUSALS.includes(outcome.reason)) return;
    try {
      await job.answer.idle();
      await job.tell(outcome);
    } catch (error) {
      logger.debug('The user could not be told how the command ended.', { error });
    }
  }

  async function settle(job: Job, limits: Limits): Promise<Outcome> {
    const { invocation, answer, startedAt } = job;
    const deliveryMs = Math.max(0, invocation.receivedAt - invocation.createdAt);
    const ending = await endingOf(job.handler, limits);
    const judged = judgeEnding(ending, classify);
    if (judged.kind !== 'ok') {
      await within(Promise.race([tell(job, judged), limits.abandoned]), TELLING_LIMIT_MS);
    }

    const remainingMs = ANSWER_DEADLINE_SECONDS * 1000 - deliveryMs - (monotonic() - startedAt);
    const final = (error: unknown): boolean => FINAL_REFUSALS.includes(classify(error));
    const known = answer.known(remainingMs, final);
    if (answer.accepted === null) void limits.abandoned.then(() => answer.giveUp());
    await known;
    const deadline = answer.result;
    const outcome = judgeAnswer(judged, deadline, answer.refusal, classify);
    const { accepted } = answer;
    const afterCreationSeconds = (deliveryMs + (accepted?.at ?? 0) - startedAt) / 1000;
    // Node 20 takes 5 µs to add properties to an object that begins with a spread, and 0.2 µs for one that ends with it.
    record({
      type: 'invocation_settled',
      outcome,
      durationSeconds: (monotonic() - startedAt) / 1000,
      ack: accepted === null ? null : { kind: accepted.kind, afterCreationSeconds },
      deadline,
      ...invocation,
    } satisfies InvocationSettled);
    return outcome;
  }

  /** Should the judging itself fail, the run is counted all the same. */
  function settleFault({ invocation, startedAt }: Job, fault: unknown): Outcome {
    const outcome = { kind: 'failed', reason: 'exception', error: fault } as const;
    const durationSeconds = (monotonic() - startedAt) / 1000;
    record({
      type: 'invocation_settled',
      outcome,
      durationSeconds,
      ack: null,
      deadline: 'unanswered',
      ...invocation,
    });
    return outcome;
  }

  return {
    async run(job) {
      record({ type: 'invocation_received', ...job.invocation });
      // Within the context, so that whoever hears of the end of the time logs in this invocation's name.
      const limits = context.run(job.invocation, () => createLimits(job.timeoutSeconds, monotonic));
      const settled = context
        .run(job.invocation, () => settle(job, limits))
        .catch((fault: unknown) => settleFault(job, fault));
      const entry = { invocation: job.invocation, limits, settled };
      running.add(entry);
      try {
        return await settled;
      } finally {
        running.delete(entry);
        limits.clear();
      }
    },
    inFlight: () => running.size,
    async drain(limitMs) {
      const all = async (): Promise<void> => {
        while (running.size > 0) await Promise.allSettled([...running].map((entry) => entry.settled));
      };
      if (await within(all(), limitMs)) return 0;
      const left = running.size;
      for (const { invocation, limits } of running) context.run(invocation, limits.expire);
      if (await within(all(), TELLING_AT_EXIT_LIMIT_MS)) return left;
      for (const { limits } of running) limits.abandon();
      await all();
      return left;
    },
  };
}

interface Running {
  readonly invocation: Invocation;
  readonly limits: Limits;
  readonly settled: Promise<unknown>;
}

/** Calls the handler so that whatever it does is an ending: a throw at once, a rejection, or nothing at all. */
async function endingOf(handler: Job['handler'], limits: Limits): Promise<Ending> {
  const ended = (async (): Promise<Ending> => {
    try {
      await handler(limits.signal);
      return { kind: 'returned' };
    } catch (error) {
      return { kind: 'threw', error };
    }
  })();
  return Promise.race([ended, limits.expired]);
}

/** Waits for a promise, at most so long. Gives whether it was in time. */
async function within(promise: Promise<unknown>, limitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  const inTime = await Promise.race([promise.then(() => true), limit]);
  clearTimeout(timer);
  return inTime;
}

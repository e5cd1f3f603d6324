import { setImmediate } from 'node:timers/promises';
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
import { addUnfinished } from '../telemetry/operations';
import { within } from '../within';
import type { Answer } from './answer';
import { startDeferral, type Deferral } from './deferral';
import { deliverySecondsOf, latenessOf, type DelaySources } from './delays';
import { Limits } from './limits';
import { judgeAnswer, judgeEnding, judgeLeftThinking, type Ending } from './outcome';

/** One run, timed and judged. */

export interface Job {
  readonly invocation: Invocation;
  /** Monotonic milliseconds at the receipt. */
  readonly startedAt: number;
  readonly timeoutSeconds: number;
  /** Null where Discord waits for none, as to a message: the run settles when its handler ends. */
  readonly answer: Answer | null;
  readonly defer: Deferral | null;
  /**
   * Asks Discord whether its user still sees that the bot is "thinking"; never rejects. Null where a handler that has returned may go
   * on working, as in the bots of others: it is not judged by that.
   */
  readonly isThinking: (() => Promise<boolean>) | null;
  /**
   * May throw, reject or never end; it is called inside the `try`.
   *
   * @param signal gives the signal that is aborted when the time is up. It is made when it is first asked for: few
   * commands ask, and it would cost every one of them.
   */
  readonly handler: (signal: () => AbortSignal) => unknown;
  /** Shows the user that it was refused or has failed; null where the bot's own code does that. */
  readonly tell: ((outcome: Exclude<Outcome, { kind: 'ok' }>) => Promise<void>) | null;
}

export interface RunnerOptions extends DelaySources {
  readonly record: (event: TelemetryEvent) => void;
  readonly context: InvocationContext;
  readonly logger: Logger;
  readonly classify: (error: unknown) => FailureReason;
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
  /** Resolves in the next turn of the event loop; Node's own without it. */
  readonly nextTurn?: () => Promise<void>;
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

/** Nobody is told over an answer that a command left to come by itself, if it is on its way so soon after the return. */
const LEFT_THINKING_MS = 3000;

/** A run is settled without waiting longer for the user to be told how it ended; at an exit even sooner. */
const TELLING_LIMIT_MS = 5000;
const TELLING_AT_EXIT_LIMIT_MS = 2000;

/** Opens a runner: every invocation goes through its `run`, and is recorded exactly once. */
export function createRunner(options: RunnerOptions): Runner {
  const { record, context, logger, classify, monotonic, nextTurn = setImmediate } = options;
  const running = new Set<Running>();
  /** Those that wait for nothing to be running. */
  const waiting: (() => void)[] = [];

  function idle(): Promise<void> {
    return running.size === 0 ? Promise.resolve() : new Promise((resolve) => void waiting.push(resolve));
  }

  async function tell(job: Job, outcome: Exclude<Outcome, { kind: 'ok' }>): Promise<void> {
    if (job.tell === null) return;
    // Whoever's interaction is gone, or was answered by another process, can be told nothing.
    if (outcome.kind === 'failed' && FINAL_REFUSALS.includes(outcome.reason)) return;
    try {
      // A reply that the handler did not wait for takes some steps before it is sent.
      await nextTurn();
      await job.answer?.idle();
      await job.tell(outcome);
    } catch (error) {
      logger.debug('The user could not be told how the command ended.', { error });
    }
  }

  async function settle(job: Job, limits: Limits): Promise<Outcome> {
    const { answer } = job;
    const callOff = answer === null || job.defer === null ? null : defer(job, job.defer, answer);
    const ending = await endingOf(job.handler, limits);
    callOff?.();
    const judged = judgeEnding(ending, classify);
    if (judged.kind !== 'ok' && job.tell !== null) await atMost(tell(job, judged), limits);
    if (answer === null) return recordSettled(job, judged, null);
    if (answer.accepted === null) await answerKnown(job, answer, limits);
    if (judged.kind === 'ok' && answer.isThinking && (await isLeftThinking(job, answer, limits))) {
      const unanswered = judgeLeftThinking(answer.refusal);
      await atMost(tell(job, unanswered), limits);
      return recordSettled(job, unanswered, answer);
    }
    return recordSettled(job, judgeAnswer(judged, answer.result, answer.refusal, classify), answer);
  }

  function defer({ invocation }: Job, deferral: Deferral, answer: Answer): () => void {
    const afterMs = (deferral.afterSeconds - deliverySecondsOf(invocation, options)) * 1000;
    return startDeferral(deferral, { afterMs, answer, logger });
  }

  function answerKnown({ invocation, startedAt }: Job, answer: Answer, limits: Limits): Promise<void> {
    const leftSeconds = ANSWER_DEADLINE_SECONDS - deliverySecondsOf(invocation, options);
    const final = (error: unknown): boolean => FINAL_REFUSALS.includes(classify(error));
    const known = answer.known(leftSeconds * 1000 - (monotonic() - startedAt), final);
    limits.onAbandoned(() => answer.giveUp());
    return known;
  }

  /** Whether Discord shows the user a bot that "thinks", and nothing that would end it is on its way. */
  async function isLeftThinking(job: Job, answer: Answer, limits: Limits): Promise<boolean> {
    if (job.isThinking === null) return false;
    const left = answer.leftThinking(LEFT_THINKING_MS);
    limits.onAbandoned(() => answer.giveUp());
    if (!(await left)) return false;
    // It may have been answered in a way that we do not see, and what is told would take its place.
    const seen = { isThinking: true };
    const asked = job.isThinking().then((isThinking) => void (seen.isThinking = isThinking));
    await atMost(asked, limits);
    return seen.isThinking && answer.isThinking;
  }

  function recordSettled(job: Job, outcome: Outcome, answer: Answer | null): Outcome {
    const { invocation, startedAt } = job;
    const accepted = answer?.accepted ?? null;
    const deliveryMs = Math.max(0, invocation.receivedAt - invocation.createdAt);
    const afterCreationSeconds = (deliveryMs + (accepted?.at ?? 0) - startedAt) / 1000;
    const isLate = answer !== null && accepted === null;
    addUnfinished(invocation);
    // Node 20 takes 5 µs to add properties to an object that begins with a spread, and 0.2 µs for one that ends with it.
    record({
      type: 'invocation_settled',
      outcome,
      durationSeconds: (monotonic() - startedAt) / 1000,
      ack: accepted === null ? null : { kind: accepted.kind, afterCreationSeconds },
      deadline: answer?.result ?? null,
      lateness: isLate ? latenessOf({ invocation, startedAt, answer }, options, classify) : null,
      ...invocation,
    } satisfies InvocationSettled);
    return outcome;
  }

  /** Should the judging itself fail, the run is counted all the same. */
  function settleFault({ invocation, startedAt, answer }: Job, fault: unknown): Outcome {
    const outcome = { kind: 'failed', reason: 'exception', error: fault } as const;
    const durationSeconds = (monotonic() - startedAt) / 1000;
    addUnfinished(invocation);
    record({
      type: 'invocation_settled',
      outcome,
      durationSeconds,
      ack: null,
      deadline: answer === null ? null : 'unanswered',
      lateness: null,
      ...invocation,
    });
    return outcome;
  }

  return {
    async run(job) {
      const { invocation } = job;
      record({ type: 'invocation_received', ...invocation });
      // Within the context, so that whoever hears of the end of the time logs in this invocation's name.
      const limits = context.run(invocation, () => new Limits(job.timeoutSeconds, monotonic));
      const entry = { invocation, limits };
      running.add(entry);
      try {
        return await context.run(invocation, () => settle(job, limits));
      } catch (fault) {
        return settleFault(job, fault);
      } finally {
        limits.clear();
        running.delete(entry);
        if (running.size === 0) for (const resolve of waiting.splice(0)) resolve();
      }
    },
    inFlight: () => running.size,
    async drain(limitMs) {
      if (await within(idle(), limitMs)) return 0;
      const left = running.size;
      for (const { invocation, limits } of running) context.run(invocation, limits.expire);
      if (await within(idle(), TELLING_AT_EXIT_LIMIT_MS)) return left;
      for (const { limits } of running) limits.abandon();
      await idle();
      return left;
    },
  };
}

interface Running {
  readonly invocation: Invocation;
  readonly limits: Limits;
}

/** Calls the handler so that whatever it does is an ending: a throw at once, a rejection, or nothing at all. */
function endingOf(handler: Job['handler'], limits: Limits): Promise<Ending> {
  return new Promise((resolve) => {
    limits.onExpired(resolve);
    const call = async (): Promise<void> => {
      try {
        await handler(limits.signal);
        resolve({ kind: 'returned' });
      } catch (error) {
        resolve({ kind: 'threw', error });
      }
    };
    void call();
  });
}

/** Waits for what is between Discord and one user: for so long, and no longer than the process has. */
async function atMost(promise: Promise<unknown>, limits: Limits): Promise<void> {
  const abandoned = new Promise<void>((resolve) => limits.onAbandoned(resolve));
  await within(Promise.race([promise, abandoned]), TELLING_LIMIT_MS);
}

import type { DeadlineResult, FailureReason, Outcome, RefusalReason } from '../telemetry/event';

/** How a handler came to its end. */
export type Ending =
  | { readonly kind: 'returned' }
  | { readonly kind: 'threw'; readonly error: unknown }
  | { readonly kind: 'timed_out'; readonly afterSeconds: number };

/** Thrown to end a run because the bot says no. The message is what the user is shown. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly #isRefusal = true;
  constructor(
    readonly reason: RefusalReason,
    message: string,
  ) {
    super(message);
  }

  /** As `instanceof` would, but whatever was thrown cannot answer it with a throw of its own. */
  static is(thrown: unknown): thrown is Refusal {
    return typeof thrown === 'object' && thrown !== null && #isRefusal in thrown;
  }
}

/** A run that did not end in its time. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
  constructor(seconds: number) {
    super(`The command did not end within ${Number(seconds.toPrecision(3))} s.`);
  }
}

/** An interaction that Discord got no answer to in time. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

type Failed = Extract<Outcome, { kind: 'failed' }>;

export type Classify = (error: unknown) => FailureReason;

/** Judges a run by how its handler ended. */
export function judgeEnding(ending: Ending, classify: Classify): Outcome {
  switch (ending.kind) {
    case 'returned':
      return { kind: 'ok' };
    case 'timed_out':
      return { kind: 'failed', reason: 'timeout', error: new TimeoutError(ending.afterSeconds) };
    case 'threw':
      return Refusal.is(ending.error)
        ? { kind: 'refused', reason: ending.error.reason, message: ending.error.message }
        : { kind: 'failed', reason: classify(ending.error), error: ending.error };
  }
}

/**
 * Judges it again once the answer is known: whoever waited in vain was failed, whatever the handler returned. A
 * failure keeps the reason it has.
 *
 * @param refusedWith the error with which Discord refused the answer, if it did.
 */
export function judgeAnswer(
  outcome: Outcome,
  deadline: DeadlineResult,
  refusedWith: { readonly error: unknown } | null,
  classify: Classify,
): Outcome {
  if (deadline === 'met' || outcome.kind === 'failed') return outcome;
  if (refusedWith !== null) {
    return { kind: 'failed', reason: classify(refusedWith.error), error: refusedWith.error };
  }
  return deadline === 'missed'
    ? { kind: 'failed', reason: 'unknown_interaction', error: new DeadlineError('The answer came too late.') }
    : {
        kind: 'failed',
        reason: 'unanswered',
        error: new DeadlineError('The command ended without an answer.'),
      };
}

/**
 * Judges a run that has returned and left its user with a bot that "thinks", and will not answer.
 *
 * @param refusedWith the error with which Discord refused what was to take the place of that, if it did.
 */
export function judgeLeftThinking(refusedWith: { readonly error: unknown } | null): Failed {
  const cause = refusedWith === null ? {} : { cause: refusedWith.error };
  return {
    kind: 'failed',
    reason: 'unanswered',
    error: new DeadlineError('The answer was deferred, and the command ended without one.', cause),
  };
}

import type { Stats } from '../stats/stats';
import type { Invocation, StoreOperation } from '../telemetry/event';
import { addOperation } from '../telemetry/operations';

/** Notes the questions to the statistics that are asked in the name of an invocation. */

export interface QuestionOptions {
  readonly running: () => Invocation | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
}

/** What commands ask the statistics. */
export interface Questions extends Stats {
  forgetUser(this: void, userId: string): Promise<number>;
}

export function noteQuestions(questions: Questions, options: QuestionOptions): Questions {
  const { summary, timeline, invocations, errors, changes, forgetUser, commandNames } = questions;
  return {
    commandNames,
    summary: noted('summary', summary, options),
    timeline: noted('timeline', timeline, options),
    invocations: noted('invocations', invocations, options),
    errors: noted('errors', errors, options),
    changes: noted('changes', changes, options),
    forgetUser: noted('forget_user', forgetUser, options),
  };
}

/** Gives a function in the place of one that asks; it does what that does. */
function noted<Query, Answer>(
  question: StoreOperation['question'],
  ask: (query: Query) => Promise<Answer>,
  { running, now, monotonic }: QuestionOptions,
): (query: Query) => Promise<Answer> {
  return async (query) => {
    const invocation = running();
    if (invocation === undefined) return ask(query);
    const startedAt = now();
    const since = monotonic();
    const note = (errorType: string | null): void => {
      const durationSeconds = (monotonic() - since) / 1000;
      addOperation(invocation, { kind: 'store', question, errorType, startedAt, durationSeconds });
    };
    try {
      const answer = await ask(query);
      note(null);
      return answer;
    } catch (error) {
      note(error instanceof Error ? error.name : '_OTHER');
      throw error;
    }
  };
}

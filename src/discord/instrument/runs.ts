import type { Interaction } from 'discord.js';
import type { InvocationContext } from '../../logging/context';
import type { Answer } from '../../pipeline/answer';
import type { Runner } from '../../pipeline/run';
import type { Invocation } from '../../telemetry/event';
import type { Answers } from '../answers';
import { factsOf, isInteraction, originOf } from '../interaction-facts';
import type { Name, Names } from './names';
import { createOrigins } from './origins';
import { Run } from './run';

/** The interactions that the bot has in hand, each a job of the pipeline. */
export interface Runs {
  /** Null for what is no interaction, and for one that is in hand already: it was emitted again. */
  begin(this: void, emitted: unknown): BegunRun | null;
  /** The run of an interaction; without one, that of the code which is running. Null if there is none. */
  find(this: void, interaction: unknown): Run | null;
}

export interface BegunRun {
  readonly run: Run;
  /** For the log lines of whatever runs in it. */
  readonly invocation: Invocation;
  /** To be called once it has been emitted: from then on it is over as soon as nobody works at it. */
  emitted(this: void): void;
}

export interface RunsOptions {
  readonly runner: Runner;
  readonly answers: Answers;
  readonly context: InvocationContext;
  readonly names: Names;
  /** What it means that the bot's code threw this. */
  readonly asFailure: (error: unknown) => unknown;
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly newTraceId: () => string;
}

/** An interaction's token lives this long: then nothing can come of it any more. */
const TOKEN_LIFE_SECONDS = 900;

export function createRuns(options: RunsOptions): Runs {
  const { runner, answers, context, names, now, monotonic, newTraceId } = options;
  const inHand = new Map<string, Run>();
  const origins = createOrigins();

  function settle(run: Run, invocation: Invocation, startedAt: number, answer: Answer): void {
    const end = (): void => {
      inHand.delete(invocation.interactionId);
      answers.close(invocation.interactionId);
    };
    void runner
      .run({
        invocation,
        startedAt,
        timeoutSeconds: TOKEN_LIFE_SECONDS,
        answer,
        defer: null,
        isThinking: null,
        handler: () => run.ended,
        tell: () => Promise.resolve(), // The bot speaks for itself.
      })
      .then(end, end);
  }

  function beginRun(interaction: Interaction): BegunRun {
    const startedAt = monotonic();
    const receivedAt = now();
    const origin = origins.find(originOf(interaction));
    const name = names.of(interaction, origin?.command ?? null);
    const invocation: Invocation = {
      command: name.shown,
      traceId: newTraceId(),
      parentTraceId: origin?.traceId ?? null,
      ...factsOf(interaction, receivedAt),
    };
    const run = new Run(options.asFailure);
    const answer = answers.open(interaction.id);
    const countedAs = counted(invocation, name, () => answer.accepted !== null || run.hasFailed);
    inHand.set(interaction.id, run);
    origins.remember(interaction.id, countedAs);
    return {
      run,
      invocation,
      emitted() {
        run.release();
        settle(run, countedAs, startedAt, answer);
      },
    };
  }

  return {
    begin(emitted) {
      return isInteraction(emitted) && !inHand.has(emitted.id) ? beginRun(emitted) : null;
    },
    find(interaction) {
      const id = isInteraction(interaction) ? interaction.id : context.getStore()?.interactionId;
      return id === undefined ? null : (inHand.get(id) ?? null);
    },
  };
}

/** In the name that it is counted under, which may be known only when all is over. */
function counted(invocation: Invocation, name: Name, isHandled: () => boolean): Invocation {
  if (name.counted === name.shown) return invocation;
  return Object.defineProperty({ ...invocation }, 'command', {
    get: () => name.countedIf(isHandled()),
    enumerable: true,
  });
}

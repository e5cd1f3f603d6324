import type { Interaction } from 'discord.js';
import type { InvocationContext } from '../../logging/context';
import type { Answer } from '../../pipeline/answer';
import type { Runner } from '../../pipeline/run';
import type { Invocation } from '../../telemetry/event';
import type { Answers } from '../answers';
import { factsOf, isInteraction, originOf } from '../interaction-facts';
import { createOrigins } from '../origins';
import { addTyped, typedIn } from '../typed';
import type { Name, Names } from './names';
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

/** What a component's press has to know of the run that put it there. */
interface Origin {
  readonly traceId: string;
  readonly command: string;
  /** What was typed for it, as far as it is remembered. */
  readonly typed: readonly string[];
}

const REMEMBERED = 1000;
/** Of what was typed for one of them, in characters: whoever types a lot does not fill the memory. */
const REMEMBERED_CHARACTERS = 8000;
/** An interaction's token lives this long: then nothing can come of it any more. */
const TOKEN_LIFE_SECONDS = 900;

export function createRuns(options: RunsOptions): Runs {
  const { runner, answers, context, names, now, monotonic, newTraceId } = options;
  const inHand = new Map<string, { readonly run: Run; readonly invocation: Invocation }>();
  const origins = createOrigins<Origin>(REMEMBERED);

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
        tell: null,
      })
      .then(end, end);
  }

  function shareForm({ userId, typed }: Invocation): void {
    for (const { invocation } of inHand.values())
      if (invocation.userId === userId) addTyped(invocation.typed, typed);
  }

  function beginRun(interaction: Interaction): BegunRun {
    const startedAt = monotonic();
    const receivedAt = now();
    const origin = origins.find(originOf(interaction));
    const name = names.of(interaction, origin?.command ?? null);
    const typed = typedIn(interaction);
    // Whoever presses goes on with what was typed for the run that put the component there.
    if (origin !== null) addTyped(typed, origin.typed);
    const invocation: Invocation = {
      command: name.shown,
      traceId: newTraceId(),
      parentTraceId: origin?.traceId ?? null,
      typed,
      ...factsOf(interaction, receivedAt),
    };
    const run = new Run(options.asFailure);
    const answer = answers.open(interaction.id);
    const isHandled = handled(run, answer);
    const countedAs = counted(invocation, name, isHandled);
    // Which run awaits a form cannot be seen: it is one of the same user's.
    if (invocation.kind === 'modal') shareForm(invocation);
    inHand.set(interaction.id, { run, invocation });
    const { command, traceId } = invocation;
    origins.remember(interaction.id, counted({ command, traceId, typed: startOf(typed) }, name, isHandled));
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
      return id === undefined ? null : (inHand.get(id)?.run ?? null);
    },
  };
}

/** The first of the values that were typed, as many as are remembered. */
function startOf(typed: readonly string[]): readonly string[] {
  let left = REMEMBERED_CHARACTERS;
  return typed.filter((value) => {
    left -= value.length;
    return left >= 0;
  });
}

/** In the name that it is counted under, which may be known only when all is over. */
function counted<Named extends Pick<Invocation, 'command'>>(
  named: Named,
  name: Name,
  isHandled: () => boolean,
): Named {
  if (name.counted === name.shown) return named;
  return Object.defineProperty({ ...named }, 'command', {
    get: () => name.countedIf(isHandled()),
    enumerable: true,
  });
}

/** Made here, so that what is remembered for long holds on to nothing but these. */
const handled = (run: Run, answer: Answer) => (): boolean => answer.accepted !== null || run.hasFailed;

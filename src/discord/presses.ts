import type { InvocationContext } from '../logging/context';
import type { Answer } from '../pipeline/answer';
import { Refusal } from '../pipeline/outcome';
import type { Job, Runner } from '../pipeline/run';
import { OTHER, type Invocation } from '../telemetry/event';
import type { Answers } from './answers';
import type { CollectorWatch, Verdict } from './collectors';
import type { ComponentInteraction } from './command';
import { sentenceFor } from './command-context';
import type { CommandTable } from './commands';
import { originOf } from './interaction-facts';
import { messagesFor } from './messages';
import type { Origins } from './origins';
import { componentInvocation } from './target';
import { tell } from './tell';
import { shareTyped, typedIn } from './typed';

/** Components and modals without a route: whatever a collector takes is a run of its own, and the rest is nobody's. */

export interface PressesOptions {
  readonly commands: CommandTable;
  readonly runner: Runner;
  readonly answers: Answers;
  readonly collectors: CollectorWatch;
  readonly context: InvocationContext;
  readonly defaultTimeoutSeconds: number;
  /** Trace ids of the newest runs. */
  readonly origins: Origins<string>;
  readonly isStopping: () => boolean;
  readonly now: () => number;
  readonly monotonic: () => number;
  /** Gives 32 hexadecimal digits. */
  readonly newTraceId: () => string;
}

/** So long somebody whom we cannot see may take to answer what no collector took, before we say that nobody does. */
const STRANGERS_LIMIT_MS = 1000;

/** Gives what takes a press. It resolves when that has settled; at once for what somebody else answers. */
export function createPresses(options: PressesOptions): (interaction: ComponentInteraction) => Promise<void> {
  const { runner, answers, collectors, context } = options;

  function jobOf(
    interaction: ComponentInteraction,
    invocation: Invocation,
    startedAt: number,
    answer: Answer,
    handler: Job['handler'],
  ): Job {
    return {
      invocation,
      startedAt,
      timeoutSeconds:
        options.commands.findCounted(invocation.command)?.limits.timeout ?? options.defaultTimeoutSeconds,
      answer,
      defer: null,
      isThinking: null,
      handler,
      tell: (outcome) => tell(interaction, sentenceFor(invocation, outcome)),
    };
  }

  async function take(interaction: ComponentInteraction, answer: Answer): Promise<void> {
    const typed = typedIn(interaction);
    const traceId = options.newTraceId();
    const origin = options.origins.find(originOf(interaction));
    const receipt = { receivedAt: options.now(), traceId, parentTraceId: origin, typed };
    options.origins.remember(interaction.id, traceId);
    const startedAt = options.monotonic();
    const taken: { invocation?: Invocation; settled?: Promise<unknown> } = {};
    const run = (invocation: Invocation, handler: Job['handler']): Promise<unknown> =>
      runner.run(jobOf(interaction, invocation, startedAt, answer, handler));
    const hearing = collectors.hear(interaction, (maker, tellListeners) => {
      // Whoever awaits a form goes on with what was typed into it in its own name; and the listeners of a collector know
      // what was typed for the run that made it.
      if (maker !== null) shareTyped(maker.typed, typed);
      if (taken.invocation !== undefined) {
        context.run(taken.invocation, tellListeners);
        return;
      }
      const invocation = componentInvocation(interaction, {
        ...receipt,
        command: maker?.command ?? OTHER,
        parentTraceId: maker?.traceId ?? origin,
      });
      taken.invocation = invocation;
      taken.settled = run(invocation, () => {
        tellListeners();
        return hearing.ended();
      });
    });
    // Now, as a listener that is there once is gone after it.
    const listeners = interaction.client.listenerCount('interactionCreate');
    const verdict = await hearing.decided;
    const others = listeners - verdict.asked - 1;
    if (taken.settled !== undefined) await taken.settled;
    else if (await isNobodys(interaction, answer, verdict.ignored || others > 0)) {
      const invocation = componentInvocation(interaction, { ...receipt, command: OTHER });
      await run(invocation, () => refuse(invocation, verdict));
    }
  }

  function refuse({ locale }: Invocation, { ignored }: Verdict): never {
    const { common } = messagesFor(locale);
    if (options.isStopping()) throw new Refusal('shutting_down', common.shuttingDown);
    throw new Refusal('unknown_command', ignored ? common.componentNotTaken : common.componentGone);
  }

  return async (interaction) => {
    const answer = answers.open(interaction.id);
    try {
      await take(interaction, answer);
    } finally {
      answers.close(interaction.id);
    }
  };
}

/**
 * Whether nobody answers it.
 *
 * @param mayBeAnswered by a filter that refused it, or by a listener that is neither ours nor a collector's: it is given
 * time. Where there is none, whoever was to answer has begun by the next turn of the event loop.
 */
async function isNobodys(
  interaction: ComponentInteraction,
  answer: Answer,
  mayBeAnswered: boolean,
): Promise<boolean> {
  await new Promise((resolve) => setImmediate(resolve));
  if (mayBeAnswered) await answer.known(STRANGERS_LIMIT_MS, () => true);
  return answer.result === 'unanswered' && !interaction.replied && !interaction.deferred;
}

import type { Interaction, Message } from 'discord.js';
import type { InvocationContext } from '../logging/context';
import type { Answer } from '../pipeline/answer';
import { Refusal } from '../pipeline/outcome';
import type { Job, Runner } from '../pipeline/run';
import type { Invocation } from '../telemetry/event';
import type { Answers } from './answers';
import type { CollectorWatch, Hearing } from './collectors';
import { contextOf, sentenceFor, type ContextOptions, type NotOk } from './command-context';
import type { CommandTable } from './commands';
import { deferralOf } from './deferral';
import { guard, guardOwner } from './guards';
import { originOf } from './interaction-facts';
import { messagesFor } from './messages';
import { createOrigins } from './origins';
import { createPresses } from './presses';
import { invocationOf, targetOf, type Target } from './target';
import { isThinking, suggestNothing, tell } from './tell';
import { createTextCalls } from './text/calls';
import { shareTyped } from './typed';

/** From an interaction to a job of the pipeline: which command is meant, who asks, and how that user is answered. */

export interface RouterOptions extends ContextOptions {
  readonly commands: CommandTable;
  readonly runner: Runner;
  readonly answers: Answers;
  readonly collectors: CollectorWatch;
  readonly context: InvocationContext;
  /** Calls the bot in a message, as a mention does; null: there is none. */
  readonly textPrefix: string | null;
  readonly defaultTimeoutSeconds: number;
  readonly now: () => number;
  readonly monotonic: () => number;
  /** Gives 32 hexadecimal digits. */
  readonly newTraceId: () => string;
}

export interface Router {
  /** Takes what Discord sent. Resolves when it has settled; at once for what is not ours. Never rejects. */
  handle(interaction: Interaction): Promise<void>;
  /** Takes a message, which may call a command. Resolves when that has settled; at once for what calls none. */
  hear(message: Message): Promise<void>;
  /** From now on every command is refused as the bot is going. */
  stop(): void;
}

type Named = Exclude<Target, { readonly type: 'press' }>;

/** Runs whose components are known for theirs when they are pressed. */
const REMEMBERED_RUNS = 10_000;
/** Nothing can be suggested to a user any more after Discord's deadline. */
const AUTOCOMPLETE_TIMEOUT_SECONDS = 3;

export function createRouter(options: RouterOptions): Router {
  const { commands, runner, answers, collectors, context, now, monotonic } = options;
  let stopping = false;
  const isStopping = (): boolean => stopping;
  /** Trace ids. */
  const origins = createOrigins<string>(REMEMBERED_RUNS);
  const press = createPresses({ ...options, origins, isStopping });
  const hear = createTextCalls({ ...options, origins, prefix: options.textPrefix, isStopping });

  function jobOf(target: Named, answer: Answer): Job {
    const traceId = options.newTraceId();
    const parentTraceId = origins.find(originOf(target.interaction));
    const invocation = invocationOf(target, { receivedAt: now(), traceId, parentTraceId });
    if (target.type !== 'autocomplete') origins.remember(target.interaction.id, traceId);
    const limits = target.command?.limits;
    return {
      invocation,
      startedAt: monotonic(),
      timeoutSeconds:
        target.type === 'autocomplete'
          ? AUTOCOMPLETE_TIMEOUT_SECONDS
          : (limits?.timeout ?? options.defaultTimeoutSeconds),
      answer,
      defer:
        target.type === 'command' && limits !== undefined
          ? deferralOf(target.interaction, limits, answer)
          : null,
      isThinking: target.type === 'autocomplete' ? null : () => isThinking(target.interaction),
      handler: handlerOf(target, invocation),
      tell: (outcome) => answerFor(target, invocation, outcome),
    };
  }

  function handlerOf(target: Named, invocation: Invocation): Job['handler'] {
    if (target.type !== 'component') return (signal) => execute(target, invocation, signal);
    // A collector may hear of it too: that belongs to this run.
    return async (signal) => {
      const hearing: Hearing = collectors.hear(target.interaction, (maker, tellListeners) => {
        if (maker !== null) shareTyped(maker.typed, invocation.typed);
        context.run(invocation, tellListeners);
      });
      await execute(target, invocation, signal);
      await hearing.ended();
    };
  }

  function execute(target: Named, invocation: Invocation, signal: () => AbortSignal): unknown {
    const messages = messagesFor(invocation.locale);
    const { command } = target;
    if (stopping) throw new Refusal('shutting_down', messages.common.shuttingDown);
    if (command === null) throw new Refusal('unknown_command', messages.common.unknownCommand);
    const handed = contextOf(
      options,
      command,
      invocation,
      signal,
      target.type === 'component' ? target.params : undefined,
    );
    switch (target.type) {
      case 'autocomplete':
        if (command.module.autocomplete === undefined)
          throw new Refusal('unknown_command', messages.common.unknownCommand);
        return command.module.autocomplete(target.interaction, handed);
      case 'component':
        guardOwner(command, invocation, messages, options.guards);
        return target.route.handler(target.interaction, handed);
      case 'command':
        guard(command, invocation, messages, options.guards);
        return command.module.execute(target.interaction, handed);
    }
  }

  return {
    async handle(interaction) {
      const target = targetOf(interaction, commands);
      if (target === null) {
        options.logger('discord').debug('An interaction of a type that no command has.', {
          interaction_type: interaction.type,
        });
        return;
      }
      if (target.type === 'press') return press(target.interaction);
      const answer = answers.open(interaction.id);
      try {
        await runner.run(jobOf(target, answer));
      } finally {
        answers.close(interaction.id);
      }
    },
    hear,
    stop() {
      stopping = true;
    },
  };
}

async function answerFor(target: Named, invocation: Invocation, outcome: NotOk): Promise<void> {
  if (target.type === 'autocomplete') return suggestNothing(target.interaction);
  return tell(target.interaction, sentenceFor(invocation, outcome));
}

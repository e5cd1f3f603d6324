import type { Interaction } from 'discord.js';
import type { Logger } from '../logging/logger';
import type { Answer } from '../pipeline/answer';
import { Refusal } from '../pipeline/outcome';
import type { Job, Runner } from '../pipeline/run';
import type { CommandMetrics } from '../telemetry/command-metrics';
import type { Invocation, Outcome } from '../telemetry/event';
import type { Answers } from './answers';
import type { CommandContext, ReadModels } from './command';
import type { CommandTable } from './commands';
import { guard, guardOwner, type Guards } from './guards';
import type { LoadedCommand } from './loader';
import { messagesFor } from './messages';
import { invocationOf, targetOf, type Target } from './target';
import { suggestNothing, tell } from './tell';

/** From an interaction to a job of the pipeline: which command is meant, who asks, and how that user is answered. */

export interface RouterOptions {
  readonly commands: CommandTable;
  readonly runner: Runner;
  readonly answers: Answers;
  readonly guards: Guards;
  readonly readModels: ReadModels;
  readonly commandMetrics: CommandMetrics;
  /** Gives the logger of that name. */
  readonly logger: (name: string) => Logger;
  readonly defaultTimeoutSeconds: number;
  readonly now: () => number;
  readonly monotonic: () => number;
  /** Gives 32 hexadecimal digits. */
  readonly newTraceId: () => string;
}

export interface Router {
  /** Takes what Discord sent. Resolves when it has settled; at once for what is not ours. Never rejects. */
  handle(interaction: Interaction): Promise<void>;
  /** From now on every command is refused as the bot is going. */
  stop(): void;
}

/** Nothing can be suggested to a user any more after Discord's deadline. */
const AUTOCOMPLETE_TIMEOUT_SECONDS = 3;
const NO_PARAMS: CommandContext['params'] = Object.freeze({});

export function createRouter(options: RouterOptions): Router {
  const { commands, runner, answers, now, monotonic } = options;
  let stopping = false;

  function jobOf(target: Target, answer: Answer): Job {
    const invocation = invocationOf(target, { receivedAt: now(), traceId: options.newTraceId() });
    return {
      invocation,
      startedAt: monotonic(),
      timeoutSeconds:
        target.type === 'autocomplete'
          ? AUTOCOMPLETE_TIMEOUT_SECONDS
          : (target.command?.limits.timeout ?? options.defaultTimeoutSeconds),
      answer,
      handler: (signal) => execute(target, invocation, signal),
      tell: (outcome) => answerFor(target, invocation, outcome),
    };
  }

  function execute(target: Target, invocation: Invocation, signal: () => AbortSignal): unknown {
    const messages = messagesFor(invocation.locale);
    const { command } = target;
    if (stopping) throw new Refusal('shutting_down', messages.common.shuttingDown);
    if (command === null) throw new Refusal('unknown_command', messages.common.unknownCommand);
    const context = contextOf(command, target, invocation, signal);
    switch (target.type) {
      case 'autocomplete':
        if (command.module.autocomplete === undefined)
          throw new Refusal('unknown_command', messages.common.unknownCommand);
        return command.module.autocomplete(target.interaction, context);
      case 'component':
        guardOwner(command, invocation, messages, options.guards);
        return target.route.handler(target.interaction, context);
      case 'command':
        guard(command, invocation, messages, options.guards);
        return command.module.execute(target.interaction, context);
    }
  }

  function contextOf(
    command: LoadedCommand,
    target: Target,
    invocation: Invocation,
    signal: () => AbortSignal,
  ): CommandContext {
    return {
      invocation,
      params: target.type === 'component' ? target.params : NO_PARAMS,
      log: options.logger(`command.${command.name}`),
      metrics: options.commandMetrics,
      isOwner: options.guards.isOwner(invocation.userId),
      refuse,
      get signal() {
        return signal();
      },
      ...options.readModels,
    };
  }

  return {
    async handle(interaction) {
      const target = targetOf(interaction, commands);
      if (target === null) return;
      const answer = answers.open(interaction.id);
      try {
        await runner.run(jobOf(target, answer));
      } finally {
        answers.close(interaction.id);
      }
    },
    stop() {
      stopping = true;
    },
  };
}

function refuse(message: string): never {
  throw new Refusal('user_error', message);
}

async function answerFor(
  target: Target,
  invocation: Invocation,
  outcome: Exclude<Outcome, { kind: 'ok' }>,
): Promise<void> {
  if (target.type === 'autocomplete') return suggestNothing(target.interaction);
  return tell(target.interaction, sentenceFor(invocation, outcome));
}

function sentenceFor(invocation: Invocation, outcome: Exclude<Outcome, { kind: 'ok' }>): string {
  if (outcome.kind === 'refused') return outcome.message;
  const { common } = messagesFor(invocation.locale);
  const reference = invocation.traceId.slice(0, 8);
  return outcome.reason === 'timeout' ? common.timedOut(reference) : common.failed(reference);
}

import type {
  AutocompleteInteraction,
  ChatInputCommandInteraction,
  Interaction,
  MessageContextMenuCommandInteraction,
  UserContextMenuCommandInteraction,
} from 'discord.js';
import type { Logger } from '../logging/logger';
import type { Answer } from '../pipeline/answer';
import { Refusal } from '../pipeline/outcome';
import type { Job, Runner } from '../pipeline/run';
import type { CommandMetrics } from '../telemetry/command-metrics';
import { OTHER, type Invocation, type Outcome } from '../telemetry/event';
import type { Answers } from './answers';
import type { CommandContext, ReadModels } from './command';
import type { CommandTable } from './commands';
import { guard, type Guards } from './guards';
import type { LoadedCommand } from './loader';
import { messagesFor } from './messages';
import { suggestNothing, tell } from './tell';

/** From an interaction to a job of the pipeline: which command is meant, who asks, and how that user is answered. */

type Routed =
  | ChatInputCommandInteraction
  | UserContextMenuCommandInteraction
  | MessageContextMenuCommandInteraction
  | AutocompleteInteraction;

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

export function createRouter(options: RouterOptions): Router {
  const { commands, runner, answers, now, monotonic } = options;
  let stopping = false;

  function jobOf(interaction: Routed, answer: Answer): Job {
    const command = commandOf(interaction, commands);
    const invocation = invocationOf(interaction, command, {
      receivedAt: now(),
      traceId: options.newTraceId(),
    });
    return {
      invocation,
      startedAt: monotonic(),
      timeoutSeconds: interaction.isAutocomplete()
        ? AUTOCOMPLETE_TIMEOUT_SECONDS
        : (command?.limits.timeout ?? options.defaultTimeoutSeconds),
      answer,
      handler: (signal) => execute(interaction, command, invocation, signal),
      tell: (outcome) => answerFor(interaction, invocation, outcome),
    };
  }

  function execute(
    interaction: Routed,
    command: LoadedCommand | null,
    invocation: Invocation,
    signal: () => AbortSignal,
  ): unknown {
    const messages = messagesFor(invocation.locale);
    if (stopping) throw new Refusal('shutting_down', messages.common.shuttingDown);
    if (command === null) throw new Refusal('unknown_command', messages.common.unknownCommand);
    const context = contextOf(command, invocation, signal);
    if (interaction.isAutocomplete()) {
      if (command.module.autocomplete === undefined)
        throw new Refusal('unknown_command', messages.common.unknownCommand);
      return command.module.autocomplete(interaction, context);
    }
    guard(command, invocation, messages, options.guards);
    return command.module.execute(interaction, context);
  }

  function contextOf(
    command: LoadedCommand,
    invocation: Invocation,
    signal: () => AbortSignal,
  ): CommandContext {
    return {
      invocation,
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
      if (!isRouted(interaction)) return;
      const answer = answers.open(interaction.id);
      try {
        await runner.run(jobOf(interaction, answer));
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

function isRouted(interaction: Interaction): interaction is Routed {
  return (
    interaction.isChatInputCommand() || interaction.isContextMenuCommand() || interaction.isAutocomplete()
  );
}

function kindOf(interaction: Routed): Invocation['kind'] {
  if (interaction.isAutocomplete()) return 'autocomplete';
  if (interaction.isUserContextMenuCommand()) return 'user_menu';
  return interaction.isMessageContextMenuCommand() ? 'message_menu' : 'chat_input';
}

function pathOf(interaction: Routed): string {
  if (interaction.isContextMenuCommand()) return interaction.commandName;
  const { options } = interaction;
  return [interaction.commandName, options.getSubcommandGroup(false), options.getSubcommand(false)]
    .filter((part) => part !== null)
    .join(' ');
}

/** The command that is meant; null where there is none, or none with such a subcommand. */
function commandOf(interaction: Routed, commands: CommandTable): LoadedCommand | null {
  const kind = kindOf(interaction);
  const command = commands.find(
    kind === 'user_menu' || kind === 'message_menu' ? kind : 'chat_input',
    interaction.commandName,
  );
  return command?.paths.includes(pathOf(interaction)) === true ? command : null;
}

function invocationOf(
  interaction: Routed,
  command: LoadedCommand | null,
  receipt: Pick<Invocation, 'receivedAt' | 'traceId'>,
): Invocation {
  // A command is handed it too, and must not be able to change what is counted.
  return Object.freeze({
    command: command === null ? OTHER : pathOf(interaction),
    kind: kindOf(interaction),
    interactionId: interaction.id,
    guildId: interaction.guildId,
    userId: interaction.user.id,
    channelId: interaction.channelId,
    shard: interaction.guild?.shardId ?? 0,
    locale: interaction.locale,
    createdAt: interaction.createdTimestamp,
    ...receipt,
  });
}

async function answerFor(
  interaction: Routed,
  invocation: Invocation,
  outcome: Exclude<Outcome, { kind: 'ok' }>,
): Promise<void> {
  if (interaction.isAutocomplete()) return suggestNothing(interaction);
  return tell(interaction, sentenceFor(invocation, outcome));
}

function sentenceFor(invocation: Invocation, outcome: Exclude<Outcome, { kind: 'ok' }>): string {
  if (outcome.kind === 'refused') return outcome.message;
  const { common } = messagesFor(invocation.locale);
  const reference = invocation.traceId.slice(0, 8);
  return outcome.reason === 'timeout' ? common.timedOut(reference) : common.failed(reference);
}

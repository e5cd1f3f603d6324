import type { Message } from 'discord.js';
import type { Job, Runner } from '../../pipeline/run';
import { Refusal } from '../../pipeline/outcome';
import { OTHER, type Invocation } from '../../telemetry/event';
import { createProgress } from '../../telemetry/operations';
import { contextOf, sentenceFor, type ContextOptions, type NotOk } from '../command-context';
import type { CommandTable } from '../commands';
import { createCooldowns } from '../cooldowns';
import { guard } from '../guards';
import { messagesFor } from '../messages';
import type { Origins } from '../origins';
import { typedInMessage } from '../typed';
import { calledWith, wordsOf } from './call';
import { guardText } from './guard';
import { interactionOf, localeOf } from './interaction';
import { readOptions, usagesOf } from './options';
import { createTextTable, type FoundText } from './table';

/** From a message to a job of the pipeline: "@bot stats period:7d". */

export interface TextCallsOptions extends ContextOptions {
  readonly commands: CommandTable;
  readonly runner: Runner;
  /** Calls the bot as a mention does; null: there is none. */
  readonly prefix: string | null;
  readonly defaultTimeoutSeconds: number;
  /** Trace ids of the newest runs. */
  readonly origins: Origins<string>;
  readonly isStopping: () => boolean;
  readonly now: () => number;
  readonly monotonic: () => number;
  /** Gives 32 hexadecimal digits. */
  readonly newTraceId: () => string;
}

/** A bare mention is answered with a word of help, in each channel at most once in this time. */
const HELP_SECONDS = 60;
const TELL_LENGTH = 2000;

/**
 * Gives what takes a message. It resolves when the command has settled, at once for what is none: people talk of the
 * bot, and to it, and only a word that is a command is one. Bots and webhooks are not heard. Never rejects.
 */
export function createTextCalls(options: TextCallsOptions): (message: Message) => Promise<void> {
  const { runner, prefix, now, monotonic } = options;
  const table = createTextTable(options.commands.text);
  const helps = createCooldowns(now);

  function jobOf(message: Message, found: FoundText): Job {
    const traceId = options.newTraceId();
    const invocation = invocationOf(message, found, { receivedAt: now(), traceId });
    options.origins.remember(message.id, traceId);
    return {
      invocation,
      startedAt: monotonic(),
      timeoutSeconds: found.command.limits.timeout ?? options.defaultTimeoutSeconds,
      answer: null,
      defer: null,
      isThinking: null,
      handler: (signal) => execute(message, found, invocation, signal),
      tell: (outcome) => tell(message, invocation, outcome),
    };
  }

  function execute(
    message: Message,
    { command, path, rest }: FoundText,
    invocation: Invocation,
    signal: () => AbortSignal,
  ): unknown {
    const messages = messagesFor(invocation.locale);
    if (options.isStopping()) throw new Refusal('shutting_down', messages.common.shuttingDown);
    guardText(command, message, messages);
    if (path === null) {
      throw new Refusal('user_error', messages.text.whichOne(inCode(usagesOf(command, message))));
    }
    const given = readOptions(command, path, rest, message, messages);
    guard(command, invocation, messages, options.guards);
    const interaction = interactionOf(message, command.name, given);
    return command.module.execute(interaction, contextOf(options, command, invocation, signal));
  }

  async function help(message: Message): Promise<void> {
    if (table.names.length === 0 || helps.begin('help', message.channelId, HELP_SECONDS) !== null) return;
    await say(message, messagesFor(localeOf(message)).text.help(inCode(table.names))).catch(
      (error: unknown) => {
        options.logger('discord').debug('A mention could not be answered.', { error });
      },
    );
  }

  return async (message) => {
    if (message.author.bot || message.webhookId !== null || message.system) return;
    const isDirect = !message.inGuild();
    const said = calledWith(message.content, { userId: message.client.user.id, prefix, isDirect });
    if (said === null) return;
    const found = table.find(wordsOf(said));
    if (found !== null) await runner.run(jobOf(message, found));
    else if (said === '') await help(message);
  };
}

function invocationOf(
  message: Message,
  { command, path, rest }: FoundText,
  receipt: Pick<Invocation, 'receivedAt' | 'traceId'>,
): Invocation {
  return Object.freeze<Invocation>({
    command: path ?? OTHER,
    kind: 'text',
    interactionId: message.id,
    guildId: message.guildId,
    userId: message.author.id,
    channelId: message.channelId,
    shard: message.guild?.shardId ?? 0,
    locale: localeOf(message),
    createdAt: message.createdTimestamp,
    parentTraceId: null,
    operations: [],
    progress: createProgress(),
    typed: typedInMessage(message, rest, command.data),
    ...receipt,
  });
}

async function tell(message: Message, invocation: Invocation, outcome: NotOk): Promise<void> {
  await say(message, sentenceFor(invocation, outcome).slice(0, TELL_LENGTH).trim() || '…');
}

async function say(message: Message, content: string): Promise<void> {
  await message.reply({
    content,
    allowedMentions: { parse: [], repliedUser: false },
    failIfNotExists: false,
  });
}

const inCode = (texts: readonly string[]): string => texts.map((text) => `\`${text}\``).join(', ');

import {
  MessageFlags,
  SlashCommandBuilder,
  type AutocompleteInteraction,
  type ChatInputCommandInteraction,
} from 'discord.js';
import type { CommandContext } from '../src/discord/command';
import { messagesFor } from '../src/discord/messages';
import { EVERYTHING, type LogQuery } from '../src/log-reader/query';
import { parseTime } from '../src/log-reader/times';
import { parseTrace } from '../src/log-reader/traces';
import { LOG_LEVELS } from '../src/logging/logger';
import { offerNames } from './_name-choices';
import { choice, localised } from './_localised';
import { linesMessage, summaryMessage } from './_logs-message';
import { code } from './_text';

const english = messagesFor('en-US').logs;
const korean = messagesFor('ko').logs;

const DEFAULT_LINES = 100;
const MAX_LINES = 10_000;

export const data = localised(new SlashCommandBuilder(), english, korean)
  .addUserOption((option) => localised(option, english.userOption, korean.userOption))
  .addStringOption((option) =>
    localised(option, english.commandOption, korean.commandOption).setAutocomplete(true),
  )
  .addStringOption((option) =>
    localised(option, english.levelOption, korean.levelOption).addChoices(
      ...LOG_LEVELS.map((level) => choice(level, english.levels[level], korean.levels[level])),
    ),
  )
  .addStringOption((option) => localised(option, english.traceOption, korean.traceOption))
  .addStringOption((option) => localised(option, english.sinceOption, korean.sinceOption))
  .addBooleanOption((option) => localised(option, english.summaryOption, korean.summaryOption))
  .addIntegerOption((option) =>
    localised(option, english.limitOption, korean.limitOption).setMinValue(1).setMaxValue(MAX_LINES),
  );

export const ownerOnly = true;

/** Files take a while to read. */
export const defer = true;
export const deferEphemeral = true;

/** Shows lines of the log files, or what they come to, to the owner alone. */
export async function execute(
  interaction: ChatInputCommandInteraction,
  context: CommandContext,
): Promise<void> {
  const messages = messagesFor(context.invocation.locale);
  const { options } = interaction;
  const query = queryOf(interaction, context);
  const asked = options.getInteger(english.limitOption.name);
  const limit = asked ?? DEFAULT_LINES;
  const isSummary = options.getBoolean(english.summaryOption.name) ?? false;
  const message = isSummary
    ? summaryMessage(await context.logs.summary(query, asked), asked, messages)
    : await linesMessage(await context.logs.newest(query, limit), limit, messages);
  await interaction.reply({ ...message, flags: MessageFlags.Ephemeral, allowedMentions: { parse: [] } });
}

export function autocomplete(interaction: AutocompleteInteraction, { stats }: CommandContext): Promise<void> {
  return offerNames(interaction, stats.commandNames());
}

/** What the options ask for. Refuses what cannot be understood. */
function queryOf({ options }: ChatInputCommandInteraction, context: CommandContext): LogQuery {
  const text = messagesFor(context.invocation.locale).logs;
  const given = (name: string): string => options.getString(name)?.trim() ?? '';
  const level = LOG_LEVELS.find((one) => one === given(english.levelOption.name)) ?? null;
  const command = given(english.commandOption.name).replace(/^\//, '');
  const typedTrace = given(english.traceOption.name);
  const trace = parseTrace(typedTrace);
  if (trace === null && typedTrace !== '') context.refuse(text.badTrace(code(typedTrace)));
  const typedSince = given(english.sinceOption.name);
  const since = typedSince === '' ? null : parseTime(typedSince, context.invocation.receivedAt);
  if (since === null && typedSince !== '') context.refuse(text.badSince(code(typedSince)));
  const user = options.getUser(english.userOption.name);
  return {
    ...EVERYTHING,
    users: user === null ? [] : [user.id],
    commands: command === '' ? [] : [command],
    traces: trace === null ? [] : [trace],
    level,
    since,
  };
}

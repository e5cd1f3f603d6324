import { MessageFlags, SlashCommandBuilder, type ChatInputCommandInteraction } from 'discord.js';
import type { CommandContext } from '../src/discord/command';
import { messagesFor } from '../src/discord/messages';
import { parseTrace } from '../src/log-reader/traces';
import { localised } from './_localised';
import { code } from './_text';
import { nothingMessage, storyMessage } from './_trace-message';
import { findStory } from './_trace-story';

const english = messagesFor('en-US').trace;
const korean = messagesFor('ko').trace;

/** What a user is shown; fewer digits would begin too many. */
const SHORTEST = 8;

export const data = localised(new SlashCommandBuilder(), english, korean).addStringOption((option) =>
  localised(option, english.referenceOption, korean.referenceOption).setRequired(true),
);

export const ownerOnly = true;

/** Files take a while to read. */
export const defer = true;
export const deferEphemeral = true;

/** Tells the owner alone all that is known of one invocation. */
export async function execute(
  interaction: ChatInputCommandInteraction,
  context: CommandContext,
): Promise<void> {
  const messages = messagesFor(context.invocation.locale);
  const typed = interaction.options.getString(english.referenceOption.name, true);
  const digits = parseTrace(typed) ?? '';
  if (digits.length < SHORTEST) context.refuse(messages.trace.badReference(code(typed)));
  const found = await findStory(digits, context);
  const message =
    found.story === null
      ? nothingMessage(digits, found, messages)
      : await storyMessage(found.story, found, context.links, messages);
  await interaction.reply({ ...message, flags: MessageFlags.Ephemeral, allowedMentions: { parse: [] } });
}

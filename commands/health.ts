import { MessageFlags, SlashCommandBuilder, type ChatInputCommandInteraction } from 'discord.js';
import type { CommandContext } from '../src/discord/command';
import { messagesFor } from '../src/discord/messages';
import { healthEmbed } from './_health-embed';
import { localised } from './_localised';

const english = messagesFor('en-US').health;
const korean = messagesFor('ko').health;

export const data = localised(new SlashCommandBuilder(), english, korean);

/** Also as "@bot" in a message. */
export const text = true;

/** Shows the health report to the user alone. */
export async function execute(
  interaction: ChatInputCommandInteraction,
  { invocation, health, modules }: CommandContext,
): Promise<void> {
  const report = await health.report();
  const startedAt = interaction.createdTimestamp - report.uptime * 1000;
  await interaction.reply({
    embeds: [healthEmbed(report, modules(), startedAt, messagesFor(invocation.locale))],
    flags: MessageFlags.Ephemeral,
    allowedMentions: { parse: [] },
  });
}

import { SlashCommandBuilder, type ChatInputCommandInteraction } from 'discord.js';

export const data = new SlashCommandBuilder()
  .setName('announce')
  .setDescription('Announces something; for the owner of the bot only')
  .addStringOption((option) =>
    option.setName('text').setDescription('What to announce').setRequired(true).setMaxLength(500),
  );

/** Anybody else is refused before `execute` is called. */
export const ownerOnly = true;

export async function execute(interaction: ChatInputCommandInteraction): Promise<void> {
  await interaction.reply({
    embeds: [{ title: '📣 Announcement', description: interaction.options.getString('text', true) }],
    allowedMentions: { parse: [] },
  });
}

import type { ChatInputCommandInteraction } from 'discord.js';

/** What both sides of the measurement do: answer once. */
export const data = { name: 'reply', description: 'Replies.' };

export async function execute(interaction: ChatInputCommandInteraction): Promise<void> {
  await interaction.reply('pong');
}

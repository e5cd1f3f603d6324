import { SlashCommandBuilder, type ChatInputCommandInteraction } from 'discord.js';

export const data = new SlashCommandBuilder()
  .setName('daily')
  .setDescription('Gives you a coin; in this demo every 20 seconds');

/** Whoever asks again sooner is refused before `execute` is called. */
export const cooldown = 20;

export async function execute(interaction: ChatInputCommandInteraction): Promise<void> {
  await interaction.reply(`🪙 A coin for ${interaction.user.toString()}. Come back in ${cooldown} seconds.`);
}

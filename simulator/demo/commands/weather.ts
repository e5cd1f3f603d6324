import { setTimeout as sleep } from 'node:timers/promises';
import { SlashCommandBuilder, type APIEmbed, type ChatInputCommandInteraction } from 'discord.js';
import type { CommandContext } from '../../../src/discord/command';

const CITIES = ['Busan', 'Lisbon', 'Bergen', 'Halifax', 'Valparaíso'] as const;
const SKIES = ['☀️ Sunny', '⛅ Fair', '🌧️ Rain', '🌫️ Fog', '💨 Gale'] as const;
const FASTEST_MS = 300;
const SLOWEST_MS = 1200;
const FAILING_RATIO = 0.12;

export const data = new SlashCommandBuilder()
  .setName('weather')
  .setDescription('Asks a slow weather service, which is sometimes down')
  .addStringOption((option) =>
    option
      .setName('city')
      .setDescription('Where')
      .setRequired(true)
      .addChoices(...CITIES.map((city) => ({ name: city, value: city }))),
  );

/** Says "thinking…" first, since the service may take longer than a user should wait for a sign of life. */
export async function execute(interaction: ChatInputCommandInteraction, { signal }: CommandContext) {
  await interaction.deferReply();
  const forecast = await askService(interaction.options.getString('city', true), signal);
  await interaction.editReply({ embeds: [forecast] });
}

async function askService(city: string, signal: AbortSignal): Promise<APIEmbed> {
  await sleep(FASTEST_MS + Math.random() * (SLOWEST_MS - FASTEST_MS), undefined, { signal });
  if (Math.random() < FAILING_RATIO) throw new Error('The weather service answered 503 Service Unavailable');
  return {
    title: `Weather in ${city}`,
    color: 0x3b88c3,
    description: pick(SKIES),
    fields: [
      { name: 'Temperature', value: `${Math.round(Math.random() * 30)} °C`, inline: true },
      { name: 'Wind', value: `${Math.round(Math.random() * 40)} kn`, inline: true },
      { name: 'Asked', value: `<t:${Math.floor(Date.now() / 1000)}:R>`, inline: true },
    ],
    footer: { text: 'Invented for the demo' },
  };
}

function pick<Item>(items: readonly [Item, ...Item[]]): Item {
  return items[Math.floor(Math.random() * items.length)] ?? items[0];
}

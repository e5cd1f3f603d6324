import { Client, Events, GatewayIntentBits } from 'discord.js';
import { execute } from './commands/reply';

/** The other side of the measurement: discord.js alone, with a handler that replies, as every tutorial has it. */

const client = new Client({
  intents: [GatewayIntentBits.Guilds],
  rest: { api: process.env.DISCORD_API_URL ?? '' },
});
client.on(Events.InteractionCreate, (interaction) => {
  if (interaction.isChatInputCommand()) void execute(interaction);
});
void client.login(process.env.DISCORD_TOKEN);

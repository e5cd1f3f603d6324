import { SlashCommandBuilder, type ChatInputCommandInteraction } from 'discord.js';
import type { CommandContext } from '../src/discord/command';
import { messagesFor } from '../src/discord/messages';
import { localised } from './_localised';

const english = messagesFor('en-US').ping;
const korean = messagesFor('ko').ping;

export const data = localised(new SlashCommandBuilder(), english, korean);

/** Also as "@bot" in a message. */
export const text = true;

/** Answers at once, with how long the heartbeat and the command itself took to arrive. */
export async function execute(
  interaction: ChatInputCommandInteraction,
  { invocation, shards }: CommandContext,
): Promise<void> {
  const text = messagesFor(invocation.locale).ping;
  const latencySeconds = shards().find(({ shard }) => shard === invocation.shard)?.latencySeconds ?? null;
  const gateway = text.gateway(latencySeconds === null ? null : Math.round(latencySeconds * 1000));
  const deliveryMs = Math.max(0, invocation.receivedAt - invocation.createdAt);
  await interaction.reply({ content: `${gateway} ${text.delivered(deliveryMs)}` });
}

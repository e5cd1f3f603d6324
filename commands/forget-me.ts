import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  MessageFlags,
  SlashCommandBuilder,
  type ButtonInteraction,
  type ChatInputCommandInteraction,
} from 'discord.js';
import type { CommandContext, CommandModule } from '../src/discord/command';
import { messagesFor } from '../src/discord/messages';
import { StoreUnavailableError } from '../src/stats/stats';
import { localised } from './_localised';

const english = messagesFor('en-US').forgetMe;
const korean = messagesFor('ko').forgetMe;

export const data = localised(new SlashCommandBuilder(), english, korean);

export const components: NonNullable<CommandModule['components']> = {
  'forget-me:confirm:{userId}': confirm,
  'forget-me:cancel:{userId}': cancel,
};

/** Says what the statistics hold of the user, and asks whether it is to go. */
export async function execute(
  interaction: ChatInputCommandInteraction,
  { invocation }: CommandContext,
): Promise<void> {
  const text = messagesFor(invocation.locale).forgetMe;
  const button = (route: string, label: string, style: ButtonStyle): ButtonBuilder =>
    new ButtonBuilder()
      .setCustomId(`forget-me:${route}:${interaction.user.id}`)
      .setLabel(label)
      .setStyle(style);
  await interaction.reply({
    content: text.stored,
    components: [
      new ActionRowBuilder<ButtonBuilder>().addComponents(
        button('confirm', text.confirm, ButtonStyle.Danger),
        button('cancel', text.cancel, ButtonStyle.Secondary),
      ),
    ],
    flags: MessageFlags.Ephemeral,
  });
}

/** Removes the user's records, and says how many there were. If it cannot be done now, the buttons stay. */
async function confirm(interaction: ButtonInteraction, context: CommandContext): Promise<void> {
  const text = messagesFor(context.invocation.locale).forgetMe;
  if (context.params.userId !== interaction.user.id) context.refuse(text.notYours);
  await interaction.deferUpdate();
  const removed = await context.privacy.forgetUser(interaction.user.id).catch((error: unknown) => {
    if (error instanceof StoreUnavailableError) return context.refuse(text.unavailable);
    throw error;
  });
  await interaction.editReply({ content: text.removed(removed), components: [] });
}

async function cancel(
  interaction: ButtonInteraction,
  { invocation, params, refuse }: CommandContext,
): Promise<void> {
  const text = messagesFor(invocation.locale).forgetMe;
  if (params.userId !== interaction.user.id) refuse(text.notYours);
  await interaction.update({ content: text.kept, components: [] });
}

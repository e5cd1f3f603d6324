import { MessageFlags, RESTJSONErrorCodes, type AutocompleteInteraction } from 'discord.js';
import type { CommandInteraction, ComponentInteraction } from './command';

const MESSAGE_LIMIT = 2000;

/** Shows a user, and nobody else, how a command ended. Rejects where Discord does not take it. */
export async function tell(
  interaction: CommandInteraction | ComponentInteraction,
  content: string,
): Promise<void> {
  const message = { content: content.slice(0, MESSAGE_LIMIT).trim() || '…', allowedMentions: { parse: [] } };
  if (!interaction.deferred && !interaction.replied) {
    await interaction.reply({ ...message, flags: MessageFlags.Ephemeral });
  } else if (interaction.replied || interaction.ephemeral === null) {
    // Whoever deferred an update has not begun an answer: the original is the message with the component, and stays.
    await interaction.followUp({ ...message, flags: MessageFlags.Ephemeral });
  } else if (interaction.ephemeral) {
    // It may have been deleted meanwhile.
    await interaction
      .editReply(message)
      .catch(() => interaction.followUp({ ...message, flags: MessageFlags.Ephemeral }));
  } else {
    // Everyone sees it "thinking", and whatever is sent next takes that place in public: away with it first.
    await interaction.deleteReply().catch(() => undefined);
    await interaction.followUp({ ...message, flags: MessageFlags.Ephemeral });
  }
}

/**
 * Asks Discord whether the user still sees that the bot is "thinking". Where Discord does not say, it is taken for so;
 * of what is not there any more nothing is seen. Never rejects.
 */
export async function isThinking(interaction: CommandInteraction | ComponentInteraction): Promise<boolean> {
  try {
    return (await interaction.fetchReply()).flags.has(MessageFlags.Loading);
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
    return code !== RESTJSONErrorCodes.UnknownMessage;
  }
}

/** Ends an autocompletion that went wrong: there is nothing to suggest. */
export async function suggestNothing(interaction: AutocompleteInteraction): Promise<void> {
  if (!interaction.responded) await interaction.respond([]);
}

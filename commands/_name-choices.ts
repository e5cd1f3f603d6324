import type { AutocompleteInteraction } from 'discord.js';

/** What Discord takes. */
const CHOICES = 25;
const CHOICE_LENGTH = 100;

/** Offers the commands whose names begin with what was typed, then those that contain it. */
export async function offerCommands(
  interaction: AutocompleteInteraction,
  commandNames: readonly string[],
): Promise<void> {
  const typed = interaction.options.getFocused().trim().toLowerCase();
  const names = commandNames.filter((name) => name.length <= CHOICE_LENGTH);
  const starting = names.filter((name) => name.toLowerCase().startsWith(typed));
  const containing = names.filter((name) => name.toLowerCase().includes(typed) && !starting.includes(name));
  await interaction.respond(
    [...starting, ...containing].slice(0, CHOICES).map((name) => ({ name, value: name })),
  );
}

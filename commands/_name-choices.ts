import type { AutocompleteInteraction } from 'discord.js';

/** What Discord takes. */
const CHOICES = 25;
const CHOICE_LENGTH = 100;

/** Offers the names that begin with what was typed, then those that contain it. */
export async function offerNames(
  interaction: AutocompleteInteraction,
  names: readonly string[],
): Promise<void> {
  const typed = interaction.options.getFocused().trim().toLowerCase();
  const offered = names.filter((name) => name.length <= CHOICE_LENGTH);
  const starting = offered.filter((name) => name.toLowerCase().startsWith(typed));
  const containing = offered.filter((name) => name.toLowerCase().includes(typed) && !starting.includes(name));
  await interaction.respond(
    [...starting, ...containing].slice(0, CHOICES).map((name) => ({ name, value: name })),
  );
}

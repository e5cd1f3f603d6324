import type { SharedNameAndDescription } from 'discord.js';

interface Words {
  readonly name: string;
  readonly description: string;
}

/** Names and describes a command or an option in both of our languages, and gives it back. */
export function localised<Named extends SharedNameAndDescription>(
  named: Named,
  english: Words,
  korean: Words,
): Named {
  return named
    .setName(english.name)
    .setNameLocalizations({ ko: korean.name })
    .setDescription(english.description)
    .setDescriptionLocalizations({ ko: korean.description });
}

/** A choice that is named in both, and has the same value in both. */
export function choice<Value extends string>(
  value: Value,
  english: string,
  korean: string,
): { name: string; value: Value; name_localizations: { ko: string } } {
  return { name: english, value, name_localizations: { ko: korean } };
}

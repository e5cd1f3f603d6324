import { ApplicationCommandOptionType, type APIApplicationCommandBasicOption } from 'discord.js';
import { Refusal } from '../../pipeline/outcome';
import type { Messages } from '../messages';
import type { Word } from './call';

/** Which words are meant for which option: by name, `period:7d`, or in their order. */

export type Definition = APIApplicationCommandBasicOption;

/**
 * Deals the words out. Where the last option is a text, it takes all that is left over.
 *
 * @returns what was written for each option, by its name.
 * @throws Refusal that shows the usage, where there are more words than options.
 */
export function dealOut(
  words: readonly Word[],
  definitions: readonly Definition[],
  { text }: Messages,
  usage: string,
): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  const unnamed: string[] = [];
  for (const word of words) {
    const named = word.name === null ? undefined : definitionNamed(word.name, definitions);
    if (named === undefined) unnamed.push(word.text);
    else given.set(named.name, word.value);
  }
  const open = definitions.filter(({ name, type }) => !given.has(name) && !isAttachment(type));
  for (const [index, { name, type }] of open.entries()) {
    const isLast = index === open.length - 1;
    const taken = unnamed.splice(0, isLast && isString(type) ? unnamed.length : 1);
    if (taken.length > 0) given.set(name, taken.join(' '));
  }
  if (unnamed.length > 0) throw new Refusal('user_error', text.tooMuch(usage));
  return given;
}

/** How a command is written: `@Telltale ticket close <id> [reason]`. */
export function usageOf(botName: string, path: string, definitions: readonly Definition[]): string {
  const options = definitions.map(({ name, required }) => (required === true ? `<${name}>` : `[${name}]`));
  return [`@${botName}`, path, ...options].join(' ');
}

export const isAttachment = (type: ApplicationCommandOptionType): boolean =>
  type === ApplicationCommandOptionType.Attachment;
const isString = (type: ApplicationCommandOptionType): boolean =>
  type === ApplicationCommandOptionType.String;

/** By its name in whatever language it has one. */
function definitionNamed(name: string, definitions: readonly Definition[]): Definition | undefined {
  const wanted = name.toLowerCase();
  return definitions.find((one) => namesOf(one).includes(wanted));
}

/** Every name that an option or a command goes by, in lower case. */
export function namesOf({
  name,
  name_localizations: localised,
}: {
  readonly name: string;
  readonly name_localizations?: Readonly<Partial<Record<string, string | null>>> | null | undefined;
}): string[] {
  return [name, ...Object.values(localised ?? {})].flatMap((each) =>
    typeof each === 'string' ? [each.toLowerCase()] : [],
  );
}

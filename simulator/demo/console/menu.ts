import {
  ApplicationCommandOptionType as OptionType,
  ApplicationCommandType,
  type APIApplicationCommand,
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandOption,
  type LocalizationMap,
} from 'discord-api-types/v10';

/** The commands as a user finds them in Discord: under their names in the user's language. */

interface Named {
  readonly name: string;
  readonly name_localizations?: LocalizationMap | null;
}

/** How far a line has got, as it is typed. */
export type Spot =
  | { readonly kind: 'command'; readonly fragment: string }
  | {
      readonly kind: 'subcommand';
      readonly fragment: string;
      readonly choices: readonly APIApplicationCommandOption[];
    }
  | {
      readonly kind: 'options';
      /** Command and subcommand, under their registered names. */
      readonly registered: string;
      readonly definitions: readonly APIApplicationCommandBasicOption[];
      readonly rest: string;
    };

/** The word that is typed first, and whether it is complete. */
const WORD = /^(\S*)(\s*)/;
/** A quoted text (skipped), or the start of an option. */
const MARKER = /"(?:[^"\\]|\\.)*"|(?<=^|\s)([\p{L}\p{N}_'-]+):/gu;

/** What a user of that locale calls it. */
export function shownName(item: Named, locale: string): string {
  return localized(item.name_localizations, locale) ?? item.name;
}

export function shownDescription(
  item: { readonly description: string; readonly description_localizations?: LocalizationMap | null },
  locale: string,
): string {
  return localized(item.description_localizations, locale) ?? item.description;
}

export function slashCommands(commands: readonly APIApplicationCommand[]): readonly APIApplicationCommand[] {
  return commands.filter(({ type }) => type === ApplicationCommandType.ChatInput);
}

/** Where a line that begins with "/" has got to; null if there is no such command or subcommand. */
export function locate(
  line: string,
  commands: readonly APIApplicationCommand[],
  locale: string,
): Spot | null {
  const [, name, space] = split(line.slice(1));
  if (space === '') return { kind: 'command', fragment: line };
  const command = find(slashCommands(commands), name, locale);
  if (command === undefined) return null;
  let registered = `/${command.name}`;
  let rest = line.slice(1 + name.length + space.length);
  let options: readonly APIApplicationCommandOption[] = command.options ?? [];
  while (options.some(isNesting)) {
    const [, word, after] = split(rest);
    if (after === '') return { kind: 'subcommand', fragment: word, choices: options };
    const next = find(options.filter(isNesting), word, locale);
    if (next === undefined) return null;
    registered += ` ${next.name}`;
    rest = rest.slice(word.length + after.length);
    options = next.options ?? [];
  }
  return { kind: 'options', registered, definitions: options.filter(isBasic), rest };
}

/** A line under the names that Discord sends, whatever language it was typed in. Unknown names stay as they are. */
export function toRegistered(
  line: string,
  commands: readonly APIApplicationCommand[],
  locale: string,
): string {
  const spot = locate(`${line} `, commands, locale);
  if (spot?.kind !== 'options') return line;
  const options = spot.rest.replace(MARKER, (text: string, name: string | undefined) => {
    const definition = name === undefined ? undefined : find(spot.definitions, name, locale);
    return definition === undefined ? text : `${definition.name}:`;
  });
  return `${spot.registered} ${options}`.trim();
}

/** The options that a text names, in the order of typing, each with where its value begins. */
export function namedOptions(
  text: string,
  definitions: readonly APIApplicationCommandBasicOption[],
  locale: string,
): readonly { readonly definition: APIApplicationCommandBasicOption; readonly valueAt: number }[] {
  return [...text.matchAll(MARKER)].flatMap((match) => {
    const definition = match[1] === undefined ? undefined : find(definitions, match[1], locale);
    return definition === undefined ? [] : [{ definition, valueAt: match.index + match[0].length }];
  });
}

function find<Item extends Named>(items: readonly Item[], name: string, locale: string): Item | undefined {
  return items.find((item) => item.name === name || shownName(item, locale) === name);
}

function localized(map: LocalizationMap | null | undefined, locale: string): string | null {
  return Object.entries(map ?? {}).find(([language]) => language === locale)?.[1] ?? null;
}

function split(text: string): readonly [whole: string, word: string, space: string] {
  const [whole = '', word = '', space = ''] = WORD.exec(text) ?? [];
  return [whole, word, space];
}

type Nesting = Exclude<APIApplicationCommandOption, APIApplicationCommandBasicOption>;

const isNesting = (option: APIApplicationCommandOption): option is Nesting =>
  option.type === OptionType.Subcommand || option.type === OptionType.SubcommandGroup;
const isBasic = (option: APIApplicationCommandOption): option is APIApplicationCommandBasicOption =>
  !isNesting(option);

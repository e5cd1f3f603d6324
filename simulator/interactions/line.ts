import {
  ApplicationCommandOptionType as OptionType,
  ApplicationCommandType,
  type APIApplicationCommand,
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandOption,
} from 'discord-api-types/v10';

/** A slash command as it was typed, matched with the command that is registered. */
export interface TypedLine {
  readonly command: APIApplicationCommand;
  /** Group and subcommand, as far as there are any, outermost first. */
  readonly nesting: readonly { readonly type: OptionType; readonly name: string }[];
  /** In the order of typing. */
  readonly options: readonly {
    readonly definition: APIApplicationCommandBasicOption;
    readonly text: string;
  }[];
  /** All options that could be typed here. */
  readonly definitions: readonly APIApplicationCommandBasicOption[];
}

const NAME = String.raw`[\p{L}\p{N}_'ʼ-]+`;
const WORD = /^\s*(\S+)\s*/;
/** A quoted text (skipped), or the start of an option. */
const MARKER = new RegExp(String.raw`"(?:[^"\\]|\\.)*"|(?<=^|\s)(${NAME}):`, 'gu');

/** Throws an error that says which part of the line Discord does not know. */
export function parseLine(line: string, commands: readonly APIApplicationCommand[]): TypedLine {
  const [first, afterName] = takeWord(line);
  const slashCommands = commands.filter((one) => one.type === ApplicationCommandType.ChatInput);
  const command = slashCommands.find((one) => `/${one.name}` === first);
  if (command === undefined) {
    const known = slashCommands.map((one) => `/${one.name}`).join(', ');
    throw new Error(`No command "${first}" is registered here. There are: ${known || 'none'}.`);
  }
  const { nesting, definitions, rest } = descend(command, afterName);
  const label = ['/' + command.name, ...nesting.map((one) => one.name)].join(' ');
  return { command, nesting, definitions, options: readOptions(rest, definitions, label) };
}

function takeWord(text: string): readonly [word: string, rest: string] {
  const match = WORD.exec(text);
  return [match?.[1] ?? '', text.slice(match?.[0].length ?? 0)];
}

const isNesting = (
  option: APIApplicationCommandOption,
): option is Exclude<APIApplicationCommandOption, APIApplicationCommandBasicOption> =>
  option.type === OptionType.Subcommand || option.type === OptionType.SubcommandGroup;

function descend(command: APIApplicationCommand, afterName: string) {
  const nesting: { type: OptionType; name: string }[] = [];
  let options: readonly APIApplicationCommandOption[] = command.options ?? [];
  let rest = afterName;
  while (options.some(isNesting)) {
    const [word, after] = takeWord(rest);
    const next = options.filter(isNesting).find((option) => option.name === word);
    if (next === undefined) {
      const label = ['/' + command.name, ...nesting.map((one) => one.name)].join(' ');
      const known = options.map((option) => option.name).join(', ');
      throw new Error(`${label}: no subcommand "${word}". There are: ${known}.`);
    }
    nesting.push({ type: next.type, name: next.name });
    options = next.options ?? [];
    rest = after;
  }
  const definitions = options.filter(
    (option): option is APIApplicationCommandBasicOption => !isNesting(option),
  );
  return { nesting, definitions, rest };
}

interface Marker {
  readonly definition: APIApplicationCommandBasicOption;
  readonly start: number;
  readonly end: number;
}

function readOptions(
  text: string,
  definitions: readonly APIApplicationCommandBasicOption[],
  label: string,
): TypedLine['options'] {
  const markers = findMarkers(text, definitions, label);
  const before = text.slice(0, markers[0]?.start ?? text.length).trim();
  if (before !== '') {
    const [only, ...others] = definitions.filter(
      ({ required }) => definitions.length === 1 || required === true,
    );
    const meant = only === undefined || others.length > 0 ? '' : ` Write ${label} ${only.name}:${before}`;
    throw new Error(`${label}: "${before}" belongs to no option; ${list(definitions)}${meant}`);
  }
  return markers.map(({ definition, end }, index) => ({
    definition,
    text: unquote(text.slice(end, markers[index + 1]?.start ?? text.length).trim()),
  }));
}

function findMarkers(
  text: string,
  definitions: readonly APIApplicationCommandBasicOption[],
  label: string,
): readonly Marker[] {
  const markers: Marker[] = [];
  for (const match of text.matchAll(MARKER)) {
    const name = match[1];
    if (name === undefined) continue;
    const end = match.index + match[0].length;
    const definition = definitions.find((option) => option.name === name);
    const isText = /^\p{N}/u.test(name) || text.startsWith('//', end);
    if (definition === undefined && isText) continue;
    if (definition === undefined) {
      throw new Error(`${label}: no option "${name}" (quote it if it is text); ${list(definitions)}`);
    }
    if (markers.some((marker) => marker.definition === definition)) {
      throw new Error(`${label}: option "${name}" was given twice.`);
    }
    markers.push({ definition, start: match.index, end });
  }
  return markers;
}

function list(definitions: readonly APIApplicationCommandBasicOption[]): string {
  return `options: ${definitions.map((option) => option.name).join(', ') || 'none'}.`;
}

function unquote(text: string): string {
  const inner = /^"((?:[^"\\]|\\.)*)"$/s.exec(text)?.[1];
  return inner === undefined ? text : inner.replaceAll(/\\(["\\])/g, '$1');
}

import {
  ApplicationCommandOptionType as OptionType,
  type APIApplicationCommand,
  type APIApplicationCommandBasicOption,
} from 'discord-api-types/v10';
import {
  locate,
  namedOptions,
  shownDescription,
  shownName,
  slashCommands,
  toRegistered,
  type Spot,
} from './menu';

export interface Candidate {
  /** What takes the fragment's place. */
  readonly value: string;
  readonly note: string;
}

/** How a line can go on. */
export interface Completion {
  readonly candidates: readonly Candidate[];
  /** The end of the line that a candidate replaces. */
  readonly fragment: string;
}

/** A word of the console's own, and what may follow it. */
export interface Word {
  readonly note: string;
  readonly values: readonly (string | Candidate)[];
}

export interface CompletionSources {
  readonly commands: readonly APIApplicationCommand[];
  readonly locale: string;
  readonly words: Readonly<Record<string, Word>>;
  /** Asks the bot for suggestions for the last option of a line under registered names. */
  readonly suggest: (line: string) => Promise<readonly Candidate[]>;
}

const NOTHING: Completion = { candidates: [], fragment: '' };

/** Completes what has been typed so far. Rejects only if `suggest` does. */
export async function complete(line: string, sources: CompletionSources): Promise<Completion> {
  if (!line.startsWith('/')) return completeWords(line, sources);
  const { commands, locale } = sources;
  const spot = locate(line, commands, locale);
  switch (spot?.kind) {
    case undefined:
      return NOTHING;
    case 'command':
      return fitting(
        spot.fragment,
        slashCommands(commands).map((one) => candidate(one, locale, '/', ' ')),
      );
    case 'subcommand':
      return fitting(
        spot.fragment,
        spot.choices.map((one) => candidate(one, locale, '', ' ')),
      );
    case 'options':
      return completeOptions(line, spot, sources);
  }
}

function completeWords(line: string, { words }: CompletionSources): Completion {
  const [word = '', ...rest] = line.split(/\s+/);
  if (rest.length > 0) {
    const values = words[word]?.values ?? [];
    return fitting(
      rest.join(' '),
      values.map((value) => (typeof value === 'string' ? { value, note: '' } : value)),
    );
  }
  const all = Object.entries(words).map(([value, { note }]) => ({ value: `${value} `, note }));
  return fitting(word, line === '' ? [{ value: '/', note: 'a command' }, ...all] : all);
}

async function completeOptions(
  line: string,
  { definitions, rest }: Extract<Spot, { kind: 'options' }>,
  sources: CompletionSources,
): Promise<Completion> {
  const { locale } = sources;
  const named = namedOptions(rest, definitions, locale);
  const last = named.at(-1);
  if (last !== undefined) {
    const typed = rest.slice(last.valueAt);
    const values = await valuesOf(last.definition, line, sources);
    const open = values.filter(({ value }) => value !== typed.trimEnd() || typed === value);
    const completion = containing(typed, open);
    if (completion.candidates.length > 0 || !/\s/.test(typed)) return completion;
  }
  const unused = definitions.filter((one) => !named.some(({ definition }) => definition === one));
  const word = /\S*$/.exec(rest)?.[0] ?? '';
  return fitting(
    word,
    unused.map((one) => candidate(one, locale, '', ':')),
  );
}

/** The values that an option can have, as far as they are known. */
async function valuesOf(
  definition: APIApplicationCommandBasicOption,
  line: string,
  { commands, locale, suggest }: CompletionSources,
): Promise<readonly Candidate[]> {
  if ('autocomplete' in definition && definition.autocomplete) {
    return suggest(toRegistered(line, commands, locale));
  }
  if (definition.type === OptionType.Boolean) return ['true', 'false'].map((value) => ({ value, note: '' }));
  if (!('choices' in definition)) return [];
  return (definition.choices ?? []).map((choice) => {
    const value = String(choice.value);
    const name = shownName(choice, locale);
    return { value, note: name === value ? '' : name };
  });
}

function candidate(
  item: Parameters<typeof shownName>[0] & Parameters<typeof shownDescription>[0],
  locale: string,
  before: string,
  after: string,
): Candidate {
  return { value: `${before}${shownName(item, locale)}${after}`, note: shownDescription(item, locale) };
}

/** Those that begin like the fragment, whatever the case. */
function fitting(fragment: string, candidates: readonly Candidate[]): Completion {
  const start = fragment.toLowerCase();
  return { fragment, candidates: candidates.filter(({ value }) => value.toLowerCase().startsWith(start)) };
}

/** Those that begin like the fragment, or else those that have it somewhere: as the bot suggests them. */
function containing(fragment: string, candidates: readonly Candidate[]): Completion {
  const beginning = fitting(fragment, candidates);
  if (beginning.candidates.length > 0) return beginning;
  const part = fragment.trim().toLowerCase();
  return { fragment, candidates: candidates.filter(({ value }) => value.toLowerCase().includes(part)) };
}

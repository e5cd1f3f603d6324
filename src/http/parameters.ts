/** The parameters of a query: what was given becomes a value, or a sentence that says what can be given. */

export type Parsed<Value> = { readonly value: Value } | { readonly error: string };

const NAMES_SHOWN = 50;
const GIVEN_CHARACTERS_SHOWN = 100;

/** One of a closed set of texts. Null where it is left out or empty. */
export function parseChoice<Value extends string>(
  name: string,
  given: unknown,
  choices: readonly Value[],
): Parsed<Value | null> {
  if (isLeftOut(given)) return { value: null };
  const value = choices.find((choice) => choice === given);
  return value === undefined ? refuse(name, given, listOf(choices)) : { value };
}

/** A command by its full path, `ticket close`, or by its first words, `ticket`. Null where it is left out or empty. */
export function parseCommand(name: string, given: unknown, known: readonly string[]): Parsed<string | null> {
  if (isLeftOut(given)) return { value: null };
  const isKnown = (words: string): boolean =>
    known.some((command) => command === words || command.startsWith(`${words} `));
  return typeof given === 'string' && isKnown(given) ? { value: given } : refuse(name, given, listOf(known));
}

/** A text of one form. Null where it is left out or empty. */
export function parsePattern(
  name: string,
  given: unknown,
  expected: { readonly pattern: RegExp; readonly description: string },
): Parsed<string | null> {
  if (isLeftOut(given)) return { value: null };
  const { pattern, description } = expected;
  return typeof given === 'string' && pattern.test(given)
    ? { value: given }
    : refuse(name, given, description);
}

/** A whole number within bounds. Null where it is left out or empty. */
export function parseCount(
  name: string,
  given: unknown,
  { minimum, maximum }: { readonly minimum: number; readonly maximum: number },
): Parsed<number | null> {
  if (isLeftOut(given)) return { value: null };
  const count = typeof given === 'string' && /^\d{1,9}$/.test(given) ? Number(given) : NaN;
  return count >= minimum && count <= maximum
    ? { value: count }
    : refuse(name, given, `a whole number from ${minimum} to ${maximum}`);
}

function isLeftOut(given: unknown): boolean {
  return given === undefined || given === '';
}

function refuse(name: string, given: unknown, expected: string): { readonly error: string } {
  return { error: `${name} is ${describe(given)}, and must be ${expected}.` };
}

function describe(given: unknown): string {
  if (typeof given !== 'string') return 'given more than once';
  return JSON.stringify(
    given.length > GIVEN_CHARACTERS_SHOWN ? `${given.slice(0, GIVEN_CHARACTERS_SHOWN)}…` : given,
  );
}

function listOf(choices: readonly string[]): string {
  if (choices.length === 0) return 'left out, for none is known';
  const shown = choices.slice(0, NAMES_SHOWN).map((choice) => JSON.stringify(choice));
  const hidden = choices.length - shown.length;
  return `one of ${shown.join(', ')}${hidden > 0 ? ` or ${hidden} more` : ''}`;
}

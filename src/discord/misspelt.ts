/** What a module exports that is nearly, but not quite, something that we know. */
export interface Misspelt {
  readonly given: string;
  readonly meant: string;
}

const KNOWN = [
  'execute',
  'autocomplete',
  'components',
  'cooldown',
  'timeout',
  'ownerOnly',
  'deferEphemeral',
] as const;
/** Two letters changed places, at most; in a short word that may be another word. */
const MOST_EDITS = 2;
const SHORT = 7;

/** The first such name; null if there is none. Names that are nothing like ours belong to the module. */
export function findMisspelt(module: object): Misspelt | null {
  const names = Object.keys(module);
  for (const given of names) {
    const meant = KNOWN.find((known) => !names.includes(known) && isLike(given, known));
    if (meant !== undefined) return { given, meant };
  }
  return null;
}

function isLike(given: string, known: string): boolean {
  if (plain(given) === plain(known)) return true;
  return edits(given, known) <= (known.length <= SHORT ? 1 : MOST_EDITS);
}

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z]/g, '');

/** Letters to add, to remove or to replace, to make one of the other: Levenshtein's distance. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

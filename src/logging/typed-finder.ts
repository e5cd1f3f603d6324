import { REDACTED } from './redact';

/**
 * Finds what a user typed in a text. A value is looked for as it was typed, and as JSON, URLs and forms write it. Of a
 * longer one every piece of ten characters is known: `JSON.parse` quotes as little of what it cannot read. What is too
 * short to tell from other words stands where it stands.
 */
export interface Finder {
  readonly inText: (text: string) => Span[];
  readonly inName: (name: string) => Span[];
  readonly numbers: ReadonlySet<number>;
}

/** A stretch of a text. */
export type Span = readonly [start: number, end: number];

/** A shorter piece of a value could be anybody's words. */
const PIECE_LENGTH = 10;
/** Any odd number with as many bits set as not. */
const BASE = 0x9e3779b1;
const BASE_TO_LENGTH = Array.from({ length: PIECE_LENGTH }).reduce<number>(
  (power) => Math.imul(power, BASE),
  1,
);
/** Up to this length, a value is a word among others: "hi" is not taken out of "this". */
const WORD_LENGTH = 3;
/** Numbers with fewer digits are in every line, as counts, milliseconds and lines of code. */
const NUMBER_DIGITS = 4;
/** Bounds the spellings that are looked for beyond the texts themselves: in a URL, Korean is nine times as long. */
const MAX_SPELT_CHARACTERS = 100_000;

/** What is written in one way everywhere. */
const PLAIN = /^[\w.-]*$/;
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);
const SPELLINGS: readonly ((text: string) => string)[] = [
  inJson,
  (text) => inJson(inJson(text)),
  // As Node shows it between the quotes of programs.
  (text) =>
    inJson(text)
      .replaceAll(String.raw`\"`, '"')
      .replaceAll("'", String.raw`\'`),
  // A character that is cut in two would throw.
  (text) => encodeURIComponent(Buffer.from(text).toString()),
  // As a form sends it: with a plus for each space.
  (text) => new URLSearchParams([['', text]]).toString().slice(1),
  (text) => text.normalize('NFC'),
  (text) => text.normalize('NFD'),
];

const NUMBER = /^[-+]?[\d.,]+$/;
const ASCII = /^[ -~]*$/;
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;
/** The name of a field as programs have them. */
const IDENTIFIER = /^[\w$.-]{1,64}$/;
/**
 * The words of a stack that are the code's own: where its places are, and the class of an error at its beginning. What was
 * typed is not in them, and short words are in many. In small letters.
 */
const CODE_WORDS = /^(?: {4}at .*:\d+:\d+\)?$|\w{0,40}error(?=(?: \[\w{1,64}\]|\[\w{1,32}\])?:))/gm;

/**
 * Makes a finder. Whether letters are capital makes no difference to it. Nothing about it is slower than linear, in what
 * was typed and in the text.
 */
export function createFinder(typed: readonly string[]): Finder {
  const short = new Set<string>();
  const pieces = new Set<number>();
  const add = (needle: string): void => {
    if (needle.length < PIECE_LENGTH) short.add(needle);
    else eachPiece(needle, (hash) => pieces.add(hash));
  };
  const told = [...new Set(typed.map((value) => value.trim()).filter(isTold))];
  for (const text of told) add(fold(text));
  for (const spelling of spellingsOf(told)) add(fold(spelling));
  return {
    inText: (text) => spansIn(fold(text), short, pieces),
    inName: (name) => {
      const folded = fold(name);
      if (!IDENTIFIER.test(name)) return spansIn(folded, short, pieces);
      return [...(short.has(folded) ? [[0, name.length] as const] : []), ...pieceSpans(folded, pieces)];
    },
    numbers: new Set(told.map(Number)),
  };
}

function spansIn(text: string, short: ReadonlySet<string>, pieces: ReadonlySet<number>): Span[] {
  return [...shortSpans(text, short), ...pieceSpans(text, pieces)];
}

/** In small letters, of which none may change where the others stand: two have forms of their own. */
function fold(text: string): string {
  return text.replaceAll('İ', 'i').toLowerCase().replaceAll('ς', 'σ');
}

/** Whether it can be told from all else that a line holds. */
function isTold(text: string): boolean {
  if (text.length < 2 || REDACTED.includes(fold(text))) return false;
  if (NUMBER.test(text)) return text.replace(/\D/g, '').length >= NUMBER_DIGITS;
  return text.length > WORD_LENGTH || !ASCII.test(text) || LETTER_OR_DIGIT.test(text);
}

/** How these texts are written in other places, the shortest first, as many as there is room for. */
function* spellingsOf(texts: readonly string[]): Generator<string> {
  let charactersLeft = MAX_SPELT_CHARACTERS;
  const byLength = texts.filter((text) => !PLAIN.test(text)).sort((a, b) => a.length - b.length);
  for (const text of byLength) {
    for (const spell of SPELLINGS) {
      if (charactersLeft <= 0) return;
      const spelt = spell(text.slice(0, charactersLeft)).slice(0, charactersLeft);
      if (spelt === text) continue;
      charactersLeft -= spelt.length;
      yield spelt;
    }
  }
}

function pieceSpans(text: string, pieces: ReadonlySet<number>): Span[] {
  const spans: Span[] = [];
  if (pieces.size === 0) return spans;
  eachPiece(text, (hash, start) => {
    if (pieces.has(hash)) spans.push([start, start + PIECE_LENGTH]);
  });
  return spans;
}

/**
 * Tells every piece of the text by a number, which takes a fifth of the time that the piece itself would. Of two that are
 * different one in four thousand million has the same: that costs a line ten characters, and hides none that was typed.
 */
function eachPiece(text: string, tell: (hash: number, start: number) => void): void {
  let hash = 0;
  for (let at = 0; at < text.length; at += 1) {
    hash = (Math.imul(hash, BASE) + text.charCodeAt(at)) | 0;
    if (at >= PIECE_LENGTH) hash = (hash - Math.imul(text.charCodeAt(at - PIECE_LENGTH), BASE_TO_LENGTH)) | 0;
    if (at >= PIECE_LENGTH - 1) tell(hash, at - PIECE_LENGTH + 1);
  }
}

function shortSpans(text: string, needles: ReadonlySet<string>): Span[] {
  const spans: Span[] = [];
  for (const needle of needles) {
    const standsAlone = (needle.length <= WORD_LENGTH && ASCII.test(needle)) || NUMBER.test(needle);
    for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + needle.length)) {
      if (!standsAlone || isWord(text, at, at + needle.length)) spans.push([at, at + needle.length]);
    }
  }
  return spans.length === 0 ? spans : outsideOfFrames(text, spans);
}

function isWord(text: string, start: number, end: number): boolean {
  return !LETTER_OR_DIGIT.test(text.charAt(start - 1)) && !LETTER_OR_DIGIT.test(text.charAt(end));
}

function outsideOfFrames(text: string, spans: readonly Span[]): Span[] {
  const frames = [...text.matchAll(CODE_WORDS)].map(({ index, 0: frame }): Span => [
    index,
    index + frame.length,
  ]);
  let next = 0;
  return [...spans]
    .sort(([a], [b]) => a - b)
    .filter(([start]) => {
      while (next < frames.length && (frames[next]?.[1] ?? 0) <= start) next += 1;
      return start < (frames[next]?.[0] ?? Infinity);
    });
}

import { createHash } from 'node:crypto';

/** What makes two errors one, so that a bug is one row however often, and for whomever, it happens. */

/** As much of a message, and of a stack, as is looked at. */
const READ_LENGTH = 10_000;
/** As much of what is left of a message as counts. */
const GROUP_LENGTH = 1000;
const NAME_LENGTH = 100;
const DIGITS = 12;

/** What the language says of code stands in quotes in these: names of properties and functions, not of things. */
const OF_THE_LANGUAGE: ReadonlySet<string> = new Set(['TypeError', 'ReferenceError', 'RangeError']);

/**
 * Gives 12 hexadecimal digits. They are made of the reason, the error's class and `code`, those of its cause, its message
 * without what differs from time to time (`groupOf`), and, for what code threw by itself, of the function and the file that
 * threw it, without line numbers. Never throws.
 *
 * @param message the error's own, redacted, on one line.
 */
export function fingerprintOf(reason: string, error: unknown, message: string): string {
  const name = read(() => nameOf(error));
  const parts = [
    reason,
    name,
    read(() => codeOf(error)),
    read(() => causeOf(error)),
    groupOf(message, !OF_THE_LANGUAGE.has(name)),
    // What Discord or the clock said is the same wherever it was said.
    reason === 'exception' ? read(() => placeOf(error)) : '',
  ];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, DIGITS);
}

/** In this order: what a later one matches may have been left by one before. */
const DIFFERENT_EACH_TIME: readonly (readonly [RegExp, string])[] = [
  [/[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,255}/g, '#'], // an e-mail address
  [/\b[a-z][\w+.-]{0,20}:\/\/[^\s"'`)\]}>]+/gi, '#'], // a URL
  [/(?<![\w<])(?:[a-z]:|~|\.{1,2})?(?:[\\/][^\s"'`:;,)\]}>\\/]+){2,}[\\/]?/gi, '#'], // a path
  // A word with a digit in it: a number, an id, a hash; and hexadecimal digits that happen to be letters.
  [/(?<![\p{L}\p{N}_-])(?=[\p{L}_-]*\p{N})[\p{L}\p{N}_-]+/gu, '#'],
  [/\b(?:[a-f]{8,}|[A-F]{8,})\b/g, '#'],
  [/(?:[-+]|\b0x)?#(?:[.,:+]+#)*(?: ?%)?/g, '#'], // the rest of a number, a time, an address
  [
    /(?:\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w{0,6},? )?(?:\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w{0,6} #|# (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w{0,6}\b)(?:,? #)*/g,
    '#',
  ],
  [/<(?:@[!&]?|#|t:|a?:\w{1,32}:)#(?::\w)?>/g, '#'], // a mention
  [/#(?:(?:, ?|\s)#)+/g, '#'], // a list of them
];

const QUOTED: readonly RegExp[] = [
  /"[^"]{0,1000}"/g,
  /`[^`]{0,1000}`/g,
  /“[^”]{0,1000}”/g,
  /«[^»]{0,1000}»/g,
  // And no apostrophe.
  /(?<![\p{L}\p{N}])'[^']{0,1000}'(?![\p{L}\p{N}])/gu,
];

/**
 * A message without what differs from time to time: ids, numbers, dates, addresses, paths, and what stands in quotes.
 *
 * @param blanksQuoted false: what stands in quotes stays, but for what differs in it.
 */
export function groupOf(message: string, blanksQuoted = true): string {
  let group = message.slice(0, READ_LENGTH);
  if (blanksQuoted) for (const quoted of QUOTED) group = group.replace(quoted, '#');
  for (const [different, sign] of DIFFERENT_EACH_TIME) group = group.replace(different, sign);
  return group.slice(0, GROUP_LENGTH);
}

/** Whatever was thrown may throw again when it is looked at. */
function read(look: () => string): string {
  try {
    return look().slice(0, NAME_LENGTH);
  } catch {
    return 'unknown';
  }
}

/** What it is called, else its class: one that extends Error is called "Error" where it says nothing else. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { name } = error;
  if (typeof name !== 'string') return 'Error';
  return name === 'Error' ? error.constructor.name : name;
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return '';
  const { code } = error;
  return typeof code === 'string' || typeof code === 'number' ? String(code) : '';
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error) || error.cause === undefined) return '';
  return `${nameOf(error.cause)} ${codeOf(error.cause)}`;
}

const FRAME = /^ +at (?:async )?(?:(.{0,300}?) \()?(.{1,500}?):\d+:\d+\)?$/;
const NOT_OWN = /^node:|[\\/]node_modules[\\/]|^<anonymous>/;

/** What a build puts into the names of files. */
const HASH = /(?<![a-z\d])(?=[a-z]*\d)[a-z\d]{8,}/gi;

/** The innermost function of the bot's own, with its file and that one's directory: "Shop.buy commands/shop.js". Empty where there is none. */
function placeOf(error: unknown): string {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return '';
  for (const line of framesOf(error.stack)) {
    const [, called = '', file = ''] = FRAME.exec(line) ?? [];
    if (file === '' || NOT_OWN.test(file)) continue;
    // What exports a function is called otherwise in each kind of module.
    const functionName = called.replace(/ \[as .*$/, '').replace(/^(?:Object|Module|exports)\./, '');
    return `${functionName} ${file.split(/[\\/]/).slice(-2).join('/').replace(HASH, '#')}`;
  }
  return '';
}

/** The lines at the end of a stack: those of a message that looks like one are before them. */
function framesOf(stack: string): readonly string[] {
  const lines = stack.slice(-READ_LENGTH).split('\n');
  const last = lines.findLastIndex((line) => !/^ +at /.test(line));
  return lines.slice(last + 1);
}

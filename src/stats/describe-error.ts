import { createHash } from 'node:crypto';

const MESSAGE_LENGTH = 200;
/** Enough for any message worth reading, and a bound for the expressions that run over it. */
const READ_LENGTH = 10_000;
/** Longer than the longest secret whose form is known, but for those that are blanked out to their end. */
const CUT_LENGTH = 1024;
/** Whose they are is nobody's business here; the log has them. */
const DISCORD_ID = /(?<!\d)\d{17,20}(?!\d)/g;
const INDESCRIBABLE = 'An error that cannot be described';

/**
 * The message of whatever was thrown: redacted, without Discord ids, on one line, never empty, at most 200 characters long.
 * Never throws, not even for an object whose getters do, or if `redact` does.
 */
export function describeError(error: unknown, redact: (text: string) => string): string {
  try {
    const text = redacted(messageOf(error), redact)
      .replace(DISCORD_ID, '#')
      .replace(/[\s\p{Cc}]+/gu, ' ')
      .trim();
    return shorten(text) || 'An error without a message';
  } catch {
    return INDESCRIBABLE;
  }
}

/**
 * What makes two errors one, as 12 hexadecimal digits: the reason, the error's name, and its message as `describeError`
 * gives it, numbers and ids apart. Never throws.
 */
export function fingerprintOf(reason: string, error: unknown, message: string): string {
  const text = `${reason}\n${nameOf(error)}\n${groupOf(message)}`;
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

function nameOf(error: unknown): string {
  try {
    return error instanceof Error ? error.name : typeof error;
  } catch {
    return 'unknown';
  }
}

/** What makes two messages one: words with a digit in them (numbers, ids, hashes) do not count. */
export function groupOf(message: string): string {
  return message.replace(/\b(?=[\w-]*\d)[\w-]+/g, '#');
}

function messageOf(error: unknown): string {
  if (typeof error === 'string') return error;
  if (error instanceof Error) return error.message || error.name;
  if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message);
  return `${String(error)} was thrown`;
}

/** Where a text is cut, half a secret may stand, which is not recognised: what lies that close to it goes too. */
function redacted(text: string, redact: (text: string) => string): string {
  if (text.length <= READ_LENGTH) return redact(text);
  return `${redact(text.slice(0, READ_LENGTH)).slice(0, -CUT_LENGTH)}…`;
}

function shorten(text: string): string {
  if (text.length <= MESSAGE_LENGTH) return text;
  // Half of a surrogate pair at the cut would be no valid character.
  return `${text.slice(0, MESSAGE_LENGTH - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

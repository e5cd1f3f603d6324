import { fingerprintOf } from './fingerprint';

const MESSAGE_LENGTH = 200;
/** Enough for any message worth reading, and a bound for the expressions that run over it. */
const READ_LENGTH = 10_000;
/** Longer than the longest secret whose form is known, but for those that are blanked out to their end. */
const CUT_LENGTH = 1024;
/** Whose they are is nobody's business here; the log has them. */
const DISCORD_ID = /(?<!\d)\d{17,20}(?!\d)/g;
export const withoutDiscordIds = (text: string): string => text.replace(DISCORD_ID, '#');
const INDESCRIBABLE = 'An error that cannot be described';

export interface Description {
  /** Redacted, without Discord ids, on one line, never empty, at most 200 characters long. */
  readonly message: string;
  /** What makes two errors one; 12 hexadecimal digits. */
  readonly fingerprint: string;
}

/** Describes whatever was thrown. Never throws, not even for an object whose getters do, or if `redact` does. */
export function describeError(reason: string, error: unknown, redact: (text: string) => string): Description {
  const text = textOf(error, redact);
  return {
    message: shorten(text) || 'An error without a message',
    fingerprint: fingerprintOf(reason, error, text),
  };
}

function textOf(error: unknown, redact: (text: string) => string): string {
  try {
    return withoutDiscordIds(redacted(messageOf(error), redact))
      .replace(/[\s\p{Cc}]+/gu, ' ')
      .trim();
  } catch {
    return INDESCRIBABLE;
  }
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

import { redactStart, shorten } from '../logging/cut';
import { fingerprintOf } from './fingerprint';

const MESSAGE_LENGTH = 200;
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
    message: shorten(text, MESSAGE_LENGTH) || 'An error without a message',
    fingerprint: fingerprintOf(reason, error, text),
  };
}

function textOf(error: unknown, redact: (text: string) => string): string {
  try {
    return withoutDiscordIds(redactStart(messageOf(error), redact))
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

import { isError } from '../logging/errors';
import { readProperty } from '../logging/plain';

/** Whatever was thrown, as a span tells of it. */
export interface Exception {
  /** The error's class; `NonError` for what is no error. */
  readonly type: string;
  readonly message: string;
  readonly stack: string | null;
}

/** Takes secrets out of a text, and what a user typed. */
export type Redact = (text: string) => string;

/** Before it is redacted, so that a text without end costs little; far beyond what is kept of it. */
const READ_LENGTH = 32_768;
const MAX_TYPE = 100;
const MAX_MESSAGE = 1000;
const MAX_STACK = 8000;

/** Describes what was thrown: redacted and bounded. Never throws, not even for an object whose getters do. */
export function describeException(thrown: unknown, redact: Redact): Exception {
  const shown = (text: string, length: number): string =>
    redact(text.slice(0, READ_LENGTH))
      .slice(0, length)
      .replace(/[\uD800-\uDBFF]$/, ''); // Half a character.
  try {
    if (!isError(thrown) || typeof thrown !== 'object' || thrown === null) {
      return { type: 'NonError', message: shown(String(thrown), MAX_MESSAGE), stack: null };
    }
    const stack = readProperty(thrown, 'stack');
    return {
      type: shown(textOf(readProperty(thrown, 'name')) || 'Error', MAX_TYPE),
      message: shown(textOf(readProperty(thrown, 'message')), MAX_MESSAGE),
      stack: typeof stack === 'string' ? shown(stack, MAX_STACK) : null,
    };
  } catch {
    return { type: 'NonError', message: 'An error that cannot be described', stack: null };
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

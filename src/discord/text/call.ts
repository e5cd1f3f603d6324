/** Whether a message calls the bot, and with which words. */

/** A word of a message, or several in quotation marks. */
export interface Word {
  readonly text: string;
  /** What stands before the first colon, if anything does: `period` in `period:7d`. */
  readonly name: string | null;
  /** What stands behind that colon. */
  readonly value: string;
}

export interface Address {
  /** The bot's own. */
  readonly userId: string;
  /** Calls the bot as a mention does; null: there is none. */
  readonly prefix: string | null;
  /** In direct messages whatever is said is said to the bot. */
  readonly isDirect: boolean;
}

/**
 * Gives what is said to the bot: what follows a mention of it, or the prefix, at the beginning. Null if the message is
 * not for it: somebody who is mentioned further on is spoken of, and a reply's ping is not in the text.
 */
export function calledWith(content: string, { userId, prefix, isDirect }: Address): string | null {
  const text = content.trim();
  for (const call of [`<@${userId}>`, `<@!${userId}>`, ...(prefix === null ? [] : [prefix])]) {
    if (text.startsWith(call)) return text.slice(call.length).trim();
  }
  return isDirect ? text : null;
}

/** Keyboards of phones put typographic quotation marks. */
const QUOTES = '"“”„';
const WORD = new RegExp(`(?:([^\\s:${QUOTES}]+):)?[${QUOTES}]([^${QUOTES}]*)[${QUOTES}]|\\S+`, 'gu');

/** Splits what was said into words: `ticket close reason:"too old"` is three. */
export function wordsOf(text: string): Word[] {
  return [...text.matchAll(WORD)].map(([whole, quotedName, quoted]) => {
    if (quoted !== undefined) {
      return { text: quotedName === undefined ? quoted : whole, name: quotedName ?? null, value: quoted };
    }
    const colon = whole.indexOf(':');
    return colon < 1
      ? { text: whole, name: null, value: whole }
      : { text: whole, name: whole.slice(0, colon), value: whole.slice(colon + 1) };
  });
}

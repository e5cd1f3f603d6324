/** Texts that are too long. Lengths are in UTF-16 units, which is how Discord counts too. */

/** As much of a text as is looked at: enough for any worth reading, and a bound for expressions that run over it. */
const READ_LENGTH = 10_000;
/** Longer than the longest secret whose form is known, but for those that are blanked out to their end. */
const CUT_LENGTH = 1024;

/** The first of a text. Never ends in half a character. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}

/** The same, with a sign in its last place that there was more. */
export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${cut(text, length - 1)}…`;
}

/**
 * What is known to be secret taken out of the first 10,000 characters. Where a text is cut, half a secret may stand, which is
 * not recognised: what lies that close to it goes too.
 *
 * @param isCut whether there was more of it, which may have been cut off before.
 */
export function redactStart(
  text: string,
  redact: (text: string) => string,
  isCut = text.length > READ_LENGTH,
): string {
  return isCut ? `${redact(text.slice(0, READ_LENGTH)).slice(0, -CUT_LENGTH)}…` : redact(text);
}

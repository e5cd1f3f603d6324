/**
 * Controls, separators of lines and paragraphs, what turns the direction of text, and what is not seen in it: none may
 * reach a terminal. Nor may halves of pairs that stand alone: they are no text at all. What joins letters and emoji stays.
 */
const UNSAFE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** The text with everything that could break or forge a line written as `\uXXXX`, as JSON would. */
export function escapeControls(text: string): string {
  return text.replace(UNSAFE, escaped);
}

function escaped(character: string): string {
  switch (character) {
    case '\n':
      return '\\n';
    case '\r':
      return '\\r';
    case '\t':
      return '\\t';
    default:
      return character.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  }
}

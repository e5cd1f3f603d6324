/** Controls, separators of lines and paragraphs, and what turns the direction of text: none may reach a terminal. */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

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
      return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  }
}

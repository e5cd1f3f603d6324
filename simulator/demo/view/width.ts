const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
const INVISIBLE = /^[\p{M}\p{C}]+$/u;

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** What a reader takes for one character, each. */
export function characters(text: string): readonly string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** Columns that a terminal gives the text: Korean, Chinese, Japanese and emoji take two. */
export function displayWidth(text: string): number {
  return characters(text).reduce((width, character) => width + widthOf(character), 0);
}

/** At most that many columns wide; ends in "…" if something is left out. */
export function clipWidth(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let clipped = '';
  let width = 1;
  for (const character of characters(text)) {
    width += widthOf(character);
    if (width > columns) break;
    clipped += character;
  }
  return `${clipped}…`;
}

/** At least that many columns wide, filled up with spaces. */
export function padWidth(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)));
}

function widthOf(character: string): number {
  if (INVISIBLE.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

import { shorten } from '../src/logging/cut';

/** Text from elsewhere (names, messages of errors), made safe to stand in an embed. */

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;

/**
 * One line that can stand between backticks and cannot break out of them: no markdown, mention or link works in
 * there, and characters that reorder or hide their neighbours are gone.
 */
export function plain(text: string): string {
  return text.replace(/\s+/gu, ' ').replace(/\p{C}/gu, '').replace(/`/g, 'ˋ').trim() || '–';
}

/** Whether nothing of it shows: of such characters as the Hangul filler and the blank Braille pattern alone. */
export function isBlank(text: string): boolean {
  return !/[^\s\p{C}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u.test(text);
}

/** Text whose markdown and mentions show as they are written. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\*_~|[<]/g, '\\$&').replace(/@/g, '@\u200b');
}

/** Inline code of at most `length` characters, its backticks included. */
export function code(text: string, length = 100): string {
  return `\`${clip(plain(text), length - 2)}\``;
}

/** At most `length` UTF-16 units, which is how Discord counts. Never ends in half a character. */
export const clip = shorten;

/** As many of the lines as fit into `length`; if some do not, the last one says how many with `more`. */
export function clipLines(lines: readonly string[], length: number, more: (count: number) => string): string {
  const all = lines.join('\n');
  if (all.length <= length) return all;
  const room = length - more(lines.length).length - 1;
  let shown = lines.length;
  while (shown > 0 && lines.slice(0, shown).join('\n').length > room) shown -= 1;
  return [...lines.slice(0, shown), more(lines.length - shown)].join('\n');
}

/**
 * The first lines and the last, as many as fit into `length`; if some do not, or were left out of their middle before,
 * a line between them says with `more` how many.
 */
export function clipMiddle(
  lines: readonly string[],
  leftOut: number,
  length: number,
  more: (count: number) => string,
): string {
  const all = lines.join('\n');
  if (leftOut === 0 && all.length <= length) return all;
  let room = length - more(lines.length + leftOut).length;
  let [start, end] = [0, lines.length];
  for (let isFirst = true; start < end; isFirst = !isFirst) {
    room -= (lines[isFirst ? start : end - 1] ?? '').length + 1;
    if (room < 0) break;
    if (isFirst) start += 1;
    else end -= 1;
  }
  return [...lines.slice(0, start), more(end - start + leftOut), ...lines.slice(end)].join('\n');
}

/** Columns that a monospaced font gives the text: Korean, Chinese, Japanese and emoji take two. */
export function displayWidth(text: string): number {
  return Array.from(text).reduce((width, character) => width + widthOf(character), 0);
}

/** At most that many columns wide. */
export function clipWidth(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let clipped = '';
  let width = 0;
  for (const character of text) {
    width += widthOf(character);
    if (width > columns - 1) break;
    clipped += character;
  }
  return `${clipped}…`;
}

function widthOf(character: string): number {
  if (/\p{Mn}/u.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

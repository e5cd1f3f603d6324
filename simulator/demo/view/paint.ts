import type { Line, Style } from './rich';

const CODES: Readonly<Record<Style, number>> = {
  bold: 1,
  dim: 2,
  italic: 3,
  underline: 4,
  link: 4,
  red: 31,
  green: 32,
  yellow: 33,
  cyan: 36,
  code: 36,
};

/** Turns styled lines into text. */
export type Painter = (lines: readonly Line[]) => string;

/** For a terminal, with escape codes. */
export const paintAnsi: Painter = (lines) => lines.map((line) => line.map(paintSpan).join('')).join('\n');

/** Without any. */
export const paintPlain: Painter = (lines) =>
  lines.map((line) => line.map(({ text }) => printable(text)).join('')).join('\n');

function paintSpan({ text, styles, colour }: Line[number]): string {
  const codes = [
    ...styles.map((style) => String(CODES[style])),
    ...(colour === undefined ? [] : [cube(colour)]),
  ];
  return codes.length === 0 ? printable(text) : `\u001b[${codes.join(';')}m${printable(text)}\u001b[0m`;
}

/** What users type must not steer the terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, ' ');
}

/** The nearest of the 216 colours that every terminal has. */
function cube(colour: number): string {
  const level = (shift: number): number => Math.round((((colour >> shift) & 0xff) / 0xff) * 5);
  return `38;5;${16 + 36 * level(16) + 6 * level(8) + level(0)}`;
}

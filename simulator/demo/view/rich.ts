import { characters, displayWidth } from './width';

/** Text with styles, as data: measured, wrapped and framed before anything is painted. */

export type Style =
  'bold' | 'dim' | 'italic' | 'underline' | 'code' | 'link' | 'red' | 'green' | 'yellow' | 'cyan';

export interface Span {
  readonly text: string;
  readonly styles: readonly Style[];
  /** 0xRRGGBB. */
  readonly colour?: number;
  /** The page that it leads to. */
  readonly address?: string;
}

export type Line = readonly Span[];

export function span(text: string, ...styles: readonly Style[]): Span {
  return { text, styles };
}

/** Columns that it takes. */
export function lineWidth(line: Line): number {
  return line.reduce((width, { text }) => width + displayWidth(text), 0);
}

/** Filled up with spaces to that many columns. */
export function padLine(line: Line, columns: number): Line {
  const missing = columns - lineWidth(line);
  return missing > 0 ? [...line, span(' '.repeat(missing))] : line;
}

/**
 * Lines of at most that many columns, broken between words where there are any, else anywhere.
 *
 * @param indent spaces before each line but the first; fewer than columns.
 */
export function wrapLine(line: Line, columns: number, indent = 0): readonly Line[] {
  if (lineWidth(line) <= columns) return [line];
  const lines: Span[][] = [[]];
  let room = columns;
  let isEmpty = true;
  const put = (piece: Span): void => {
    const width = displayWidth(piece.text);
    if (width > room && !isEmpty) {
      lines.push(indent > 0 ? [span(' '.repeat(indent))] : []);
      room = columns - indent;
      isEmpty = true;
    }
    // No line begins with the space it was broken at; the first one may begin with some.
    if (isEmpty && lines.length > 1 && piece.text.trim() === '') return;
    isEmpty = false;
    lines.at(-1)?.push(piece);
    room -= width;
  };
  for (const piece of line.flatMap((one) => pieces(one, columns - indent))) put(piece);
  return lines;
}

/** Words and the spaces between them; a word that fits on no line falls apart into its characters. */
function pieces({ text, ...look }: Span, columns: number): readonly Span[] {
  const words = text.match(/\s+|\S+/g) ?? [];
  return words
    .flatMap((word) => (displayWidth(word) > columns ? characters(word) : [word]))
    .map((word) => ({ ...look, text: word }));
}

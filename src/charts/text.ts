import type { SKRSContext2D } from '@napi-rs/canvas';

export interface TextStyle {
  readonly font: string;
  readonly colour: string;
  readonly align: 'left' | 'center' | 'right';
}

/** Writes a line of text with its baseline at y. */
export function write(context: SKRSContext2D, text: string, x: number, y: number, style: TextStyle): void {
  context.font = style.font;
  context.fillStyle = style.colour;
  context.textAlign = style.align;
  context.fillText(text, x, y);
}

export function widthOf(context: SKRSContext2D, text: string, font: string): number {
  context.font = font;
  return context.measureText(text).width;
}

/** More characters than any line here has room for. */
const LONGEST = 300;

/** A text in one line, cut short with an ellipsis where it is wider than so many pixels. */
export function fitted(context: SKRSContext2D, text: string, font: string, width: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (widthOf(context, line, font) <= width) return line;
  const segments = new Intl.Segmenter().segment(line.slice(0, LONGEST));
  const characters = Array.from(segments, ({ segment }) => segment);
  while (characters.length > 0 && widthOf(context, `${characters.join('')}…`, font) > width) characters.pop();
  return `${characters.join('').trimEnd()}…`;
}

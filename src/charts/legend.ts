import type { SKRSContext2D } from '@napi-rs/canvas';
import type { Chart } from './charts';
import { font } from './fonts';
import { FORMATS } from './formats';
import { fitted, widthOf, write } from './text';
import { COLOURS, FONT_SIZES, MARGIN, WIDTH } from './theme';

/** Above this, the last digits of a total tell nothing and take much room. */
const LONGEST_TOTAL = 10_000_000;
const BASELINE = 82;
const SQUARE = 14;
const GAP = 8;
const DISTANCE = 28;
/** Of a label with its total, so that all three have room. */
const WIDEST = (WIDTH - 2 * MARGIN) / 3 - SQUARE - 2 * GAP - DISTANCE;

/** What each colour means, and how many there were of it in all. */
export function drawLegend(context: SKRSContext2D, { points, labels, locale }: Chart): void {
  const formats = FORMATS[locale];
  const plain = font('regular', FONT_SIZES.legend);
  const strong = font('semibold', FONT_SIZES.legend);
  let x = MARGIN;
  for (const outcome of ['ok', 'refused', 'failed'] as const) {
    const sum = points.reduce((total, point) => total + point[outcome], 0);
    const total = (sum < LONGEST_TOTAL ? formats.wholeNumber : formats.largeNumber)(sum);
    const totalWidth = widthOf(context, total, strong);
    const label = fitted(context, labels[outcome], plain, WIDEST - totalWidth);
    context.fillStyle = COLOURS[outcome];
    context.beginPath();
    context.roundRect(x, BASELINE - SQUARE, SQUARE, SQUARE, 3);
    context.fill();
    x += SQUARE + GAP;
    write(context, label, x, BASELINE, { font: plain, colour: COLOURS.text, align: 'left' });
    x += widthOf(context, label, plain) + GAP;
    write(context, total, x, BASELINE, { font: strong, colour: COLOURS.title, align: 'left' });
    x += totalWidth + DISTANCE;
  }
}

import type { SKRSContext2D } from '@napi-rs/canvas';
import type { Box } from './bars';
import type { Chart } from './charts';
import { font } from './fonts';
import { FORMATS } from './formats';
import { widthOf, write, type TextStyle } from './text';
import { COLOURS, DENSITY, FONT_SIZES, MARGIN, WIDTH } from './theme';
import { timeTicks } from './time-axis';
import { valueTicks, type ValueScale } from './value-axis';

const TOP = 106;
const BOTTOM = 286;
const LABEL_BASELINE = 314;
const LABEL_GAP = 12;
const MOST_TIME_LABELS = 7;

const plain: TextStyle = { font: font('regular', FONT_SIZES.axis), colour: COLOURS.text, align: 'left' };
const strong: TextStyle = { font: font('semibold', FONT_SIZES.axis), colour: COLOURS.title, align: 'left' };

/** Lines at round numbers. Returns the room that the labels leave for the bars. */
export function drawValueAxis(context: SKRSContext2D, { labels, locale }: Chart, scale: ValueScale): Box {
  const ticks = valueTicks(scale).map((value) => ({ value, label: FORMATS[locale].number(value) }));
  const texts = [labels.timeZone, ...ticks.map(({ label }) => label)];
  const left = Math.ceil(
    MARGIN + LABEL_GAP + Math.max(...texts.map((text) => widthOf(context, text, plain.font))),
  );
  const box = { left, top: TOP, width: WIDTH - MARGIN - left, height: BOTTOM - TOP };
  for (const { value, label } of ticks) {
    const y = Math.round(BOTTOM - (value / scale.top) * box.height);
    context.fillStyle = value === 0 ? COLOURS.axis : COLOURS.grid;
    context.fillRect(left, y, box.width, 1); // The lowest one just below the bars: it hides none of them.
    write(context, label, left - LABEL_GAP, y + FONT_SIZES.axis * 0.35, { ...plain, align: 'right' });
  }
  return box;
}

/** Each label stands under the middle of the bar that begins at its time. */
export function drawTimeAxis(
  context: SKRSContext2D,
  { points, stepMs, labels, locale }: Chart,
  box: Box,
): void {
  const first = points[0]?.start ?? 0;
  const slot = box.width / points.length;
  const last = first + (points.length - 1) * stepMs;
  write(context, labels.timeZone, box.left - LABEL_GAP, LABEL_BASELINE, { ...plain, align: 'right' });
  let free = box.left;
  for (const { at, label, major } of timeTicks({ first, last, stepMs }, MOST_TIME_LABELS, FORMATS[locale])) {
    const style = major ? strong : plain;
    const width = widthOf(context, label, style.font);
    const x = box.left + ((at - first) / stepMs + 0.5) * slot;
    const left = Math.min(Math.max(x - width / 2, box.left), WIDTH - MARGIN - width + 8);
    if (left < free) continue;
    free = left + width + LABEL_GAP;
    context.fillStyle = COLOURS.axis;
    context.fillRect(Math.round(x * DENSITY) / DENSITY - 0.5, BOTTOM + 1, 1, 5);
    write(context, label, left, LABEL_BASELINE, style);
  }
}

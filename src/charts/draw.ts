import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { drawTimeAxis, drawValueAxis } from './axes';
import { drawBars, type Box } from './bars';
import type { Chart, ChartPoint } from './charts';
import { font, registerFonts } from './fonts';
import { drawLegend } from './legend';
import { fitted, write, type TextStyle } from './text';
import { COLOURS, DENSITY, FONT_SIZES, HEIGHT, MARGIN, WIDTH } from './theme';
import { valueScale } from './value-axis';

const CORNER = 12;
const TITLE_BASELINE = 46;

/**
 * Opens the drawing: a function that draws a chart as a PNG, the same chart to the same bytes. Throws if the font cannot
 * be read. One canvas serves every chart: the library frees those that are done with too late, at 4 MB each.
 */
export function openDrawing(): (chart: Chart) => Buffer {
  registerFonts();
  const canvas = createCanvas(WIDTH * DENSITY, HEIGHT * DENSITY);
  const context = canvas.getContext('2d');
  return (chart) => {
    context.reset();
    context.scale(DENSITY, DENSITY);
    drawChart(context, { ...chart, points: chart.points.map(countable) });
    return canvas.encodeSync('png');
  };
}

function drawChart(context: SKRSContext2D, chart: Chart): void {
  const scale = valueScale(chart.points.reduce((highest, point) => Math.max(highest, totalOf(point)), 0));
  drawCard(context);
  drawTitle(context, chart.title);
  drawLegend(context, chart);
  const box = drawValueAxis(context, chart, scale);
  if (chart.points.length > 0) drawTimeAxis(context, chart, box);
  if (chart.points.some((point) => totalOf(point) > 0)) drawBars(context, chart.points, scale.top, box);
  else drawEmpty(context, chart.labels.empty, box);
}

function countable({ start, ok, refused, failed }: ChartPoint): ChartPoint {
  const count = (value: number) => (Number.isFinite(value) && value > 0 ? value : 0);
  return { start, ok: count(ok), refused: count(refused), failed: count(failed) };
}

function totalOf({ ok, refused, failed }: ChartPoint): number {
  return ok + refused + failed;
}

function drawCard(context: SKRSContext2D): void {
  context.fillStyle = COLOURS.edge;
  context.beginPath();
  context.roundRect(0, 0, WIDTH, HEIGHT, CORNER);
  context.fill();
  context.fillStyle = COLOURS.card;
  context.beginPath();
  context.roundRect(1, 1, WIDTH - 2, HEIGHT - 2, CORNER - 1);
  context.fill();
}

function drawTitle(context: SKRSContext2D, title: string): void {
  const style: TextStyle = {
    font: font('semibold', FONT_SIZES.title),
    colour: COLOURS.title,
    align: 'left',
  };
  write(context, fitted(context, title, style.font, WIDTH - 2 * MARGIN), MARGIN, TITLE_BASELINE, style);
}

function drawEmpty(context: SKRSContext2D, sentence: string, box: Box): void {
  const style: TextStyle = { font: font('regular', FONT_SIZES.empty), colour: COLOURS.text, align: 'center' };
  const text = fitted(context, sentence, style.font, box.width);
  write(context, text, box.left + box.width / 2, box.top + box.height / 2 + 8, style);
}

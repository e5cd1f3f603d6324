import type { SKRSContext2D } from '@napi-rs/canvas';
import type { ChartPoint } from './charts';
import { COLOURS, DENSITY } from './theme';

/** A rectangle in CSS pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

type Outcome = 'failed' | 'refused' | 'ok';
type Heights = Readonly<Record<Outcome, number>>;

/** From the axis up: the height of failures can be read at once, and a rare one is not lost on an uneven edge. */
const STACK: readonly Outcome[] = ['failed', 'refused', 'ok'];
/**
 * CSS pixels. A failure is seen even if it is one of 10,000 calls, among 720 bars, and shrunk by Discord; and so is a
 * call beside a peak of a million.
 */
const LEAST_FAILED = { width: 5, height: 4 } as const;
const LEAST = { width: 2, height: 1 } as const;

/** Bars narrower than this (CSS pixels) stand without gaps, as an area: gaps of a pixel or two would only shimmer. */
const LEAST_WITH_GAPS = 5;
const WIDEST = 48;
const GAP_SHARE = 0.22;

/** Heights of a bar's parts, in CSS pixels, where `top` calls are as high as the box. */
function heights({ ok, refused, failed }: ChartPoint, top: number, boxHeight: number): Heights {
  const total = ok + refused + failed;
  if (total === 0) return { ok: 0, refused: 0, failed: 0 };
  const failedHeight = failed > 0 ? Math.max((failed / top) * boxHeight, LEAST_FAILED.height) : 0;
  const rest = Math.max((total / top) * boxHeight, LEAST.height, failedHeight) - failedHeight;
  const refusedHeight = ok === 0 ? rest : Math.min((refused / top) * boxHeight, rest);
  return { failed: failedHeight, refused: refusedHeight, ok: rest - refusedHeight };
}

/** Draws a bar for each point on the bottom of the box. */
export function drawBars(context: SKRSContext2D, points: readonly ChartPoint[], top: number, box: Box): void {
  const slot = box.width / points.length;
  const gap = slot < LEAST_WITH_GAPS ? 0 : Math.max(slot * GAP_SHARE, slot - WIDEST);
  points.forEach((point, index) => {
    const left = box.left + index * slot + gap / 2;
    drawBar(context, heights(point, top, box.height), widened(left, slot - gap, LEAST.width, box), box);
  });
  // Last, since each may reach into its neighbours.
  context.fillStyle = COLOURS.failed;
  points.forEach(({ failed }, index) => {
    if (failed === 0) return;
    const left = box.left + index * slot + gap / 2;
    const { from, to } = widened(left, slot - gap, LEAST_FAILED.width, box);
    context.fillRect(from, box.top + box.height - LEAST_FAILED.height, to - from, LEAST_FAILED.height);
  });
}

function drawBar(context: SKRSContext2D, parts: Heights, { from, to }: Stretch, box: Box): void {
  let above = 0;
  for (const outcome of STACK) {
    const bottom = onPixel(box.top + box.height - above);
    above += parts[outcome];
    const upper = onPixel(box.top + box.height - above);
    context.fillStyle = COLOURS[outcome];
    context.fillRect(from, upper, to - from, bottom - upper);
  }
}

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** A bar's stretch of the axis: at least so wide, within the box, and from pixel to pixel. */
function widened(left: number, width: number, least: number, box: Box): Stretch {
  if (width >= least) return { from: onPixel(left), to: onPixel(left + width) };
  const end = box.left + box.width - least;
  const from = onPixel(Math.min(Math.max(left + (width - least) / 2, box.left), end));
  return { from, to: from + least };
}

/** The nearest edge of a pixel in the picture: a bar that ends between two is blurred, and two of them leave a seam. */
function onPixel(length: number): number {
  return Math.round(length * DENSITY) / DENSITY;
}

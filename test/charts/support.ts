import { createCanvas, loadImage } from '@napi-rs/canvas';
import type { Chart, ChartPoint } from '../../src/charts/charts';
import { HEIGHT, WIDTH } from '../../src/charts/theme';

export const HOUR = 3_600_000;
export const START = Date.UTC(2026, 9, 1);

/** Hourly points, each made of its index. */
export function points(count: number, point: (index: number) => Partial<ChartPoint>): ChartPoint[] {
  return Array.from({ length: count }, (_, index) => ({
    start: START + index * HOUR,
    ok: 0,
    refused: 0,
    failed: 0,
    ...point(index),
  }));
}

export function chart(overrides: Partial<Chart> = {}): Chart {
  return {
    kind: 'calls',
    title: 'Calls in the last 24 hours',
    points: points(24, (index) => ({ ok: 40 + index, refused: 4, failed: 2 })),
    stepMs: HOUR,
    labels: {
      ok: 'ok',
      refused: 'refused',
      failed: 'failed',
      empty: 'Nobody ran a command.',
      timeZone: 'UTC',
    },
    locale: 'en',
    ...overrides,
  };
}

export interface Picture {
  /** Of the pixel at a place in CSS pixels: '#rrggbb', or 'transparent'. */
  colourAt(this: void, x: number, y: number): string;
  /** How many pixels of a colour a part of the picture has; places in CSS pixels. */
  count(this: void, colour: string, left: number, top: number, right: number, bottom: number): number;
}

/** Decodes a PNG with twice as many pixels as CSS pixels; throws if it has another size. */
export async function decode(png: Uint8Array): Promise<Picture> {
  const image = await loadImage(Buffer.from(png));
  const [width, height] = [WIDTH * 2, HEIGHT * 2];
  if (image.width !== width || image.height !== height) throw new Error(`${image.width} × ${image.height}`);
  const context = createCanvas(width, height).getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const pixels = new DataView(data.buffer);
  const pixel = (x: number, y: number): string => {
    const [red = 0, green = 0, blue = 0, alpha = 0] = data.subarray((y * width + x) * 4);
    if (alpha === 0) return 'transparent';
    return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
  };
  return {
    colourAt: (x, y) => pixel(Math.round(x * 2), Math.round(y * 2)),
    count(colour, left, top, right, bottom) {
      const wanted = Number.parseInt(colour.slice(1), 16);
      let found = 0;
      for (let y = top * 2; y < bottom * 2; y += 1) {
        for (let x = left * 2; x < right * 2; x += 1) {
          if (pixels.getUint32((y * width + x) * 4) >>> 8 === wanted) found += 1;
        }
      }
      return found;
    },
  };
}

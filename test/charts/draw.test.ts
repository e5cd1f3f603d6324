import type { Chart } from '../../src/charts/charts';
import { openDrawing } from '../../src/charts/draw';
import { COLOURS, HEIGHT, WIDTH } from '../../src/charts/theme';
import { chart, decode, points } from './support';

const draw = openDrawing();
const picture = (overrides: Partial<Chart> = {}) => decode(draw(chart(overrides)));

/** Where bars may stand, in CSS pixels: below the legend, above the axis, within the margins. */
const PLOT = { left: 50, top: 106, right: 776, bottom: 286 } as const;
const inPlot = [PLOT.left, PLOT.top, PLOT.right, PLOT.bottom] as const;
/** Where the failure's square is in the legend, whatever stands before it. */
const LEGEND = [0, 60, WIDTH, 90] as const;

it('gives an opaque card with round corners, so that it looks the same on every theme', async () => {
  const { colourAt } = await picture();
  expect(colourAt(0, 0)).toBe('transparent');
  expect(colourAt(WIDTH - 0.5, HEIGHT - 0.5)).toBe('transparent');
  expect(colourAt(WIDTH / 2, 0)).toBe(COLOURS.edge);
  expect(colourAt(WIDTH / 2, 5)).toBe(COLOURS.card);
});

it('shows one failure in 10,000 calls, among as many bars as there can be', async () => {
  const quiet = await picture({ points: points(720, () => ({ ok: 10_000 })) });
  const { count } = await picture({
    points: points(720, (index) => ({ ok: 10_000, failed: index === 400 ? 1 : 0 })),
  });
  expect(quiet.count(COLOURS.failed, ...inPlot)).toBe(0);
  expect(count(COLOURS.failed, ...inPlot)).toBeGreaterThanOrEqual(5 * 4 * 4); // 5 × 4 CSS pixels, 4 pixels each.
  expect(count(COLOURS.failed, ...LEGEND)).toBeGreaterThan(500);
});

it('shows a failure in the last bar, and in the first one', async () => {
  const { count } = await picture({
    points: points(720, (index) => ({ ok: 10_000, failed: index % 719 === 0 ? 1 : 0 })),
  });
  expect(count(COLOURS.failed, ...inPlot)).toBeGreaterThanOrEqual(2 * 5 * 4 * 4);
});

it('shows single calls beside a peak of a billion', async () => {
  const { count } = await picture({ points: points(720, (index) => ({ ok: index === 300 ? 1e9 : 1 })) });
  expect(count(COLOURS.ok, PLOT.left, 285, PLOT.right, 286)).toBeGreaterThan(2 * 2 * 680);
});

it('draws the parts of a bar as high as they are', async () => {
  const { count } = await picture({ points: points(1, () => ({ ok: 50, refused: 30, failed: 20 })) });
  const width = 48 * 2;
  const highest = (PLOT.bottom - PLOT.top) * 2; // 100 is the top of the scale.
  expect(count(COLOURS.ok, ...inPlot)).toBe(width * highest * 0.5);
  expect(count(COLOURS.refused, ...inPlot)).toBe(width * highest * 0.3);
  expect(count(COLOURS.failed, ...inPlot)).toBe(width * highest * 0.2);
});

it.each([1, 24, 61, 168, 720, 2000])('keeps %i bars inside their frame', async (length) => {
  const { count } = await picture({
    points: points(length, (index) => ({ ok: 900 - (index % 7), failed: 1 + (index % 3) })),
  });
  for (const colour of [COLOURS.ok, COLOURS.failed]) {
    expect(count(colour, 0, 92, WIDTH, PLOT.top)).toBe(0);
    expect(count(colour, 0, PLOT.bottom, WIDTH, HEIGHT)).toBe(0);
    expect(count(colour, PLOT.right, 92, WIDTH, HEIGHT)).toBe(0);
    expect(count(colour, 0, 92, PLOT.left, HEIGHT)).toBe(0);
  }
});

it('leaves no seam between many bars', async () => {
  const { count, colourAt } = await picture({ points: points(719, () => ({ ok: 100 })) });
  expect(colourAt(400, 200)).toBe(COLOURS.ok);
  expect(count(COLOURS.card, 120, 200, 770, 201)).toBe(0);
});

it.each([
  ['no points', []],
  ['nothing but zeros', points(24, () => ({}))],
  ['counts that are none', points(3, () => ({ ok: NaN, refused: -5, failed: Infinity }))],
])('says that there is nothing to show for %s', async (_, given) => {
  const { count } = await picture({ points: given });
  expect(count(COLOURS.ok, ...inPlot) + count(COLOURS.failed, ...inPlot)).toBe(0);
  expect(count(COLOURS.text, 300, 180, 600, 220)).toBeGreaterThan(100); // The sentence.
});

it('gives the same bytes for the same chart, whatever was drawn before it', () => {
  const first = draw(chart());
  draw(chart({ points: [], title: 'another' }));
  expect(draw(chart()).equals(first)).toBe(true);
  expect(draw(chart({ locale: 'ko' })).equals(first)).toBe(false);
});

it('writes Korean in glyphs of its own, not in the boxes of a missing font', () => {
  const title = (text: string) => draw(chart({ title: text }));
  // Boxes are alike, whichever character they stand for.
  expect(title('\u0378').equals(title('\u0379'))).toBe(true);
  expect(title('호').equals(title('출'))).toBe(false);
});

it('keeps titles and labels that are far too long inside the card', async () => {
  const labels = {
    ...chart().labels,
    ok: 'x'.repeat(400),
    refused: '거부'.repeat(200),
    failed: '😀'.repeat(200),
  };
  const long = `a\nb ${'명령 👩‍👩‍👧 '.repeat(500)}`;
  const { count } = await picture({ title: long, labels: { ...labels, empty: long }, points: [] });
  for (const colour of [COLOURS.title, COLOURS.text]) expect(count(colour, 778, 0, WIDTH, HEIGHT)).toBe(0);
  expect(count(COLOURS.failed, ...LEGEND)).toBeGreaterThan(500);
});

import { COLOURS } from '../../src/charts/theme';

/** Contrast of two colours as WCAG 2 defines it, from 1 to 21. */
function contrast(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((from) => {
    const value = Number.parseInt(colour.slice(from, from + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

it.each(['title', 'text'] as const)('%s can be read on the card (WCAG AAA: 7)', (name) => {
  expect(contrast(COLOURS[name], COLOURS.card)).toBeGreaterThanOrEqual(7);
});

it.each(['ok', 'refused', 'failed', 'axis'] as const)('%s is seen on the card (WCAG: 3)', (name) => {
  expect(contrast(COLOURS[name], COLOURS.card)).toBeGreaterThanOrEqual(3);
});

it('failures stand out most from the calls around them', () => {
  expect(contrast(COLOURS.failed, COLOURS.ok)).toBeGreaterThan(1.5);
  expect(contrast(COLOURS.refused, COLOURS.ok)).toBeGreaterThan(1.5);
});

import { FORMATS } from '../../src/charts/formats';
import { timeTicks } from '../../src/charts/time-axis';
import { valueScale, valueTicks } from '../../src/charts/value-axis';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function labels(first: string, steps: number, stepMs: number, locale: 'en' | 'ko' = 'en'): string[] {
  const begin = Date.parse(first);
  const span = { first: begin, last: begin + (steps - 1) * stepMs, stepMs };
  return timeTicks(span, 7, FORMATS[locale]).map(({ label, major }) => (major ? `*${label}` : label));
}

describe('the scale of counts', () => {
  it.each([
    [0, 1, [0, 1]],
    [1, 1, [0, 1]],
    [3, 1, [0, 1, 2, 3]],
    [7, 2, [0, 2, 4, 6, 8]],
    [100, 50, [0, 50, 100]],
    [6200, 2000, [0, 2000, 4000, 6000, 8000]],
    [1e9, 5e8, [0, 5e8, 1e9]],
  ])('for %i has lines at whole, round numbers', (highest, step, lines) => {
    expect(valueScale(highest).step).toBe(step);
    expect(valueTicks(valueScale(highest))).toEqual(lines);
  });

  it('reaches every count with at most four steps', () => {
    for (let highest = 1; highest < 1e12; highest = Math.ceil(highest * 1.037)) {
      const { top, step } = valueScale(highest);
      expect(top).toBeGreaterThanOrEqual(highest);
      expect(top - highest).toBeLessThan(step);
      expect(top / step).toBeLessThanOrEqual(4);
    }
  });

  it('is written in few characters', () => {
    expect([0, 500, 1200, 2e4, 5e8].map(FORMATS.en.number)).toEqual(['0', '500', '1.2K', '20K', '500M']);
    expect([0, 500, 1200, 2e4, 5e8].map(FORMATS.ko.number)).toEqual(['0', '500', '1.2천', '2만', '5억']);
  });
});

describe('the labels of times', () => {
  it('are minutes for an hour', () => {
    expect(labels('2026-10-14T12:07Z', 60, MINUTE)).toEqual([
      '12:10',
      '12:20',
      '12:30',
      '12:40',
      '12:50',
      '13:00',
    ]);
  });

  it('name the day at midnight', () => {
    expect(labels('2026-10-13T14:00Z', 24, HOUR)).toEqual(['18:00', '*Oct 14', '06:00', '12:00']);
    expect(labels('2026-10-13T14:00Z', 24, HOUR, 'ko')).toEqual(['18:00', '*10월 14일', '06:00', '12:00']);
  });

  it('are days for a week, and Mondays for a month', () => {
    expect(labels('2026-10-08T00:00Z', 84, 2 * HOUR)).toHaveLength(7);
    expect(labels('2026-09-14T14:00Z', 720, HOUR)).toEqual(['Sep 21', 'Sep 28', 'Oct 5', 'Oct 12']);
  });

  it('are months for a year, and name the year in January', () => {
    expect(labels('2025-10-15T00:00Z', 365, DAY)).toEqual(['Nov', '*2026', 'Mar', 'May', 'Jul', 'Sep']);
    expect(labels('2025-10-15T00:00Z', 150, DAY, 'ko')).toEqual(['11월', '12월', '*2026년', '2월', '3월']);
  });

  it('are years for what lasts longest', () => {
    expect(labels('2016-01-01T00:00Z', 560, 7 * DAY).every((label) => label.startsWith('*20'))).toBe(true);
  });

  it.each([
    ['a single step', 1, HOUR],
    ['a single week', 1, 7 * DAY],
    ['two hundred years', 2400, 30 * DAY],
  ])('are never missing, and never too many: %s', (_, steps, stepMs) => {
    const { length } = labels('2026-10-14T13:07Z', steps, stepMs);
    expect(length).toBeGreaterThan(0);
    expect(length).toBeLessThanOrEqual(7);
  });
});

import {
  cut,
  periodSpan,
  piecesOf,
  spanBefore,
  STEP_MS,
  type Piece,
  type Span,
} from '../../../src/stats/read/range';
import { DAY_MS, HOUR_MS } from '../../../src/stats/time-steps';
import { randomFrom } from './support';

const START = Date.UTC(2026, 0, 5);
const PERIODS = ['1h', '24h', '7d', '30d'] as const;
const LENGTHS = { '1h': HOUR_MS, '24h': DAY_MS, '7d': 7 * DAY_MS, '30d': 30 * DAY_MS };

/** A time that is often at the edge of an hour or a day. */
function randomTime(random: () => number): number {
  const at = START + Math.floor(random() * 400 * DAY_MS);
  const step = [1, 1, HOUR_MS, DAY_MS][Math.floor(random() * 4)]!;
  return Math.floor(at / step) * step + Math.floor(random() * 3) - 1;
}

/** Whether an instant is counted in a piece: totals are chosen by where their step begins. */
function counts({ source, from, to }: Piece, at: number): boolean {
  const start =
    source === 'singles' || source === 'all' ? at : Math.floor(at / STEP_MS[source]) * STEP_MS[source];
  return start >= from && start < to;
}

function isRight(pieces: readonly Piece[], span: Span, at: number): boolean {
  const times = pieces.filter((piece) => counts(piece, at)).length;
  return times === (at >= span.from && at < span.to ? 1 : 0);
}

describe('the pieces of a stretch of time', () => {
  it('count every instant of it once, and none outside it', () => {
    const random = randomFrom(11);
    const wrong: unknown[] = [];
    for (let round = 0; round < 3000; round += 1) {
      const [a, b] = [randomTime(random), randomTime(random)];
      const span = { from: Math.min(a, b), to: round % 5 === 0 ? Infinity : Math.max(a, b) };
      for (const steps of [[], ['hour'], ['day'], ['day', 'hour']] as const) {
        const pieces = cut(span, steps);
        const edges = pieces.flatMap(({ from, to }) => [from - 1, from, to - 1, to]).filter(Number.isFinite);
        for (const at of [...edges, randomTime(random), randomTime(random)]) {
          if (!isRight(pieces, span, at)) wrong.push({ span, steps, at });
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('are few, and whole days wherever there are any, so that a month is not read hour by hour', () => {
    const pieces = cut({ from: START + 5 * HOUR_MS + 1, to: START + 9 * DAY_MS + 2 * HOUR_MS + 7 }, [
      'day',
      'hour',
    ]);
    expect(pieces).toEqual([
      { source: 'singles', from: START + 5 * HOUR_MS + 1, to: START + 6 * HOUR_MS },
      { source: 'hour', from: START + 6 * HOUR_MS, to: START + DAY_MS },
      { source: 'day', from: START + DAY_MS, to: START + 9 * DAY_MS },
      { source: 'hour', from: START + 9 * DAY_MS, to: START + 9 * DAY_MS + 2 * HOUR_MS },
      { source: 'singles', from: START + 9 * DAY_MS + 2 * HOUR_MS, to: START + 9 * DAY_MS + 2 * HOUR_MS + 7 },
    ]);
    expect(cut({ from: START, to: START }, ['day', 'hour'])).toEqual([]);
  });
});

describe('a period', () => {
  it.each(PERIODS)('%s is never shorter than it says, and at most an hour longer', (period) => {
    const random = randomFrom(5);
    for (let round = 0; round < 500; round += 1) {
      const now = randomTime(random);
      const { from, to } = periodSpan(period, now);
      expect(to).toBe(Infinity);
      expect(now - from).toBeGreaterThanOrEqual(LENGTHS[period]);
      expect(now - from).toBeLessThan(LENGTHS[period] + (period === '1h' ? 1 : HOUR_MS));
      const before = spanBefore({ from, to }, now);
      expect(before.to).toBe(from);
      expect(before.to - before.from).toBe(now - from);
    }
  });

  it.each(PERIODS)('%s counts each instant once, everywhere and in one server', (period) => {
    const random = randomFrom(7);
    for (let round = 0; round < 300; round += 1) {
      const span = periodSpan(period, randomTime(random));
      for (const everywhere of [true, false]) {
        const pieces = piecesOf(period, span, everywhere);
        const times = [span.from - 1, span.from, randomTime(random)];
        expect(times.filter((at) => !isRight(pieces, span, at))).toEqual([]);
      }
    }
  });

  it('reads a server, which has no hours, by days and single rows', () => {
    const now = START + 10 * DAY_MS + 30 * 60_000;
    const span = periodSpan('7d', now);
    expect(piecesOf('7d', span, true)[0]).toMatchObject({ source: 'day' });
    expect(piecesOf('7d', periodSpan('7d', now + HOUR_MS), false).map(({ source }) => source)).toEqual([
      'singles',
      'day',
    ]);
    expect(piecesOf('24h', span, false).some(({ source }) => source === 'hour')).toBe(false);
  });

  it('of all time reads no single rows but the tail', () => {
    const span = periodSpan('all', START);
    expect(piecesOf('all', span, true).map(({ source }) => source)).toEqual(['all']);
    expect(piecesOf('all', span, false).map(({ source }) => source)).toEqual(['all', 'day']);
  });
});

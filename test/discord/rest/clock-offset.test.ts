import { createClockOffset, type ClockOffset } from '../../../src/discord/rest/clock-offset';
import { createClockWarning } from '../../../src/discord/rest/clock-warning';
import { keepingLogger } from '../../pipeline/support';

/** A clock that is wrong is found out from the dates of Discord's answers, to a fraction of their one second. */

const START = Date.UTC(2026, 10, 21, 12);
/** Like the golden ratio: the answers fall all over the second. */
const STEP_MS = 61_803;

/** Lets answers come in, with Discord's clock behind ours by the offset. */
function answer(
  clock: ClockOffset,
  options: { offsetMs: number; count: number; from?: number; outMs?: number; backMs?: number },
): number {
  const { offsetMs, count, from = START, outMs = 40, backMs = 20 } = options;
  for (let index = 0; index < count; index += 1) {
    const sentAt = from + index * STEP_MS;
    const date = new Date(sentAt + outMs - offsetMs).toUTCString();
    clock.add({ sentAt, receivedAt: sentAt + outMs + backMs, date });
  }
  return from + count * STEP_MS;
}

it('is not known before the first answer, nor by an answer without a date', () => {
  const clock = createClockOffset();
  expect(clock.offsetMs()).toBeNull();
  clock.add({ sentAt: START, receivedAt: START, date: null });
  clock.add({ sentAt: START, receivedAt: START, date: 'yesterday' });
  expect(clock.offsetMs()).toBeNull();
});

it.each([0, 130, -420, 900, 10_000, -10_000, 86_400_000])(
  'an offset of %d ms is known after a few answers, better than their second and their way would allow',
  (offsetMs) => {
    const clock = createClockOffset();
    answer(clock, { offsetMs, count: 12 });
    expect(Math.abs((clock.offsetMs() ?? NaN) - offsetMs)).toBeLessThan(100);
  },
);

it('10 s are known from the first answer, and a small offset is not claimed from it', () => {
  const wrong = createClockOffset();
  answer(wrong, { offsetMs: 10_000, count: 1 });
  expect(Math.abs((wrong.offsetMs() ?? NaN) - 10_000)).toBeLessThan(600);
  const right = createClockOffset();
  answer(right, { offsetMs: 30, count: 1 });
  expect(right.offsetMs()).toBeNull();
});

it('answers that take long do not mislead', () => {
  const clock = createClockOffset();
  const from = answer(clock, { offsetMs: 50, count: 10 });
  answer(clock, { offsetMs: 50, count: 10, from, outMs: 3000, backMs: 9000 });
  expect(Math.abs((clock.offsetMs() ?? NaN) - 50)).toBeLessThan(100);
});

it('a clock that is set is known anew', () => {
  const clock = createClockOffset();
  let from = answer(clock, { offsetMs: 10_000, count: 20 });
  from = answer(clock, { offsetMs: 0, count: 12, from });
  expect(Math.abs(clock.offsetMs() ?? NaN)).toBeLessThan(100);
  answer(clock, { offsetMs: -5000, count: 12, from });
  expect(Math.abs((clock.offsetMs() ?? NaN) + 5000)).toBeLessThan(100);
});

it('a clock that drifts is followed, and never unknown', () => {
  const clock = createClockOffset();
  let from = answer(clock, { offsetMs: 0, count: 20 });
  for (let offsetMs = 1; offsetMs <= 2000; offsetMs += 4) {
    from = answer(clock, { offsetMs, count: 1, from });
    expect(clock.offsetMs()).not.toBeNull();
  }
  expect(Math.abs((clock.offsetMs() ?? NaN) - 2000)).toBeLessThan(250);
});

it('a clock that drifts back is followed, too', () => {
  const clock = createClockOffset();
  let from = answer(clock, { offsetMs: 1000, count: 20 });
  for (let offsetMs = 999; offsetMs >= -1000; offsetMs -= 4) {
    from = answer(clock, { offsetMs, count: 1, from });
    expect(clock.offsetMs()).not.toBeNull();
  }
  expect(Math.abs((clock.offsetMs() ?? NaN) + 1000)).toBeLessThan(250);
});

it('the log says once that the clock is wrong, and once that it is right again', () => {
  const { logger, lines } = keepingLogger();
  const clock = createClockOffset();
  const warn = createClockWarning(clock, logger);
  let from = START;
  const live = (offsetMs: number): void => {
    for (let index = 0; index < 12; index += 1) {
      from = answer(clock, { offsetMs, count: 1, from });
      warn();
    }
  };
  live(700);
  expect(lines).toEqual([]);
  live(10_000);
  expect(lines).toEqual([expect.objectContaining({ level: 'warn' })]);
  expect(lines[0]?.message).toMatch(/10\.\d s ahead of Discord's/);
  live(-300);
  expect(lines.slice(1)).toEqual([expect.objectContaining({ level: 'info' })]);
  live(-10_000);
  expect(lines[2]?.message).toMatch(/ s behind Discord's/);
});

it('a clock that may be right is not accused', () => {
  const { logger, lines } = keepingLogger();
  const clock = createClockOffset();
  const warn = createClockWarning(clock, logger);
  // 0.9 s, but each single answer only says: between 0 and 2.
  for (let from = START; from < START + 9e6; from += 1e6) {
    answer(clock, { offsetMs: 900, count: 1, from, outMs: 900, backMs: 900 });
    warn();
  }
  expect(lines).toEqual([]);
});

import { createSilenceRecord } from '../../../src/discord/gateway/silence';
import { DAY, HOUR, MINUTE, SECOND, START } from './support';

/** How long a shard may hear nothing, told by its own last day. */

function record(hours: number, gapMs: number, from = START) {
  const silences = createSilenceRecord();
  for (let at = from + gapMs; at <= from + hours * HOUR; at += gapMs) silences.heard(gapMs, at);
  return { silences, end: from + hours * HOUR };
}

it.each([
  ['half an hour of an event a second tells nothing', 0.5, SECOND, null],
  ['an hour of an event a second allows 5 minutes', 1, SECOND, 5 * MINUTE],
  ['an hour of an event every 15 s allows 5 minutes', 1, 15 * SECOND, 5 * MINUTE],
  ['an hour of an event a minute tells nothing', 1, MINUTE, null],
  ['four hours of an event a minute allow 20 minutes', 4, MINUTE, 20 * MINUTE],
  ['a day of an event every 5 minutes allows 100 minutes', 24, 5 * MINUTE, 100 * MINUTE],
  ['no record ever tells of an event every 7 minutes', 72, 7 * MINUTE, null],
])('%s', (_, hours, gapMs, expected) => {
  const { silences, end } = record(hours, gapMs);
  expect(silences.limitMs(end)).toBe(expected);
});

it('no verdict stands on fewer than 240 events', () => {
  for (const gapMs of [SECOND, 7 * SECOND, 15 * SECOND, 40 * SECOND, 2 * MINUTE, 6 * MINUTE]) {
    const silences = createSilenceRecord();
    for (let i = 1; i < 240; i += 1) {
      silences.heard(gapMs, START + i * gapMs);
      expect(silences.limitMs(START + i * gapMs)).toBeNull();
    }
  }
});

it('one long silence in the day before counts, and one of two days before does not', () => {
  const { silences, end } = record(1, SECOND);
  silences.heard(5 * MINUTE, end + 5 * MINUTE);
  expect(silences.limitMs(end + 5 * MINUTE)).toBeNull(); // 100 minutes would take 20 hours to tell.
  for (let at = START + DAY; at <= START + 2 * DAY + 2 * HOUR; at += 10 * SECOND) {
    silences.heard(10 * SECOND, at);
  }
  expect(silences.limitMs(START + 2 * DAY + 2 * HOUR)).toBe(5 * MINUTE);
});

it('what was usual is that of the day before the silence began, however long it lasts', () => {
  const { silences, end } = record(24, 5 * MINUTE);
  silences.heard(3 * HOUR, end);
  expect(silences.limitMs(end)).toBeNull();
  expect(silences.limitMs(end)).toBe(silences.limitMs(end + 30 * MINUTE));
});

it('what is forgotten tells nothing any more', () => {
  const { silences, end } = record(2, SECOND);
  silences.forget();
  expect(silences.limitMs(end)).toBeNull();
});

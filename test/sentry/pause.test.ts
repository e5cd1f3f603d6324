import { pauseMs } from '../../src/sentry/pause';
import { START } from '../stats/support';

/** How long Sentry is left alone, by what it answers. */

const HOUR_MS = 3_600_000;
const pause = (status: number, headers: Readonly<Record<string, string>> = {}): number =>
  pauseMs({ status, headers }, START);

it('is nothing where nothing is said', () => {
  expect([pause(200), pause(500), pause(413)]).toEqual([0, 0, 0]);
});

it('is a minute where Sentry says that it is too much, and not for how long', () => {
  expect(pause(429)).toBe(60_000);
  expect(pause(429, { 'retry-after': 'soon' })).toBe(60_000);
  expect(pause(429, { 'x-sentry-rate-limits': ':error:key' })).toBe(60_000);
});

it.each(['2.5', '2', ' 2 '])('is as many seconds as are said: %p', (seconds) => {
  expect(pause(429, { 'retry-after': seconds })).toBe(2000);
});

it('is until the time that is said', () => {
  expect(pause(503, { 'retry-after': new Date(START + 90_000).toUTCString() })).toBeCloseTo(90_000, -4);
  expect(pause(429, { 'retry-after': new Date(START - 90_000).toUTCString() })).toBe(0);
});

it.each(['31536000', '99999999999999999999', new Date(START + 400 * 86_400_000).toUTCString()])(
  'is never longer than an hour, or Sentry would miss all until a restart: %p',
  (after) => {
    expect(pause(429, { 'retry-after': after })).toBe(HOUR_MS);
  },
);

it('is that of errors, where Sentry tells kinds apart, the longest of them', () => {
  const limited = (limits: string): number => pause(200, { 'x-sentry-rate-limits': limits });
  expect(limited('60:transaction;attachment:organization')).toBe(0);
  expect(limited('60:transaction:key, 120:default;error:organization:quota')).toBe(120_000);
  expect(limited('30::organization, 10:error:key')).toBe(30_000);
  expect(limited('31536000:error:key')).toBe(HOUR_MS);
  expect(limited('-5:error:key')).toBe(0);
});

/** Points in time as people type them: how long ago, a date, a time of today. */

/** What `parseTime` takes, in words. */
export const EXPECTED_TIME =
  'how long ago (90s, 10m, 1h, 2d, 1w), a date or time (2026-01-31, 2026-01-31T18:30, 2026-01-31T18:30+09:00; UTC without an offset), or HH:MM of today (UTC)';

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
type Unit = keyof typeof UNIT_MS;
const isUnit = (text: string | undefined): text is Unit => text !== undefined && text in UNIT_MS;

const AGO = /^(?<count>\d{1,6})(?<unit>[smhdw])(?:\s+ago)?$/;
const CLOCK = /^(?<time>(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?)$/;
const ISO =
  /^(?<date>\d{4}-\d{2}-\d{2})(?:[T ](?<time>\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(?<zone>Z|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * Reads a point in time.
 *
 * @param now milliseconds since the epoch.
 * @returns ISO 8601 with milliseconds, UTC; null where it is none.
 */
export function parseTime(text: string, now: number): string | null {
  const trimmed = text.trim();
  const ago = AGO.exec(trimmed)?.groups;
  if (isUnit(ago?.unit)) return isoOf(now - Number(ago.count) * UNIT_MS[ago.unit]);
  const clock = CLOCK.exec(trimmed)?.groups;
  if (clock?.time !== undefined) return isoOf(Date.parse(`${isoDate(now)}T${clock.time}Z`));
  const { date, time, zone } = ISO.exec(trimmed)?.groups ?? {};
  if (date === undefined || !isDate(date)) return null;
  return isoOf(Date.parse(`${date}T${time ?? '00:00'}${zone?.toUpperCase() ?? 'Z'}`));
}

const isoDate = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** Whether there is such a day: `Date` takes the 31st of February for one in March. */
function isDate(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && isoDate(at) === text;
}

/** Null beyond the years 0 to 9999, which no longer compare as text. */
function isoOf(at: number): string | null {
  const bounded = at >= Date.parse('0000-01-01T00:00:00Z') && at <= Date.parse('9999-12-31T23:59:59Z');
  return bounded ? new Date(at).toISOString() : null;
}

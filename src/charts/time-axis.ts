import type { Formats } from './formats';

/** A time that has a label under the axis. */
export interface TimeTick {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly label: string;
  /** It says more than its neighbours do: the date among hours, the year among months. */
  readonly major: boolean;
}

export interface TimeSpan {
  /** Of the first and the last step; milliseconds since the epoch. */
  readonly first: number;
  readonly last: number;
  readonly stepMs: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** The shortest, which is near enough to choose by. */
const MONTH = 28 * DAY;
/** The epoch was a Thursday; weeks begin on the Monday after it. */
const FIRST_MONDAY = 4 * DAY;

/** Distances between labels that people count in, from the shortest. */
type Distance =
  { readonly unit: 'ms'; readonly count: number } | { readonly unit: 'month'; readonly count: number };
const DISTANCES: readonly Distance[] = [
  ...[1, 2, 5, 10, 15, 30].map((count) => ({ unit: 'ms', count: count * MINUTE }) as const),
  ...[1, 2, 3, 6, 12].map((count) => ({ unit: 'ms', count: count * HOUR }) as const),
  ...[1, 2, 3, 7, 14].map((count) => ({ unit: 'ms', count: count * DAY }) as const),
  ...[1, 2, 3, 6, 12, 24, 60, 120].map((count) => ({ unit: 'month', count }) as const),
];

/** Labels for the steps of a span, at round times in UTC: at least one, and at most so many. */
export function timeTicks(span: TimeSpan, atMost: number, formats: Formats): TimeTick[] {
  const fitting = DISTANCES.find((distance) => {
    const length = distance.unit === 'ms' ? distance.count : distance.count * MONTH;
    return length >= span.stepMs && Math.floor((span.last - span.first) / length) < atMost;
  });
  const distance = fitting ?? { unit: 'month', count: 1200 };
  const times = roundTimes(distance, span);
  const name = labeller(distance, formats);
  return (times.length > 0 ? times : [span.first]).slice(0, atMost).map((at) => ({ at, ...name(at) }));
}

function roundTimes({ unit, count }: Distance, { first, last }: TimeSpan): number[] {
  const times: number[] = [];
  if (unit === 'ms') {
    const origin = count % (7 * DAY) === 0 ? FIRST_MONDAY : 0;
    for (let at = origin + Math.ceil((first - origin) / count) * count; at <= last; at += count)
      times.push(at);
    return times;
  }
  // Months since the epoch; the one that `first` lies in may have begun before it.
  const begun = new Date(first);
  const month = (begun.getUTCFullYear() - 1970) * 12 + begun.getUTCMonth();
  for (let next = Math.floor(month / count) * count; Date.UTC(1970, next) <= last; next += count) {
    if (Date.UTC(1970, next) >= first) times.push(Date.UTC(1970, next));
  }
  return times;
}

function labeller({ unit, count }: Distance, formats: Formats): (at: number) => Omit<TimeTick, 'at'> {
  if (unit === 'month') {
    return (at) => {
      const major = new Date(at).getUTCMonth() === 0;
      return { label: (major ? formats.year : formats.month)(at), major };
    };
  }
  if (count >= DAY) return (at) => ({ label: formats.date(at), major: false });
  return (at) => {
    const major = at % DAY === 0;
    return { label: (major ? formats.date : formats.time)(at), major };
  };
}

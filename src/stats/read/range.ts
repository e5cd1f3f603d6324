import type { Period } from '../stats';
import { ceilTo, DAY_MS, floorTo, HOUR_MS } from '../time-steps';

/** Which stretch of time a period is, and where what happened in it has been counted. */

/** From `from` on, and before `to`; milliseconds since the epoch, ±Infinity where it is open. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Steps of the calendar (UTC) that totals are kept for. */
export type CalendarStep = 'hour' | 'day';
export const STEP_MS: Readonly<Record<CalendarStep, number>> = { hour: HOUR_MS, day: DAY_MS };

/** A stretch that is read from one source: totals whose step begins in it, or single rows that settled in it. */
export interface Piece extends Span {
  readonly source: CalendarStep | 'all' | 'singles';
}

export const ALL_TIME: Span = { from: -Infinity, to: Infinity };

const LENGTH_MS: Readonly<Record<Exclude<Period, 'all'>, number>> = {
  '1h': HOUR_MS,
  '24h': DAY_MS,
  '7d': 7 * DAY_MS,
  '30d': 30 * DAY_MS,
};

/**
 * The period that ends now: an hour to the millisecond, longer ones from the full hour at or before their beginning.
 * Open towards the future, since another process's clock may be ahead of this one's.
 */
export function periodSpan(period: Period, now: number): Span {
  if (period === 'all') return ALL_TIME;
  const from = now - LENGTH_MS[period];
  return { from: period === '1h' ? from : floorTo(from, HOUR_MS), to: Infinity };
}

/** The stretch before a period that is as long as what has passed of it. */
export function spanBefore({ from }: Span, now: number): Span {
  return { from: from - (now - from), to: from };
}

/**
 * Cuts a stretch into whole steps, the coarsest first, and what is left over at its ends into single rows. Every
 * instant is in one piece, and the pieces are in the order of time.
 * @param steps The steps that there are totals for, coarsest first.
 */
export function cut(span: Span, steps: readonly CalendarStep[]): readonly Piece[] {
  if (span.from >= span.to) return [];
  const [step, ...finer] = steps;
  if (step === undefined) return [{ source: 'singles', from: span.from, to: span.to }];
  const from = ceilTo(span.from, STEP_MS[step]);
  const to = floorTo(span.to, STEP_MS[step]);
  if (from >= to) return cut(span, finer);
  return [
    ...cut({ from: span.from, to: from }, finer),
    { source: step, from, to },
    ...cut({ from: to, to: span.to }, finer),
  ];
}

/** Where everything that was rolled up in a stretch stands: everywhere, or for one server. */
export function piecesOf(period: Period, span: Span, everywhere: boolean): readonly Piece[] {
  switch (period) {
    case 'all':
      // A server's days are moved to its `all` when they leave retention; everywhere, `all` holds them from the start.
      return (everywhere ? (['all'] as const) : (['all', 'day'] as const)).map((source) => ({
        source,
        ...ALL_TIME,
      }));
    case '1h':
      return cut(span, everywhere ? ['hour'] : []);
    default:
      return cutWhere(span, everywhere);
  }
}

/** A stretch of more than an hour or so, cut into the steps that are kept everywhere, or for one server. */
export function cutWhere(span: Span, everywhere: boolean): readonly Piece[] {
  return cut(span, everywhere ? ['day', 'hour'] : ['day']);
}

import type { Period } from './stats';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A stretch of the past and the steps it is remembered in. Each step holds a whole number of the one before it. */
export interface Window {
  readonly lengthMs: number;
  readonly stepMs: number;
}

/** From the finest to the coarsest. No step is longer than a sixtieth of its period. */
export const WINDOWS: Readonly<Record<Exclude<Period, 'all'>, Window>> = {
  '1h': { lengthMs: HOUR, stepMs: MINUTE },
  '24h': { lengthMs: DAY, stepMs: 20 * MINUTE },
  '7d': { lengthMs: 7 * DAY, stepMs: 2 * HOUR },
  '30d': { lengthMs: 30 * DAY, stepMs: 12 * HOUR },
};

/** Start of the step that a time lies in; milliseconds since the epoch. */
export function stepStart(at: number, { stepMs }: Window): number {
  return Math.floor(at / stepMs) * stepMs;
}

/**
 * Where a period that ends now begins: at the start of a step, so at most one step early and never late.
 * Milliseconds since the epoch; -Infinity for `all`.
 */
export function periodStart(period: Period, now: number): number {
  if (period === 'all') return -Infinity;
  const window = WINDOWS[period];
  return stepStart(now - window.lengthMs, window);
}

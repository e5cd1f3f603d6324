/** How far our clock is ahead of Discord's. Times are milliseconds; ours since the epoch. */

/** One answer: when it was asked for and when it came, by our clock, and its `Date` header. */
export interface ClockSample {
  readonly sentAt: number;
  readonly receivedAt: number;
  /** Discord's clock, cut to the second. */
  readonly date: string | null;
}

/** The offset lies between these, if both clocks run on as they did. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

export interface ClockOffset {
  add(sample: ClockSample): void;
  /** What is certain so far; null before the first answer with a date. */
  bounds(): Bounds | null;
  /** Our clock minus Discord's; null until it is known well enough. */
  offsetMs(): number | null;
}

const DATE_RESOLUTION_MS = 1000;
/** It is known when it can be wrong by no more than this, or by no more than this part of it. */
const PRECISION_MS = 250;
const PRECISION_RATIO = 0.25;
/** Where an answer contradicts those before it by less, the clocks have drifted; else one of them was set. */
const DRIFT_MS = 250;

/**
 * Learns the offset from answers. Each says that it lies within a range as wide as its way took, and a second more,
 * because the header has no fractions. Ranges that fall at different places of the second leave little in common: after
 * a handful of answers hardly more than the shortest way took.
 */
export function createClockOffset(): ClockOffset {
  let current: Bounds | null = null;

  return {
    add(sample) {
      const range = rangeOf(sample);
      if (range !== null) current = current === null ? range : combine(current, range);
    },
    bounds: () => current,
    offsetMs: () => (current === null || !isKnown(current) ? null : middle(current)),
  };
}

function rangeOf({ sentAt, receivedAt, date }: ClockSample): Bounds | null {
  const at = date === null ? NaN : Date.parse(date);
  if (Number.isNaN(at) || receivedAt < sentAt) return null;
  return { low: sentAt - (at + DATE_RESOLUTION_MS), high: receivedAt - at };
}

/** What both allow. Where they contradict each other the newer one is right: the older is moved up to it, or forgotten. */
function combine(older: Bounds, newer: Bounds): Bounds {
  const low = Math.max(older.low, newer.low);
  const high = Math.min(older.high, newer.high);
  if (low <= high) return { low, high };
  if (low - high > DRIFT_MS) return newer;
  const width = older.high - older.low;
  return newer.low > older.high
    ? { low: newer.low, high: newer.low + width }
    : { low: newer.high - width, high: newer.high };
}

function isKnown(bounds: Bounds): boolean {
  const error = (bounds.high - bounds.low) / 2;
  return error <= Math.max(PRECISION_MS, Math.abs(middle(bounds)) * PRECISION_RATIO);
}

const middle = ({ low, high }: Bounds): number => (low + high) / 2;

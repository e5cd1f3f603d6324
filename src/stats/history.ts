import type { OutcomeKind } from '../telemetry/event';
import { addError, type ErrorRow, type ErrorTable } from './error-table';
import { periodStart, stepStart, WINDOWS, type Window } from './periods';
import type { Period } from './stats';
import { addToTally, createTally, mergeTally, type Series, type Tally } from './tally';

/** What the statistics keep of one settled invocation. */
export interface Observation {
  readonly series: Series;
  readonly outcome: OutcomeKind;
  readonly durationSeconds: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly error: ErrorRow | null;
}

/** Everything counted over some time. */
export interface Bucket {
  readonly tallies: Map<Series, Tally>;
  readonly errors: ErrorTable;
}

interface Tier {
  readonly period: Exclude<Period, 'all'>;
  readonly window: Window;
  /** By the start of their step. */
  readonly buckets: Map<number, Bucket>;
}

/**
 * Counts over time in bounded memory: fine steps for the last hour, folded into coarser ones as they age, and at last
 * into one bucket for all time. Each observation is in one bucket only, so folding changes no total.
 */
export class History {
  readonly #tiers: readonly Tier[] = [
    { period: '1h', window: WINDOWS['1h'], buckets: new Map() },
    { period: '24h', window: WINDOWS['24h'], buckets: new Map() },
    { period: '7d', window: WINDOWS['7d'], buckets: new Map() },
    { period: '30d', window: WINDOWS['30d'], buckets: new Map() },
  ];
  readonly #older = createBucket();
  #foldedAt = -Infinity;
  #rows = 0;

  /** Tallies and error rows held: the measure of its memory. */
  get rows(): number {
    return this.#rows;
  }

  /** Counts one observation. Constant time, but for the folding that the first one in each minute does. */
  add(observation: Observation): void {
    this.#fold(observation.at);
    const bucket = this.#bucketAt(0, observation.at);
    const before = rowsOf(bucket);
    addToTally(
      tallyOf(bucket, observation.series),
      observation.outcome,
      observation.durationSeconds,
      observation.at,
    );
    if (observation.error) addError(bucket.errors, observation.error);
    this.#rows += rowsOf(bucket) - before;
  }

  /** Everything since the start of a period that ends now. */
  read(period: Period, now: number): Bucket {
    this.#fold(now);
    const total = createBucket();
    for (const tier of this.#tiers) {
      for (const bucket of tier.buckets.values()) mergeBucket(total, bucket);
      if (tier.period === period) return total;
    }
    mergeBucket(total, this.#older);
    return total;
  }

  /** Moves what has left its tier's period on to the next tier. A clock that was set back moves nothing. */
  #fold(now: number): void {
    const minute = stepStart(now, WINDOWS['1h']);
    if (minute === this.#foldedAt) return;
    this.#foldedAt = minute;
    for (const [index, tier] of this.#tiers.entries()) {
      const begin = periodStart(tier.period, now);
      for (const [start, bucket] of tier.buckets) {
        if (start >= begin) continue;
        const target = this.#bucketAt(index + 1, start);
        const before = rowsOf(target) + rowsOf(bucket);
        mergeBucket(target, bucket);
        tier.buckets.delete(start);
        this.#rows += rowsOf(target) - before;
      }
    }
  }

  #bucketAt(index: number, at: number): Bucket {
    const tier = this.#tiers[index];
    if (!tier) return this.#older;
    const start = stepStart(at, tier.window);
    const known = tier.buckets.get(start);
    if (known) return known;
    const bucket = createBucket();
    tier.buckets.set(start, bucket);
    return bucket;
  }
}

function createBucket(): Bucket {
  return { tallies: new Map(), errors: new Map() };
}

function rowsOf(bucket: Bucket): number {
  return bucket.tallies.size + bucket.errors.size;
}

function tallyOf(bucket: Bucket, series: Series): Tally {
  const known = bucket.tallies.get(series);
  if (known) return known;
  const tally = createTally();
  bucket.tallies.set(series, tally);
  return tally;
}

function mergeBucket(into: Bucket, from: Bucket): void {
  for (const [series, tally] of from.tallies) mergeTally(tallyOf(into, series), tally);
  for (const row of from.errors.values()) addError(into.errors, row);
}

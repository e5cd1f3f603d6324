const DAY_MS = 86_400_000;
const IDENTIFY_WINDOW_MS = 5_000;

export interface StartLimits {
  /** As `GET /gateway/bot` answers it. */
  readonly sessionStartLimit: {
    readonly total: number;
    readonly remaining: number;
    readonly reset_after: number;
    readonly max_concurrency: number;
  };
  /** Counts an IDENTIFY; false if it came too soon after another of its bucket. */
  take(shard: number): boolean;
}

export interface StartLimitOptions {
  readonly now: () => number;
  readonly total: number;
  readonly maxConcurrency: number;
  /** Whether identifying too fast is refused. */
  readonly enforced: boolean;
}

/** How many sessions may be started in a day, and how many at once. */
export function createStartLimits(options: StartLimitOptions): StartLimits {
  const startedAt = options.now();
  const lastByBucket = new Map<number, number>();
  let day = 0;
  let used = 0;

  const turnDay = (): void => {
    const today = Math.floor((options.now() - startedAt) / DAY_MS);
    if (today === day) return;
    day = today;
    used = 0;
  };

  return {
    get sessionStartLimit() {
      turnDay();
      return {
        total: options.total,
        remaining: Math.max(0, options.total - used),
        reset_after: startedAt + (day + 1) * DAY_MS - options.now(),
        max_concurrency: options.maxConcurrency,
      };
    },
    take(shard) {
      turnDay();
      used += 1;
      const bucket = shard % options.maxConcurrency;
      const last = lastByBucket.get(bucket) ?? -Infinity;
      if (options.enforced && options.now() - last < IDENTIFY_WINDOW_MS) return false;
      lastByBucket.set(bucket, options.now());
      return true;
    },
  };
}

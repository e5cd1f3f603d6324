import type { Logger } from '../logging/logger';
import { onceAMinute } from '../logging/once-a-minute';
import { LOSSES, type Loss } from './batches';

const REASONS: Readonly<Record<Loss, string>> = {
  queue_full: 'traces come faster than they are taken',
  export_failed: 'they were not taken',
  closed: 'the bot ended before they were taken',
};

export interface Losses {
  /** By why; each is known from the start. */
  counts(this: void): Readonly<Record<Loss, number>>;
  lost(this: void, loss: Loss, traces: number, error?: unknown): void;
}

/** Counts traces that are lost, and warns of it, once a minute at most. */
export function createLosses(options: {
  readonly logger: Pick<Logger, 'warn'>;
  /** Where traces are to go. */
  readonly url: string;
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
}): Losses {
  const counts: Record<Loss, number> = { queue_full: 0, export_failed: 0, closed: 0 };
  const isDue = onceAMinute(options.monotonic);
  return {
    counts: () => ({ ...counts }),
    lost(loss, traces, error) {
      counts[loss] += traces;
      if (!isDue()) return;
      const total = LOSSES.reduce((sum, one) => sum + counts[one], 0);
      options.logger.warn(
        `Traces do not get to ${new URL(options.url).host}: ${REASONS[loss]}. Commands are not affected; ` +
          `traces lost so far: ${total}.`,
        { event: 'traces_lost', count: total, ...(error === undefined ? {} : { error }) },
      );
    },
  };
}

import type { LogFields, Logger } from '../logging/logger';
import { onceAMinute } from '../logging/once-a-minute';

/** What is sent away and never gets there, be it traces or errors: counted, and told of in the same words. */

export interface Losses<Loss extends string> {
  /** By why; each is known from the start. */
  counts(this: void): Readonly<Record<Loss, number>>;
  lost(this: void, reason: Loss, count: number, error?: unknown): void;
  /** They are taken again. */
  over(this: void): void;
  /** The end: says what was not said yet. Idempotent. */
  close(this: void): void;
}

export interface LossesOptions<Loss extends string> {
  readonly logger: Pick<Logger, 'warn' | 'info'>;
  readonly reasons: readonly Loss[];
  readonly what: 'traces' | 'errors';
  /** Where they are to go, for people: a host, and no key. */
  readonly to: string;
  /** Why they do not get there, for people: one line without its full stop. */
  readonly why: (reason: Loss, error: unknown) => string;
  /** Fields of the two lines. */
  readonly lines: { readonly lost: LogFields; readonly takenAgain: LogFields };
  /** Milliseconds, of whichever clock. */
  readonly now: () => number;
}

/** Counts, and warns: once a minute at most, and at the end; that it is over is no warning. */
export function createLosses<Loss extends string>(options: LossesOptions<Loss>): Losses<Loss> {
  const { logger, reasons, what, to, why, lines } = options;
  const counts = new Map(reasons.map((reason) => [reason, 0]));
  const isDue = onceAMinute(options.now);
  const name = what === 'traces' ? 'Traces' : 'Errors';
  let newest: { readonly reason: Loss; readonly error: unknown } | null = null;
  let told = 0;
  let hasWarned = false;
  const total = (): number => [...counts.values()].reduce((sum, count) => sum + count, 0);

  function warn(until: string): void {
    if (newest === null) return;
    const { reason, error } = newest;
    hasWarned = true;
    told = total();
    const cause = ended(why(reason, error));
    logger.warn(
      `${name} do not get to ${to}: ${cause} Commands are not affected; ${what} lost ${until}: ${told}.`,
      { ...lines.lost, count: told, reason, ...(error === undefined ? {} : { error }) },
    );
  }

  return {
    counts: () => Object.fromEntries(counts) as Record<Loss, number>,
    lost(reason, count, error) {
      counts.set(reason, (counts.get(reason) ?? 0) + count);
      newest = { reason, error };
      if (isDue()) warn('so far');
    },
    over() {
      if (!hasWarned) return;
      hasWarned = false;
      told = total();
      logger.info(`${name} get to ${to} again; ${what} lost so far: ${told}.`, {
        ...lines.takenAgain,
        count: told,
      });
    },
    close() {
      if (total() > told) warn('until the bot ends');
    },
  };
}

const ended = (sentence: string): string => (/[.?!]$/.test(sentence) ? sentence : `${sentence}.`);

import type { Logger } from '../logging/logger';
import { inWords, RefusedError } from '../post/failure';
import { createLosses as create, type Losses as LossesOf } from '../post/losses';

/** Why an error never got there. */
export const LOSSES = ['queue_full', 'send_failed', 'rate_limited', 'closed'] as const;
export type Loss = (typeof LOSSES)[number];
export type Losses = LossesOf<Loss>;

export interface LossesOptions {
  readonly logger: Pick<Logger, 'warn' | 'info'>;
  readonly dsn: string;
  /** Gives a text without secrets. */
  readonly redact: (text: string) => string;
  /** Milliseconds, of whichever clock. */
  readonly now: () => number;
}

/** Where errors go, for people: without the key. */
export const sentryAt = (dsn: string): string => `Sentry at ${new URL(dsn).host}`;

/** Counts errors that never get there, and warns of it: once a minute at most, and at the end; and says when it is over. */
export function createLosses({ logger, dsn, redact, now }: LossesOptions): Losses {
  const sendFailed = (error: unknown): string => `${inWords(error, redact)}${hintFor(error)}`;
  const whys: Readonly<Record<Loss, (error: unknown) => string>> = {
    queue_full: () => 'too many wait already',
    send_failed: (error) => (error === undefined ? 'its library cannot be used' : sendFailed(error)),
    rate_limited: () => 'it says that these are too many',
    closed: () => 'the bot ended before they were taken',
  };
  return create({
    logger,
    reasons: LOSSES,
    what: 'errors',
    to: sentryAt(dsn),
    why: (loss, error) => whys[loss](error),
    lines: { lost: { event: 'errors_lost' }, takenAgain: { event: 'errors_taken_again' } },
    now,
  });
}

/** A key that Sentry does not know, or a project that is not there. */
const WRONG_DSN: ReadonlySet<number> = new Set([401, 403, 404]);

function hintFor(error: unknown): string {
  return error instanceof RefusedError && WRONG_DSN.has(error.status) ? ': is SENTRY_DSN right?' : '';
}

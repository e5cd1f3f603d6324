import { AsyncResource } from 'node:async_hooks';
import type { Logger } from '../logging/logger';
import { onceAMinute } from '../logging/once-a-minute';
import type { Invocation, Sink, TelemetryEvent } from '../telemetry/event';
import type { Loss, SentryClient, SentryClientOptions } from './client';
import { createReporter, type Failure, type Report, type ReporterOptions } from './report';

/** Failures and unhandled errors, sent to Sentry. Refusals are none: nothing is broken. */

export interface SentrySinkOptions
  extends ReporterOptions, Pick<SentryClientOptions, 'dsn' | 'release' | 'environment'> {
  /** Loads Sentry's library, and opens a client. */
  readonly open: (options: SentryClientOptions) => Promise<SentryClient>;
  /** The invocation in which something is happening, for errors that reach the process itself. */
  readonly running: () => Invocation | null;
  readonly logger: Pick<Logger, 'warn'>;
  /** How long Sentry may take to answer, in milliseconds; 10 s without it. */
  readonly requestLimitMs?: number;
}

const QUEUE_LIMIT = 64;
const REQUEST_LIMIT_MS = 10_000;
const CLOSE_LIMIT_MS = 2000;

/** Opens the sink, and loads Sentry's library; what comes before it is there waits. Sentry being away costs nothing but its events. */
export function createSentrySink(options: SentrySinkOptions): Sink {
  const { dsn, release, environment, requestLimitMs = REQUEST_LIMIT_MS } = options;
  const losses = createLosses(options);
  const reportOf = createReporter(options);
  const waiting: Report[] = [];
  let client: SentryClient | null = null;
  let closing: Promise<void> | null = null;

  const bounds = { queueLimit: QUEUE_LIMIT, requestLimitMs, lost: losses.add };
  const opening = options
    .open({ dsn, release, environment, ...bounds })
    .catch(() => noClient(losses.add))
    .then((opened) => {
      client = opened;
      for (const report of waiting.splice(0)) opened.send(report);
    });

  /** Not in the invocation's name: what is sent is no request of the command's. */
  const send = AsyncResource.bind((report: Report): void => {
    if (closing !== null) losses.add('closed', 1);
    else if (client !== null) client.send(report);
    else if (waiting.length < QUEUE_LIMIT) waiting.push(report);
    else losses.add('queue_full', 1);
  });

  return {
    name: 'sentry',
    record(event) {
      const failure = failureIn(event, options.running);
      if (failure !== null) send(reportOf(failure));
    },
    dropped: losses.counts,
    close: () => (closing ??= opening.then(() => client?.close(CLOSE_LIMIT_MS))),
  };
}

/** In the place of a library that cannot be loaded. */
function noClient(lost: SentryClientOptions['lost']): SentryClient {
  return { send: () => lost('send_failed', 1), close: () => Promise.resolve() };
}

function failureIn(event: TelemetryEvent, running: () => Invocation | null): Failure | null {
  if (event.type === 'unhandled_error') {
    const { kind, error } = event;
    return { reason: `unhandled_${kind}`, error, invocation: running(), isHandled: false };
  }
  if (event.type !== 'invocation_settled' || event.outcome.kind !== 'failed') return null;
  const { reason, error } = event.outcome;
  return { reason, error, invocation: event, isHandled: true };
}

const WHY: Readonly<Record<Loss, string>> = {
  queue_full: 'too many are on their way',
  send_failed: 'Sentry is away, or does not take them',
  rate_limited: 'Sentry says that these are too many',
  closed: 'the bot is stopping',
};

/** Counts events that never get there, and says so once a minute. */
function createLosses({ logger, now }: Pick<SentrySinkOptions, 'logger' | 'now'>) {
  const counts: Record<Loss, number> = { queue_full: 0, send_failed: 0, rate_limited: 0, closed: 0 };
  const isDue = onceAMinute(now);
  return {
    counts: () => ({ ...counts }),
    add(this: void, reason: Loss, events: number): void {
      counts[reason] += events;
      if (!isDue()) return;
      const sum = Object.values(counts).reduce((total, count) => total + count, 0);
      const which = sum === 1 ? 'An error is' : `${sum} errors are`;
      logger.warn(`${which} missing in Sentry: ${WHY[reason]}.`, { sink: 'sentry' });
    },
  };
}

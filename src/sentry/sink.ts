import { AsyncResource } from 'node:async_hooks';
import type { Logger } from '../logging/logger';
import { within } from '../within';
import type { Leftovers } from '../post/post-at-exit';
import type { Invocation, Sink, TelemetryEvent } from '../telemetry/event';
import type { SentryClient, SentryClientOptions } from './client';
import { createLosses, sentryAt, type Loss } from './losses';
import { createOnce } from './once';
import { createOutbox, type Outbox } from './outbox';
import { createReporter, type Failure, type Report, type ReporterOptions } from './report';

/** Failures and unhandled errors, sent to Sentry. Refusals are none: nothing is broken. */

export interface SentrySinkOptions extends ReporterOptions, SentryClientOptions {
  /** Loads Sentry's library, and opens a client. */
  readonly open: (options: SentryClientOptions) => Promise<SentryClient>;
  /** The invocation in which something is happening, for errors that reach the process itself. */
  readonly running: () => Invocation | null;
  readonly logger: Pick<Logger, 'warn' | 'info'>;
  /** How long Sentry may take to answer, in milliseconds; 10 s without it. */
  readonly requestLimitMs?: number;
}

export interface SentrySink extends Sink, Pick<Outbox, 'flush'> {
  /** What it sends, and where, for people. */
  readonly sends: string;
  /** What is not there yet when the process exits. */
  leftovers(this: void): Leftovers;
}

/** Reports that may wait for Sentry's library, which is there before the bot has logged in. */
const MAX_EARLY = 64;
const REQUEST_LIMIT_MS = 10_000;
const CLOSE_LIMIT_MS = 2000;

/** Opens the sink, and loads Sentry's library; what comes before it is there waits. Sentry being away costs nothing but its events. */
export function createSentrySink(options: SentrySinkOptions): SentrySink {
  const { dsn, release, environment, logger, now, requestLimitMs = REQUEST_LIMIT_MS } = options;
  const losses = createLosses({ logger, dsn, now, redact: (text) => options.redact(text, []) });
  const outbox = createOutbox({ requestLimitMs, now, lost: losses.lost, recovered: losses.over });
  const reportOf = createReporter(options);
  const early: Report[] = [];
  let client: SentryClient | 'loading' | 'unusable' = 'loading';
  let closing: Promise<void> | null = null;

  async function load(): Promise<void> {
    try {
      const opened = await options.open({ dsn, release, environment });
      for (const report of early.splice(0)) outbox.add(opened.messageOf(report));
      client = opened;
    } catch (error) {
      client = 'unusable';
      const unmade = early.splice(0).length;
      if (unmade > 0) losses.lost('send_failed', unmade);
      logger.warn('No error will get to Sentry: its library cannot be used.', { sink: 'sentry', error });
    }
  }
  const loading = load();

  function refusal(): Loss | null {
    if (closing !== null) return 'closed';
    if (client === 'unusable') return 'send_failed';
    if (client === 'loading') return early.length < MAX_EARLY ? null : 'queue_full';
    return outbox.refusal();
  }

  function take(failure: Failure): void {
    // A report costs something: first whether there is room for it.
    const loss = refusal();
    if (loss !== null) return losses.lost(loss, 1);
    try {
      const report = reportOf(failure);
      if (typeof client === 'string') early.push(report);
      else outbox.add(client.messageOf(report));
    } catch (error) {
      // Nobody is there any more to catch it: it would end the bot.
      losses.lost('send_failed', 1, error);
    }
  }
  const once = createOnce(take);
  /** Not in the invocation's name: what is sent is no request of the command's. */
  const add = AsyncResource.bind(once.add);

  async function close(): Promise<void> {
    await loading;
    await outbox.flush(CLOSE_LIMIT_MS);
    outbox.close();
    if (typeof client !== 'string') await client.close();
    losses.close();
  }

  return {
    name: 'sentry',
    record(event) {
      const failure = failureIn(event, options.running);
      if (failure !== null) add(failure);
    },
    dropped: losses.counts,
    sends: `errors for ${sentryAt(dsn)}`,
    async flush(limitMs) {
      once.release();
      if (client === 'loading') await within(loading, limitMs);
      return outbox.flush(limitMs);
    },
    leftovers() {
      once.release();
      const unmade = early.splice(0).length;
      const messages = outbox.takeAll();
      return {
        messages,
        settle(areTaken) {
          const left = unmade + messages.filter((_, index) => areTaken[index] !== true).length;
          if (left > 0) losses.lost('closed', left);
          losses.close();
          return left;
        },
      };
    },
    close() {
      once.release();
      return (closing ??= close());
    },
  };
}

function failureIn(event: TelemetryEvent, running: () => Invocation | null): Failure | null {
  if (event.type === 'unhandled_error') {
    const { kind, error } = event;
    return { reason: 'exception', error, invocation: running(), unhandled: kind };
  }
  if (event.type !== 'invocation_settled' || event.outcome.kind !== 'failed') return null;
  const { reason, error } = event.outcome;
  return { reason, error, invocation: event, unhandled: null };
}

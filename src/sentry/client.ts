import {
  createTransport,
  defaultStackParser,
  LightNodeClient,
  type ErrorEvent,
  type Exception,
} from '@sentry/node-core/light';
import { rootSpanId } from '../telemetry/trace-id';
import type { Report, Thrown } from './report';

/**
 * The one place that knows Sentry's library; loaded only where there is a DSN. Its client alone is used, and of that
 * what frames, addresses and bounds: no scope, no integration, nothing of what it would gather by itself.
 */

/** Why an event never got there. */
export const LOSSES = ['queue_full', 'send_failed', 'rate_limited', 'closed'] as const;
export type Loss = (typeof LOSSES)[number];

export interface SentryClientOptions {
  readonly dsn: string;
  /** `telltale@1.2.3+4bf92f3` */
  readonly release: string;
  readonly environment: string;
  /** Events that may be on their way at once; one more is lost. */
  readonly queueLimit: number;
  /** How long Sentry may take to answer. */
  readonly requestLimitMs: number;
  /** Called for events that are lost. */
  readonly lost: (this: void, reason: Loss, events: number) => void;
}

export interface SentryClient {
  send(this: void, report: Report): void;
  /** Waits for what is on its way, at most so long; what is not there by then is lost. */
  close(this: void, limitMs: number): Promise<void>;
}

/** Opens a client. It takes no listener of the process but one that its `close` gives back. */
export function openClient(options: SentryClientOptions): SentryClient {
  const ending = new AbortController();
  let underWay = 0;
  const lost = (reason: Loss, events = 1): void => {
    if (!ending.signal.aborted) options.lost(reason, events);
  };
  const client = new LightNodeClient({
    dsn: options.dsn,
    integrations: [],
    stackParser: defaultStackParser,
    includeServerName: false,
    sendClientReports: false,
    enableLogs: false,
    enableMetrics: false,
    transport: (transport) =>
      createTransport(
        {
          ...transport,
          bufferSize: options.queueLimit,
          recordDroppedEvent: (reason) => lost(LOSS_OF[reason] ?? 'send_failed'),
        },
        async ({ body }) => {
          underWay += 1;
          try {
            const limit = AbortSignal.timeout(options.requestLimitMs);
            const answer = await post(transport.url, body, AbortSignal.any([limit, ending.signal]));
            const loss = lossOf(answer.statusCode);
            if (loss !== null) lost(loss);
            return answer;
          } finally {
            underWay -= 1;
          }
        },
      ),
  });
  return {
    send: (report) => client.sendEvent(eventOf(report, options)),
    async close(limitMs) {
      await client.close(limitMs);
      if (underWay > 0) lost('closed', underWay);
      ending.abort();
    },
  };
}

/** The words of the library's transport; what it has none for, it could not send. */
const LOSS_OF: Readonly<Record<string, Loss>> = {
  queue_overflow: 'queue_full',
  ratelimit_backoff: 'rate_limited',
};

const TOO_MANY = 429;
const TOO_LARGE = 413;

/** The transport itself tells of what was too large. */
function lossOf(status: number): Loss | null {
  if (status === TOO_MANY) return 'rate_limited';
  return status >= 300 && status !== TOO_LARGE ? 'send_failed' : null;
}

async function post(url: string, body: string | Uint8Array, signal: AbortSignal) {
  const headers = { 'content-type': 'application/x-sentry-envelope' };
  const request = { method: 'POST', headers, body, signal, redirect: 'manual' } as const;
  const response = await fetch(url, request);
  await response.body?.cancel();
  return {
    statusCode: response.status,
    headers: {
      'retry-after': response.headers.get('retry-after'),
      'x-sentry-rate-limits': response.headers.get('x-sentry-rate-limits'),
    },
  };
}

/** Sentry's form of it: https://develop.sentry.dev/sdk/data-model/event-payloads/ */
function eventOf(report: Report, { release, environment }: SentryClientOptions): ErrorEvent {
  const { at, run, reason, isHandled } = report;
  const event: ErrorEvent = {
    type: undefined,
    event_id: crypto.randomUUID().replaceAll('-', ''),
    timestamp: at / 1000,
    platform: 'node',
    level: isHandled ? 'error' : 'fatal',
    release,
    environment,
    fingerprint: [report.fingerprint],
    // Sentry wants what caused it first.
    exception: { values: report.thrown.map((thrown) => exceptionOf(thrown, isHandled)).reverse() },
  };
  if (run === null) return { ...event, tags: { reason } };
  const { command, kind, traceId, userHash } = run;
  return {
    ...event,
    transaction: command,
    tags: { command, kind, reason, trace_id: traceId },
    user: { id: userHash },
    contexts: { trace: { trace_id: traceId, span_id: rootSpanId(traceId) } },
  };
}

function exceptionOf({ name, message, stack }: Thrown, handled: boolean): Exception {
  return {
    type: name,
    value: message,
    mechanism: { type: 'generic', handled },
    ...(stack === null ? {} : { stacktrace: { frames: defaultStackParser(stack) } }),
  };
}

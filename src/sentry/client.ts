import path from 'node:path';
import {
  createTransport,
  defaultStackParser,
  LightNodeClient,
  type ErrorEvent,
  type Exception,
  type StackFrame,
} from '@sentry/node-core/light';
import type { Thrown } from '../logging/thrown';
import type { Message } from '../post/message';
import { rootSpanId } from '../telemetry/trace-id';
import type { Report } from './report';

/**
 * The one place that knows Sentry's library; loaded only where there is a DSN. Its client alone is used, and of that
 * what frames and addresses: no scope, no integration, nothing of what it would gather by itself; and it sends nothing.
 */

export interface SentryClientOptions {
  readonly dsn: string;
  /** `telltale@1.2.3+4bf92f3` */
  readonly release: string;
  readonly environment: string;
}

export interface SentryClient {
  /** What is to be posted of it. */
  messageOf(this: void, report: Report): Message;
  close(this: void): Promise<void>;
}

/**
 * Opens a client. It takes no listener of the process but one that its `close` gives back.
 *
 * @throws Error where the library can make nothing of the DSN: it would keep all for itself, and say nothing.
 */
export function openClient(options: SentryClientOptions): SentryClient {
  const posted: Message[] = [];
  const client = new LightNodeClient({
    dsn: options.dsn,
    integrations: [],
    stackParser: defaultStackParser,
    includeServerName: false,
    sendClientReports: false,
    enableLogs: false,
    enableMetrics: false,
    transport: ({ url, recordDroppedEvent }) =>
      createTransport({ recordDroppedEvent, bufferSize: Infinity }, ({ body }) => {
        posted.push(messageTo(url, body));
        return Promise.resolve({});
      }),
  });
  const close = async (): Promise<void> => {
    await client.close(1);
  };
  if (client.getDsn() === undefined) {
    void close();
    throw new Error('Sentry can make nothing of the DSN.');
  }
  return {
    messageOf(report) {
      client.sendEvent(eventOf(report, options));
      const message = posted.pop();
      if (message === undefined) throw new Error('Sentry made nothing of an error.');
      return message;
    },
    close,
  };
}

function messageTo(url: string, body: string | Uint8Array): Message {
  const headers = { 'content-type': 'application/x-sentry-envelope' };
  return { url, headers, body: typeof body === 'string' ? Buffer.from(body) : body, tls: {} };
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
    ...(stack === null ? {} : { stacktrace: { frames: framesOf(stack) } }),
  };
}

/** Where Telltale's own code is. It runs whatever fails, and is not what failed. */
const OWN_DIRECTORY = path.resolve(__dirname, '..') + path.sep;

function framesOf(stack: string): StackFrame[] {
  return defaultStackParser(stack).map((frame) =>
    frame.filename?.startsWith(OWN_DIRECTORY) === true ? { ...frame, in_app: false } : frame,
  );
}

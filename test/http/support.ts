import { request, type Agent, type IncomingHttpHeaders } from 'node:http';
import { connect, type Socket } from 'node:net';
import { startHttp, type HttpOptions, type HttpServer } from '../../src/http/server';
import type { LogFields, Logger } from '../../src/logging/logger';
import type { Stats, StatsSummary } from '../../src/stats/stats';

/** What the HTTP tests share: a real server with harmless parts, and clients that can misbehave. */

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface RequestOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly agent?: Agent;
}

export interface RecordedLine {
  readonly level: string;
  readonly message: string;
  readonly fields: LogFields;
}

export function createRecordingLogger(): Logger & { readonly lines: RecordedLine[] } {
  const lines: RecordedLine[] = [];
  const at =
    (level: string) =>
    (message: string, fields: LogFields = {}) =>
      void lines.push({ level, message, fields });
  return { lines, error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') };
}

export const EMPTY_SUMMARY: StatsSummary = {
  period: '24h',
  since: '2026-01-01T00:00:00.000Z',
  totals: {
    invocations: 0,
    ok: 0,
    refused: 0,
    failed: 0,
    errorRate: 0,
    p50Ms: null,
    p95Ms: null,
    p99Ms: null,
    users: 0,
    ackP50Ms: null,
    ackP95Ms: null,
    ackP99Ms: null,
    refusals: {},
    failures: {},
  },
  previous: null,
  commands: [],
  topErrors: [],
  unused: ['ping', 'stats'],
};

/** Statistics of a bot that nobody has used, but for what is said otherwise. */
export function fakeStats(changes: Partial<Stats> = {}): Stats {
  return {
    summary: ({ period }) => Promise.resolve({ ...EMPTY_SUMMARY, period }),
    timeline: () => Promise.resolve({ stepMs: 3_600_000, points: [] }),
    invocations: () => Promise.resolve([]),
    errors: ({ period }) =>
      Promise.resolve({ period, since: EMPTY_SUMMARY.since, groups: [], others: { errors: 0, count: 0 } }),
    changes: () => Promise.resolve(null),
    commandNames: () => ['ping', 'ticket close', 'ticket:close'],
    ...changes,
  };
}

export function httpOptions(overrides: Partial<HttpOptions> = {}): HttpOptions {
  return {
    host: '127.0.0.1',
    port: 0,
    token: null,
    logger: createRecordingLogger(),
    metrics: {
      expose: (openMetrics) =>
        Promise.resolve(
          openMetrics
            ? { contentType: 'application/openmetrics-text; version=1.0.0; charset=utf-8', body: '# EOF\n' }
            : { contentType: 'text/plain; version=0.0.4; charset=utf-8', body: 'bot_ready 1\n' },
        ),
    },
    readiness: () => ({ ready: true, reasons: [] }),
    liveness: () => ({ live: true, reasons: [] }),
    health: {
      report: () => Promise.resolve({ status: 'ok', checks: {}, version: '1.2.3', commit: 'abc', uptime: 5 }),
    },
    stats: fakeStats(),
    ...overrides,
  };
}

const opened: HttpServer[] = [];

/** Starts a server that `closeServers` ends. */
export async function open(overrides: Partial<HttpOptions> = {}): Promise<HttpServer> {
  const server = await startHttp(httpOptions(overrides));
  opened.push(server);
  return server;
}

export async function closeServers(): Promise<void> {
  await Promise.all(opened.splice(0).map((server) => server.close()));
}

/** Sends one request, and resolves with the whole answer. */
export function ask(server: HttpServer, path: string, options: RequestOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(`${server.url}${path}`, options, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** A TCP connection that sends what it is told, and resolves with all that came back once it is ended. */
export async function speak(
  server: HttpServer,
  text: string,
): Promise<{ socket: Socket; end: Promise<string> }> {
  const socket = connect(server.port, '127.0.0.1');
  let received = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (received += chunk));
  // A reset is an end like another one.
  socket.on('error', () => undefined);
  const end = new Promise<string>((resolve) => socket.once('close', () => resolve(received)));
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write(text);
  return { socket, end };
}

/** Something that a test lets happen, and can wait for. */
export function createGate(): { readonly opened: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

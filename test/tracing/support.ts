import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** What takes traces in these tests, and what commands ask: real servers on free ports. */

export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly kind: number;
  readonly status: number;
  readonly statusMessage: string | undefined;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly {
    readonly name: string;
    readonly attributes: Readonly<Record<string, unknown>>;
  }[];
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
}

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly resource: Readonly<Record<string, unknown>>;
  readonly spans: readonly ReceivedSpan[];
  /** As it came, decompressed. */
  readonly text: string;
}

export interface Receiver {
  readonly url: string;
  readonly requests: readonly Received[];
  spans(): readonly ReceivedSpan[];
  close(this: void): Promise<void>;
}

/** How the receiver answers; 200 at once by default. */
export type Answer = (response: ServerResponse) => void;
const taken: Answer = (response) => response.setHeader('content-type', 'application/json').end('{}');

/** An OTLP receiver over HTTP that decodes what arrives. */
export async function startReceiver(answer: Answer = taken): Promise<Receiver> {
  const requests: Received[] = [];
  const server = await startServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    requests.push(decode(request, Buffer.concat(chunks)));
    answer(response);
  });
  return { ...server, requests, spans: () => requests.flatMap(({ spans }) => spans) };
}

/** A server on a free port of loopback. */
export async function startServer(
  handle: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<{ readonly url: string; close(this: void): Promise<void> }> {
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Raw {
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
}
interface RawSpan extends Raw {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly status: { readonly code: number; readonly message?: string };
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly events: readonly (Raw & { readonly name: string })[];
  readonly links: ReceivedSpan['links'];
}
interface RawRequest {
  readonly resourceSpans: readonly {
    readonly resource: Raw;
    readonly scopeSpans: readonly { readonly spans: readonly RawSpan[] }[];
  }[];
}

function decode({ url = '', headers }: IncomingMessage, body: Buffer): Received {
  const text = (headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString();
  const { resourceSpans } = JSON.parse(text) as RawRequest;
  return {
    path: url,
    headers,
    text,
    resource: Object.assign(
      {},
      ...resourceSpans.map(({ resource }) => valuesOf(resource)),
    ) as object as Record<string, unknown>,
    spans: resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans.map(spanOf))),
  };
}

function spanOf(raw: RawSpan): ReceivedSpan {
  return {
    traceId: raw.traceId,
    spanId: raw.spanId,
    parentSpanId: raw.parentSpanId,
    name: raw.name,
    kind: raw.kind,
    status: raw.status.code,
    statusMessage: raw.status.message,
    startedAt: Number(BigInt(raw.startTimeUnixNano) / 1000n) / 1000,
    endedAt: Number(BigInt(raw.endTimeUnixNano) / 1000n) / 1000,
    attributes: valuesOf(raw),
    events: raw.events.map((event) => ({ name: event.name, attributes: valuesOf(event) })),
    links: raw.links.map(({ traceId, spanId }) => ({ traceId, spanId })),
  };
}

const valuesOf = ({ attributes }: Raw): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

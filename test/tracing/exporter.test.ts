import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { openExporter, type Exporter, type ExporterOptions } from '../../src/tracing/exporter';
import type { Span } from '../../src/tracing/span';
import { startReceiver, startServer, type Answer, type Receiver } from './support';

/** What an exporter makes of whatever a collector answers. */

const SPAN: Span = {
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  spanId: '4bf92f3577b34da6',
  parentSpanId: null,
  name: 'chat_input ping',
  kind: 'server',
  startedAt: 1_700_000_000_000,
  endedAt: 1_700_000_000_100,
  attributes: {},
  moments: [],
  link: null,
  isError: false,
  errorMessage: null,
};

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function receiverThat(answer: Answer): Promise<Receiver> {
  const receiver = await startReceiver(answer);
  closers.push(receiver.close);
  return receiver;
}

const NO_TLS = { certificate: null, clientCertificate: null, clientKey: null };
function open(url: string, changes: Partial<ExporterOptions> = {}): Exporter {
  const exporter = openExporter({
    url,
    protocol: 'http/json',
    headers: {},
    timeoutMs: 3000,
    compression: 'none',
    tls: NO_TLS,
    resource: {},
    version: '1.2.3',
    now: Date.now,
    ...changes,
  });
  closers.push(exporter.close);
  return exporter;
}

/** Null where they were taken; else what was wrong. */
async function sent(exporter: Exporter, signal = new AbortController().signal): Promise<unknown> {
  try {
    return await exporter.send([SPAN], signal);
  } catch (error) {
    return typeof error === 'object' && error !== null && 'code' in error ? error.code : error;
  }
}

it.each([
  ['nothing', ''],
  ['garbage', '<html>\u0000'],
  ['JSON that is not what was expected', '[{"partialSuccess":7}]'],
  ['a partial success that rejects nothing', '{"partialSuccess":{"errorMessage":"a hint"}}'],
  ['a megabyte', 'x'.repeat(1_000_000)],
])('spans for which a collector answers 200 with %s were taken', async (_, body) => {
  const { url } = await receiverThat((response) => response.end(body));
  expect(await sent(open(url))).toBeNull();
});

it('a collector is told who sends, unless the operator says something else', async () => {
  const receiver = await receiverThat((response) => response.end());
  await sent(open(receiver.url));
  await sent(open(receiver.url, { headers: { 'User-Agent': 'harbour' } }));
  expect(receiver.requests.map(({ headers }) => headers['user-agent'])).toEqual([
    'Telltale/1.2.3',
    'harbour',
  ]);
});

it('a failure comes with what was wrong, where lists of traces show it', async () => {
  const receiver = await receiverThat((response) => response.end());
  const failure = { ...SPAN, isError: true, errorMessage: 'no such ship' };
  await open(receiver.url).send([failure, { ...failure, errorMessage: null }], new AbortController().signal);
  expect(receiver.spans().map(({ status, statusMessage }) => [status, statusMessage])).toEqual([
    [2, 'no such ship'],
    [2, undefined],
  ]);
});

it('spans of which some are refused are told with the collector’s own words', async () => {
  const partialSuccess = { rejectedSpans: '3', errorMessage: 'too old' };
  const { url } = await receiverThat((response) => response.end(JSON.stringify({ partialSuccess })));
  expect(await sent(open(url))).toEqual({ spans: 3, message: 'too old' });
});

it.each([
  ['500', 500, {}],
  ['400', 400, {}],
  ['a redirect, which no key is sent after,', 307, { location: 'http://127.0.0.1:9/elsewhere' }],
])('%s is an end: it is not asked again', async (_, status, headers) => {
  const receiver = await receiverThat((response) => response.writeHead(status, headers).end());
  expect(await sent(open(receiver.url))).toEqual(new Error(`it answered ${status}`));
  expect(receiver.requests).toHaveLength(1);
});

it('429 is asked again when it says so, and no sooner', async () => {
  const times: number[] = [];
  const receiver = await receiverThat((response) => {
    if (times.push(performance.now()) > 1) response.end('{}');
    else response.writeHead(429, { 'retry-after': '1' }).end();
  });
  expect(await sent(open(receiver.url))).toBeNull();
  const [first = 0, second = 0] = times;
  expect(second - first).toBeGreaterThan(990);
});

it('429 that asks for more patience than an export has is an end at once', async () => {
  const receiver = await receiverThat((response) => response.writeHead(429, { 'retry-after': '60' }).end());
  const before = performance.now();
  expect(await sent(open(receiver.url))).toEqual(new Error('it answered 429'));
  expect(performance.now() - before).toBeLessThan(900);
});

it('a connection that ends before the answer is tried again, and after its head is as good as the answer', async () => {
  let asked = 0;
  const receiver = await receiverThat((response) => {
    asked += 1;
    if (asked === 1) response.destroy();
    else {
      response.writeHead(200, { 'content-length': '100' }).write('{');
      setTimeout(() => response.destroy(), 20);
    }
  });
  expect(await sent(open(receiver.url))).toBeNull();
  expect(asked).toBe(2);
});

it('a collector that hangs costs no longer than the time for an export, and nothing after it is given up', async () => {
  const { url } = await receiverThat(() => undefined);
  expect(await sent(open(url, { timeoutMs: 50 }))).toEqual(new Error('no answer within 0.05 s'));
  const ending = new AbortController();
  const waiting = sent(open(url), ending.signal);
  setTimeout(() => ending.abort(), 30);
  const before = performance.now();
  await waiting;
  expect(performance.now() - before).toBeLessThan(1000);
});

it('what does not speak HTTP is an error', async () => {
  const server = await startServer(() => undefined);
  closers.push(server.close);
  expect(await sent(open(server.url.replace('http:', 'https:')))).toMatch(/^EPROTO|^ERR_SSL/);
});

describe('with TLS', () => {
  /** Of 127.0.0.1, signed by itself, for a hundred years. */
  const file = (name: string): string => path.join(__dirname, '..', 'fixtures', 'tls', name);

  async function secure(): Promise<string> {
    const server = createServer(
      { key: readFileSync(file('key.pem')), cert: readFileSync(file('certificate.pem')) },
      (request, response) => request.resume().on('end', () => response.end('{}')),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it('a certificate that nobody trusts ends the export at once, and nothing is sent there', async () => {
    expect(await sent(open(await secure()))).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
  });

  it('the one that the settings trust is trusted', async () => {
    const tls = { ...NO_TLS, certificate: file('certificate.pem') };
    expect(await sent(open(await secure(), { tls }))).toBeNull();
  });

  it('a file that is not there is said with each export', async () => {
    const tls = { ...NO_TLS, certificate: file('missing.pem') };
    expect(await sent(open(await secure(), { tls }))).toBe('ENOENT');
  });
});

it('sends protobuf where that is asked for, and reads what is answered to it', async () => {
  const bodies: { readonly type: unknown; readonly body: Buffer }[] = [];
  const server = await startServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    bodies.push({ type: request.headers['content-type'], body: Buffer.concat(chunks) });
    // ExportTraceServiceResponse { partial_success: { rejected_spans: 1, error_message: "old" } }
    response.end(Buffer.from([0x0a, 7, 0x08, 1, 0x12, 3, ...Buffer.from('old')]));
  });
  closers.push(server.close);
  const exporter = open(server.url, { protocol: 'http/protobuf' });
  expect(await sent(exporter)).toEqual({ spans: 1, message: 'old' });
  expect(bodies[0]?.type).toBe('application/x-protobuf');
  expect(bodies[0]?.body.includes(Buffer.from(SPAN.traceId, 'hex'))).toBe(true);
});

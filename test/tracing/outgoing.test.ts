import { request, type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import { request as requestOfUndici } from 'undici';
import { createInvocationContext } from '../../src/logging/context';
import type { HttpOperation, Invocation } from '../../src/telemetry/event';
import { createOutgoing } from '../../src/tracing/outgoing';
import { watchHttp } from '../../src/tracing/watch-http';
import { watchUndici } from '../../src/tracing/watch-undici';
import { settled } from '../stats/support';
import { startServer } from './support';

/** A command's own requests, on the wire. */

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const context = createInvocationContext();
const told: (string | undefined)[] = [];
let url = '';
let discordUrl = '';
const closers: (() => unknown)[] = [];
const discordHosts = new Set<string>();
let sampled = true;

beforeAll(async () => {
  const keep = ({ traceparent }: IncomingHttpHeaders): void =>
    void told.push(typeof traceparent === 'string' ? traceparent : undefined);
  const service = await startServer((asked, response) => {
    keep(asked.headers);
    if (asked.url === '/breaks') asked.socket.destroy();
    else if (asked.url === '/moved') response.writeHead(302, { location: `${url}/here` }).end();
    else if (asked.url === '/endless') response.write('and so on');
    else response.writeHead(asked.url === '/missing' ? 404 : 200).end('done');
  });
  const discord = await startServer((asked, response) => {
    keep(asked.headers);
    response.end();
  });
  ({ url } = service);
  discordUrl = discord.url;
  discordHosts.add(new URL(discordUrl).host);
  let ids = 0;
  const outgoing = createOutgoing({
    running: () => context.getStore(),
    isDiscord: (host) => discordHosts.has(host),
    isSampled: () => sampled,
    newSpanId: () => (ids += 1).toString(16).padStart(16, '0'),
    now: Date.now,
    monotonic: () => performance.now(),
  });
  closers.push(service.close, discord.close, watchUndici(outgoing), watchHttp(outgoing));
});
afterAll(async () => {
  for (const close of closers) await close();
});
beforeEach(() => {
  told.length = 0;
  sampled = true;
});

/** Runs as a command does; gives the requests that were noted with its invocation. */
async function asCommand(run: () => Promise<unknown>): Promise<readonly HttpOperation[]> {
  const invocation: Invocation = settled({ traceId: TRACE_ID, operations: [] });
  await context.run(invocation, run);
  return invocation.operations.filter((operation) => operation.kind === 'http');
}

const withFetch = async (path = '', init?: RequestInit): Promise<unknown> =>
  (await fetch(`${url}${path}`, init)).text();

const withHttp = (path = '', options: RequestOptions = {}): Promise<unknown> =>
  new Promise((resolve, reject) => {
    request(`${url}${path}`, options, (response) => response.resume().on('end', resolve))
      .on('error', reject)
      .end();
  });

const withUndici = async (path = ''): Promise<unknown> =>
  (await requestOfUndici(`${url}${path}`)).body.text();

describe.each([
  ['fetch', withFetch],
  ['node:http, and what is built on it', withHttp],
  ['another copy of undici', withUndici],
] as const)('a request with %s', (_, ask) => {
  it('tells the other side its trace and span, and is noted under that span', async () => {
    const [operation, ...others] = await asCommand(() => ask('/path?secret=1'));
    expect(others).toEqual([]);
    expect(operation).toEqual({
      kind: 'http',
      spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
      method: 'GET',
      host: new URL(url).host,
      status: 200,
      errorType: null,
      startedAt: expect.any(Number),
      durationSeconds: expect.any(Number),
    });
    expect(told).toEqual([`00-${TRACE_ID}-${operation!.spanId}-01`]);
  });

  it('says that the trace is not kept where the ratio does not keep it', async () => {
    sampled = false;
    await asCommand(() => ask());
    expect(told).toEqual([expect.stringMatching(/-00$/)]);
  });

  it('has the status of its answer', async () => {
    expect(await asCommand(() => ask('/missing'))).toMatchObject([{ status: 404, errorType: null }]);
  });

  it('that had no answer says why', async () => {
    const operations = await asCommand(() => ask('/breaks').catch(() => undefined));
    expect(operations).toMatchObject([
      { status: null, errorType: expect.stringMatching(/ECONNRESET|SOCKET/) },
    ]);
  });

  it('in nobody’s name is left alone', async () => {
    await ask();
    expect(told).toEqual([undefined]);
  });
});

describe('Discord', () => {
  it.each([
    ['fetch', () => fetch(discordUrl)],
    [
      'node:http',
      () =>
        new Promise((resolve) => request(discordUrl, (answer) => answer.resume().on('end', resolve)).end()),
    ],
  ])('is told nothing with %s, and nothing is noted of it', async (_, ask) => {
    expect(await asCommand(ask)).toEqual([]);
    expect(told).toEqual([undefined]);
  });
});

describe('what a command tells by itself', () => {
  const own = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
  it.each([
    ['fetch', () => withFetch('', { headers: { Traceparent: own } })],
    ['node:http', () => withHttp('', { headers: { Traceparent: own } })],
  ])('is kept with %s', async (_, ask) => {
    expect(await asCommand(ask)).toHaveLength(1);
    expect(told).toEqual([own]);
  });
});

it('each part of a redirect is told its own span', async () => {
  const operations = await asCommand(() => withFetch('/moved'));
  expect(operations.map(({ status }) => status)).toEqual([302, 200]);
  expect(told).toEqual(operations.map(({ spanId }) => `00-${TRACE_ID}-${spanId}-01`));
});

it('a connection that is refused is noted with its code', async () => {
  const closed = await startServer(() => undefined);
  await closed.close();
  const operations = await asCommand(() => fetch(closed.url).catch(() => undefined));
  expect(operations).toMatchObject([{ status: null, errorType: 'ECONNREFUSED' }]);
});

it('a body that nobody reads to its end hides no request', async () => {
  const operations = await asCommand(async () => {
    const response = await fetch(`${url}/endless`);
    await response.body?.cancel();
  });
  expect(operations).toMatchObject([{ status: 200 }]);
});

it('a method that is none of HTTP’s does not become a name', async () => {
  const operations = await asCommand(() =>
    withFetch('', { method: 'brew-my-secret' }).catch(() => undefined),
  );
  expect(operations.map(({ method }) => method)).toEqual(['_OTHER']);
});

it('headers given as a list, which Node.js writes at once, are sent as they are', async () => {
  const { host } = new URL(url);
  const operations = await asCommand(() => withHttp('', { headers: ['Host', host] as never }));
  expect(operations).toHaveLength(1);
  expect(told).toHaveLength(1);
});

it('an invocation keeps no more than 64 of them', async () => {
  const operations = await asCommand(() => Promise.all(Array.from({ length: 70 }, () => withFetch())));
  expect(operations).toHaveLength(64);
  expect(told).toHaveLength(70);
});

it('gives Node.js its own back at the end', async () => {
  for (const stop of closers.splice(2)) await stop();
  expect(await asCommand(() => withFetch())).toEqual([]);
  expect(await asCommand(() => withHttp())).toEqual([]);
  expect(told).toEqual([undefined, undefined]);
});

import { Agent, get, request, type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import { connect } from 'node:net';
import { Agent as AgentOfUndici, request as requestOfUndici } from 'undici';
import { createDiscordHosts, type DiscordHosts } from '../../src/discord/hosts';
import { createInvocationContext } from '../../src/logging/context';
import type { HttpOperation, Invocation } from '../../src/telemetry/event';
import { addUnfinished } from '../../src/telemetry/operations';
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
let hosts: DiscordHosts;
let sampled = true;

beforeAll(async () => {
  const keep = ({ traceparent }: IncomingHttpHeaders): void =>
    void told.push(typeof traceparent === 'string' ? traceparent : undefined);
  const service = await startServer((asked, response) => {
    keep(asked.headers);
    if (asked.url === '/breaks') asked.socket.destroy();
    else if (asked.url === '/moved') response.writeHead(302, { location: `${url}/here` }).end();
    else if (asked.headers.upgrade !== undefined)
      asked.socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n');
    else if (asked.url === '/endless') response.write('and so on');
    else response.writeHead(asked.url === '/missing' ? 404 : 200).end('done');
  });
  const discord = await startServer((asked, response) => {
    keep(asked.headers);
    response.end();
  });
  ({ url } = service);
  discordUrl = discord.url;
  hosts = createDiscordHosts(`${discordUrl}/api`);
  let ids = 0;
  const outgoing = createOutgoing({
    running: () => context.getStore(),
    isSampled: () => sampled,
    newSpanId: () => (ids += 1).toString(16).padStart(16, '0'),
    now: Date.now,
    monotonic: () => performance.now(),
  });
  closers.push(
    service.close,
    discord.close,
    watchUndici(outgoing, hosts.has),
    watchHttp(outgoing, hosts.has),
  );
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

const withHttpTo = (options: RequestOptions): Promise<unknown> =>
  new Promise((resolve, reject) => {
    get(options, (answer) => answer.resume().on('end', resolve)).on('error', reject);
  });

const withAgent = async (origin: string, path = '/'): Promise<void> => {
  // Whatever the address says: it is the service that listens.
  const { port, hostname } = new URL(url);
  const agent = new AgentOfUndici({
    connect: (_, callback) => {
      const socket = connect(Number(port), hostname, () => {
        callback(null, socket);
      });
    },
  });
  try {
    const { body } = await agent.request({ origin, path, method: 'GET' });
    await body.dump();
  } finally {
    await agent.close();
  }
};

describe('Discord is told nothing, and nothing is noted of it,', () => {
  const place = () => new URL(discordUrl);
  const options = () => ({ host: place().hostname, port: place().port });
  it.each([
    ['with fetch', () => fetch(discordUrl)],
    ['with fetch, by the name of this machine', () => fetch(`http://localhost:${place().port}`)],
    ['with fetch, by an address of IPv6', () => fetch(`http://[::ffff:127.0.0.1]:${place().port}`)],
    ['with node:http', () => withHttpTo(options())],
    ['with node:http, by a short address', () => withHttpTo({ ...options(), host: '127.1' })],
    [
      'with node:http and another’s name',
      () => withHttpTo({ ...options(), headers: { Host: 'example.org' } }),
    ],
    [
      'with node:http and no port in the name',
      () => withHttpTo({ ...options(), headers: { Host: '127.0.0.1' } }),
    ],
    [
      'with node:http and a list of headers',
      () => withHttpTo({ ...options(), headers: ['Host', place().host] as never }),
    ],
  ])('%s', async (_, ask) => {
    expect(await asCommand(ask)).toEqual([]);
    expect(told.filter((one) => one !== undefined)).toEqual([]);
    expect(told.length).toBeGreaterThan(0);
  });

  it.each([
    'http://discord.com',
    'http://discord.com/',
    'http://u:p@discord.com',
    'http://ｄiscord.com',
    'http://DISCORD.com.',
    'http://discord.com:80',
    'http://cdn.discordapp.com',
  ])('with an agent of undici, by %s', async (origin) => {
    expect(await asCommand(() => withAgent(origin))).toEqual([]);
    expect(told).toEqual([undefined]);
  });

  it('behind a proxy, which is told the whole address', async () => {
    const { hostname, port } = new URL(url);
    const path = 'http://Discord.com/api';
    const agent = new Agent();
    expect(await asCommand(() => withHttpTo({ host: hostname, port, path, agent }))).toEqual([]);
    expect(await asCommand(() => withAgent(url, path))).toEqual([]);
    expect(told).toEqual([undefined, undefined]);
    const tunnel = new AgentOfUndici();
    const asked = () => tunnel.connect({ origin: url, path: 'discord.com:443' });
    expect(await asCommand(() => asked().catch(() => undefined))).toEqual([]);
    const others = 'http://example.org/api';
    expect(await asCommand(() => withHttpTo({ host: hostname, port, path: others, agent }))).toHaveLength(1);
  });

  it('and a service on this machine is no Discord for standing beside its stand-in', async () => {
    const { hostname, port } = new URL(url);
    // As the connection has it: no slash, and nobody's password.
    const byAgent = await asCommand(() => withAgent(`http://u:p@${hostname}:${port}/`));
    expect(byAgent).toMatchObject([{ host: `${hostname}:${port}` }]);
    expect(await asCommand(() => withHttpTo({ host: hostname, port }))).toHaveLength(1);
    expect(told.filter((one) => one === undefined)).toEqual([]);
  });
});

describe('what a command tells by itself', () => {
  const own = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
  it.each([
    ['fetch', () => withFetch('', { headers: { Traceparent: own } })],
    ['node:http', () => withHttp('', { headers: { Traceparent: own } })],
  ])('is kept with %s, and is what ours leads to', async (_, ask) => {
    const toldSpan = { traceId: '1'.repeat(32), spanId: '2'.repeat(16) };
    expect(await asCommand(ask)).toMatchObject([{ toldSpan }]);
    expect(told).toEqual([own]);
  });

  it.each(['', 'nonsense', `00-${'0'.repeat(32)}-${'2'.repeat(16)}-01`])(
    'leads nowhere where it names no span: %p',
    async (traceparent) => {
      const asked = await asCommand(() => withHttp('', { headers: { traceparent } }));
      expect(asked).toHaveLength(1);
      expect(asked[0]).not.toHaveProperty('toldSpan');
    },
  );
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

it('an invocation keeps no more than 64 of them, and the last is one', async () => {
  const operations = await asCommand(async () => {
    await Promise.all(Array.from({ length: 70 }, () => withFetch()));
    await withFetch('/missing');
  });
  expect(operations).toHaveLength(64);
  expect(operations.at(-1)?.status).toBe(404);
  expect(told).toHaveLength(71);
});

it('what is asked after the settlement names the root as its parent, as no span of its own will be there', async () => {
  const invocation: Invocation = settled({ traceId: TRACE_ID, operations: [] });
  addUnfinished(invocation);
  await context.run(invocation, () => withFetch());
  await context.run(invocation, () => withHttp());
  const parent = `00-${TRACE_ID}-${TRACE_ID.slice(0, 16)}-01`;
  expect(told).toEqual([parent, parent]);
  expect(invocation.operations).toEqual([]);
});

it('a connection that becomes something else has been answered', async () => {
  const operations = await asCommand(
    () =>
      new Promise<void>((resolve, reject) => {
        get(url, { headers: { connection: 'upgrade', upgrade: 'x' } })
          .on('error', reject)
          .on('upgrade', (_, socket) => {
            socket.destroy();
            resolve();
          });
      }),
  );
  expect(operations).toMatchObject([{ status: 101, errorType: null }]);
});

it('gives Node.js its own back at the end', async () => {
  for (const stop of closers.splice(2)) await stop();
  expect(await asCommand(() => withFetch())).toEqual([]);
  expect(await asCommand(() => withHttp())).toEqual([]);
  expect(told).toEqual([undefined, undefined]);
});

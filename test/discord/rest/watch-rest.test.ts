import { Routes } from 'discord.js';
import type { Simulator } from '../../../simulator';
import { createHarbour } from '../../simulator/support';
import { waitFor } from '../support';
import { endOf, watchedRest } from './support';

/** What goes on between discord.js and Discord, and is hidden by it, is seen: each attempt, each wait, each refusal. */

const harbour = createHarbour();
let discord: Simulator;
let messages: `/channels/${string}/messages`;
const ROUTE = '/channels/:id/messages';

beforeAll(async () => {
  discord = await harbour.start();
  messages = Routes.channelMessages(discord.guilds[0]!.channels[0]!.id);
});
afterEach(() => discord.faults.clear());
afterAll(() => harbour.close());

const say = { body: { content: 'hi' } };

it('a call that goes well is one attempt and one call, under its route', async () => {
  const { rest, attempts, calls, events } = watchedRest(discord);
  await rest.post(messages, say);
  const label = { method: 'POST', route: ROUTE };
  expect(attempts()).toEqual([expect.objectContaining({ ...label, status: 200, rateLimitScope: null })]);
  expect(calls()).toEqual([expect.objectContaining({ ...label, attempts: 1, outcome: 'ok', code: null })]);
  expect(events).toHaveLength(2);
});

it('a 500 that discord.js repeats shows as four attempts of one call', async () => {
  discord.faults.rest({ status: 500 });
  const { rest, attempts, calls } = watchedRest(discord);
  const error = await endOf(rest.get(Routes.gateway()));
  expect(error).toMatchObject({ status: 500 });
  expect(attempts().map(({ status }) => status)).toEqual([500, 500, 500, 500]);
  expect(calls()).toEqual([expect.objectContaining({ attempts: 4, outcome: 'failed', code: null })]);
});

it('the time that failed attempts are on the wire is no wait', async () => {
  discord.faults.rest({ status: 500, times: 2, delayMs: 100 });
  const { rest, calls } = watchedRest(discord);
  await rest.get(Routes.gateway());
  expect(calls()[0]!.durationSeconds).toBeGreaterThan(0.19);
  expect(calls()[0]!.waitSeconds).toBeLessThan(0.1);
});

it('a call that a repetition saves is ok', async () => {
  discord.faults.rest({ status: 502, times: 2 });
  const { rest, attempts, calls } = watchedRest(discord);
  await rest.get(Routes.gateway());
  expect(attempts().map(({ status }) => status)).toEqual([502, 502, 200]);
  expect(calls()).toEqual([expect.objectContaining({ attempts: 3, outcome: 'ok' })]);
});

it.each([
  [10062, 404],
  [40060, 400],
  [50013, 403],
])('the refusal %d is known by its code', async (code, status) => {
  discord.faults.rest({ status, code });
  const { rest, attempts, calls } = watchedRest(discord);
  await endOf(rest.post(messages, say));
  expect(attempts()).toEqual([expect.objectContaining({ status })]);
  expect(calls()).toEqual([expect.objectContaining({ attempts: 1, outcome: 'failed', code })]);
});

it.each<[string, Record<string, string>, string]>([
  ['of the bot', { 'x-ratelimit-scope': 'user' }, 'user'],
  ['of all requests', { 'x-ratelimit-scope': 'global', 'x-ratelimit-global': 'true' }, 'global'],
  ['of all requests, said in the other header alone', { 'x-ratelimit-global': 'true' }, 'global'],
  ['that others share', { 'x-ratelimit-scope': 'shared' }, 'shared'],
  ['of an unknown kind', { 'x-ratelimit-scope': 'lunar' }, 'user'],
  ['of nobody known', {}, 'user'],
])(
  'a real 429 %s is seen with its scope, the pause after it as a wait, and said in the log',
  async (...row) => {
    const [, headers, scope] = row;
    discord.faults.rest({ status: 429, times: 1, headers: { 'retry-after': '0.2', ...headers } });
    const { rest, watch, attempts, calls, lines } = watchedRest(discord);
    await rest.post(messages, say);
    expect(attempts()).toEqual([
      expect.objectContaining({ status: 429, rateLimitScope: scope }),
      expect.objectContaining({ status: 200, rateLimitScope: null }),
    ]);
    const [call] = calls();
    expect(call).toMatchObject({ attempts: 2, outcome: 'ok' });
    expect(call!.waitSeconds).toBeGreaterThanOrEqual(0.19);
    expect(call!.durationSeconds).toBeGreaterThanOrEqual(call!.waitSeconds);
    expect(watch.invalidRequests()).toBe(scope === 'shared' ? 0 : 1);
    expect(lines.map(({ level, fields }) => [level, fields.scope])).toEqual([['warn', scope]]);
    expect(lines[0]!.message).toContain(`POST ${ROUTE}`);
  },
);

it('many 429s are one line a minute, and none is missing from the metrics', async () => {
  discord.faults.rest({ status: 429, times: 5, headers: { 'retry-after': '0.001' } });
  const { rest, attempts, lines } = watchedRest(discord);
  await rest.get(Routes.gateway());
  expect(attempts()).toHaveLength(6);
  expect(lines).toHaveLength(1);
});

it('what discord.js holds back is seen, and as a wait of the call; Discord never had to refuse', async () => {
  const limited = await harbour.start({ rateLimits: true });
  const { rest, events, attempts, calls } = watchedRest(limited);
  const path = Routes.guild(limited.guilds[0]!.id);
  await Promise.all(Array.from({ length: 11 }, () => rest.get(path)));
  expect(events.filter(({ type }) => type === 'rest_held_back')).toContainEqual({
    type: 'rest_held_back',
    scope: 'user',
  });
  expect(attempts().map(({ status }) => status)).toEqual(Array(11).fill(200));
  const waits = calls().map(({ waitSeconds }) => waitSeconds);
  expect(Math.max(...waits)).toBeGreaterThan(0.5);
  expect(calls().every((call) => call.route === '/guilds/:id' && call.attempts === 1)).toBe(true);
});

it('what discord.js holds back for the limit of all requests is seen as such', async () => {
  const { rest, events } = watchedRest(discord, { globalRequestsPerSecond: 1 });
  await rest.get(Routes.gateway());
  const held = rest.get(Routes.user());
  await waitFor(() => events.some(({ type }) => type === 'rest_held_back'));
  expect(events).toContainEqual({ type: 'rest_held_back', scope: 'global' });
  await held;
});

it('Discord’s own limit for each bucket is met and named, when discord.js is not told of it', async () => {
  const limited = await harbour.start({ rateLimits: true });
  limited.faults.rest({ path: /^\/guilds/, headers: { 'x-ratelimit-remaining': '1' }, times: 10 });
  const { rest, attempts } = watchedRest(limited);
  await Promise.all(Array.from({ length: 11 }, () => rest.get(Routes.guild(limited.guilds[0]!.id))));
  expect(attempts().filter(({ rateLimitScope }) => rateLimitScope === 'user')).toHaveLength(1);
});

it('a request that is never answered is a timeout, each time that discord.js tries', async () => {
  discord.faults.rest({ hang: true });
  const before = discord.rest.log.length;
  const { rest, attempts, calls } = watchedRest(discord, { timeout: 60, retries: 1 });
  expect(await endOf(rest.get(Routes.gateway()))).toMatchObject({ name: 'AbortError' });
  const tried = discord.rest.log.length - before; // Once in Jest: it has an `Error` of its own for discord.js.
  expect(attempts().map(({ status }) => status)).toEqual(Array(tried).fill('timeout'));
  for (const { durationSeconds } of attempts()) expect(durationSeconds).toBeGreaterThan(0.05);
  expect(calls()).toEqual([expect.objectContaining({ attempts: tried, outcome: 'failed', code: null })]);
});

it('a request that its caller ends is aborted, and is not sent again', async () => {
  discord.faults.rest({ hang: true });
  const { rest, attempts, calls } = watchedRest(discord);
  const abort = new AbortController();
  const before = discord.rest.log.length;
  const end = endOf(rest.get(Routes.gateway(), { signal: abort.signal }));
  await waitFor(() => discord.rest.log.length > before);
  abort.abort();
  expect(await end).toMatchObject({ name: 'AbortError' });
  expect(attempts().map(({ status }) => status)).toEqual(['aborted']);
  expect(calls()).toEqual([expect.objectContaining({ attempts: 1, outcome: 'failed' })]);
});

it('a connection that breaks, or cannot be made, is a network error', async () => {
  discord.faults.rest({ reset: true });
  const broken = watchedRest(discord, { retries: 0 });
  await endOf(broken.rest.get(Routes.gateway()));
  const nobody = watchedRest(discord, { api: 'http://127.0.0.1:9/api', retries: 0 });
  await endOf(nobody.rest.get(Routes.gateway()));
  const statuses = [...broken.attempts(), ...nobody.attempts()].map(({ status, route }) => [route, status]);
  expect(statuses).toEqual([
    ['/gateway', 'network_error'],
    ['/gateway', 'network_error'],
  ]);
});

it.each([
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
  ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
  ['ETIMEDOUT', 'timeout'],
  ['UND_ERR_SOCKET', 'network_error'],
  ['ENOTFOUND', 'network_error'],
])('what the connection itself reports as %s is a %s', async (code, status) => {
  const makeRequest = () => Promise.reject(Object.assign(new Error('broken'), { code }));
  const { rest, attempts } = watchedRest(discord, { makeRequest });
  await endOf(rest.get(Routes.gateway()));
  expect(attempts()).toEqual([expect.objectContaining({ status })]);
});

it('a call that never gets to the wire was all wait', async () => {
  const { rest, attempts, calls } = watchedRest(discord);
  const abort = new AbortController();
  abort.abort();
  await endOf(rest.get(Routes.gateway(), { signal: abort.signal }));
  expect(attempts()).toEqual([]);
  const [call] = calls();
  expect(call).toMatchObject({ attempts: 0, outcome: 'failed', waitSeconds: call!.durationSeconds });
});

it('reading a long answer is no wait', async () => {
  const body = new ReadableStream({
    async start(controller) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      controller.enqueue(Buffer.from('{}'));
      controller.close();
    },
  });
  const makeRequest = () =>
    Promise.resolve(new Response(body, { headers: { 'content-type': 'application/json' } }));
  const { rest, attempts, calls } = watchedRest(discord, { makeRequest });
  await rest.get(Routes.gateway());
  expect(attempts()[0]!.durationSeconds).toBeLessThan(0.05);
  expect(calls()[0]!.durationSeconds).toBeGreaterThan(0.09);
  expect(calls()[0]!.waitSeconds).toBeLessThan(0.05);
});

it('each of many calls at once keeps its own route through the queues and retries of discord.js', async () => {
  discord.faults.rest({ status: 500, times: 3 });
  discord.faults.rest({ status: 429, times: 3, headers: { 'retry-after': '0.02' } });
  const { rest, attempts, calls } = watchedRest(discord);
  const id = discord.guilds[0]!.id;
  const paths = [messages, messages, Routes.guild(id), Routes.guild(id), Routes.gateway(), Routes.user()];
  await Promise.all(paths.map((path) => rest.get(path)));
  const sent = discord.rest.log.slice(-attempts().length).map(({ status }) => status);
  expect(attempts()).toHaveLength(12);
  expect(sent.sort()).toEqual(
    attempts()
      .map(({ status }) => status)
      .sort(),
  );
  const count = (list: readonly { readonly route: string }[], route: string): number =>
    list.filter((one) => one.route === route).length;
  for (const [route, times] of [
    [ROUTE, 2],
    ['/guilds/:id', 2],
    ['/gateway', 1],
    ['/users/@me', 1],
  ] as const) {
    expect([route, count(calls(), route)]).toEqual([route, times]);
    const ofCalls = calls().filter((call) => call.route === route);
    const expected = ofCalls.reduce((sum, call) => sum + call.attempts, 0);
    expect([route, count(attempts(), route)]).toEqual([route, expected]);
  }
});

it('an attempt without a call, as of code that asks the queue itself, has its route from its address', async () => {
  const { rest, attempts, calls } = watchedRest(discord);
  await rest.queueRequest({ fullRoute: messages, method: 'GET' as never });
  expect(attempts()).toEqual([expect.objectContaining({ method: 'GET', route: ROUTE, status: 200 })]);
  expect(calls()).toEqual([]);
});

it.each([
  [10, 10],
  [-10, -10],
])('a clock that is %d s off is known within a few answers, and said in the log', async (seconds) => {
  const other = await harbour.start({ now: () => Date.now() - seconds * 1000 });
  const { rest, watch, lines } = watchedRest(other);
  expect(watch.clockOffsetSeconds()).toBeNull();
  for (let times = 0; times < 4; times += 1) {
    await rest.get(Routes.gateway());
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  expect(Math.abs((watch.clockOffsetSeconds() ?? NaN) - seconds)).toBeLessThan(0.6);
  expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
});

it('a webhook’s token, an interaction’s, an invite and an emoji appear nowhere in what is recorded', async () => {
  const { rest, events } = watchedRest(discord);
  const secret = 'c2VjcmV0LXRva2Vu';
  const id = '81384788765712384';
  await Promise.all(
    [
      Routes.webhook(id, secret),
      Routes.interactionCallback(id, secret),
      Routes.webhookMessage(id, secret),
      Routes.invite(secret),
      Routes.template(secret),
      Routes.channelMessageOwnReaction(id, id, secret),
      `/nothing/known/${secret}` as const,
    ].map((path) => endOf(rest.get(path))),
  );
  expect(events).toHaveLength(14);
  expect(JSON.stringify(events)).not.toMatch(new RegExp(`${secret}|${id}`));
});

it('what a request threw is known again, but not what its maker ended or what anybody else threw', async () => {
  const { rest, watch } = watchedRest(discord, { retries: 0 });
  discord.faults.rest({ reset: true, times: 1 });
  const broken = await endOf(rest.get(Routes.gateway()));
  expect(broken).toMatchObject({ code: expect.any(String) });
  expect(watch.hasThrown(broken as Error)).toBe(true);
  expect(watch.hasThrown(new Error('other'))).toBe(false);

  discord.faults.rest({ hang: true, times: 1 });
  const own = new AbortController();
  const ended = endOf(rest.get(Routes.gateway(), { signal: own.signal }));
  own.abort();
  expect(watch.hasThrown((await ended) as Error)).toBe(false);
});

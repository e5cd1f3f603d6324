import { Routes, type REST } from 'discord.js';
import type { Simulator } from '../../../simulator';
import { watchRest } from '../../../src/discord/rest/watch-rest';
import { createHarbour } from '../../simulator/support';
import { keepingLogger } from '../../pipeline/support';
import { createRest, endOf, watchedRest, watching } from './support';

/** A bot cannot tell from its REST client that it is watched. */

const harbour = createHarbour();
let discord: Simulator;

beforeAll(async () => {
  discord = await harbour.start();
});
afterEach(() => discord.faults.clear());
afterAll(() => harbour.close());

type MakeRequest = REST['options']['makeRequest'];
const answering = (status = 200): Response =>
  new Response('{}', { status, headers: { 'content-type': 'application/json' } });

function plain(end: unknown): unknown {
  if (!(end instanceof Error)) return end;
  return [end.name, end.message, Object.entries(end)];
}

it('what a call gives and throws is the same with the watch and without', async () => {
  const channel = discord.guilds[0]!.channels[0]!.id;
  async function script(rest: REST): Promise<unknown[]> {
    discord.faults.clear();
    discord.faults.rest({ method: 'GET', path: /^\/users/, status: 403, code: 50013, message: 'No.' });
    discord.faults.rest({ path: /^\/voice/, status: 503 });
    discord.faults.rest({
      path: /^\/invites/,
      status: 404,
      body: '<html>',
      headers: { 'content-type': 'text/html' },
    });
    discord.faults.rest({ path: /^\/stickers/, status: 429, headers: { 'retry-after': '0.01' }, times: 1 });
    const ends = [
      await endOf(rest.get(Routes.gateway())),
      await endOf(rest.get(Routes.user('81384788765712384'))),
      await endOf(rest.get(Routes.voiceRegions())),
      await endOf(rest.get(Routes.invite('abc'))),
      await endOf(rest.get(Routes.sticker('81384788765712384'))),
      await endOf(rest.post(Routes.channelMessages(channel), { body: { content: '' } })),
      await endOf(rest.post(Routes.channelTyping(channel))),
      await endOf(rest.get('/gateway', { query: new URLSearchParams({ a: 'b' }) })),
      await endOf(rest.get(undefined as never)),
      await endOf(rest.request(undefined as never)),
    ];
    return ends.map(plain);
  }
  const without = await script(createRest(discord));
  expect(await script(watchedRest(discord).rest)).toEqual(without);
});

it('an error still names the line of the command that called', async () => {
  discord.faults.rest({ status: 404, code: 10008 });
  const { rest } = watchedRest(discord);
  async function deletesAMessage(): Promise<void> {
    await rest.delete(Routes.channelMessage('1', '2'));
  }
  const error = await endOf(deletesAMessage());
  expect(error).toMatchObject({ code: 10008, stack: expect.stringContaining('deletesAMessage') as unknown });
});

it('the strategy gets what it got and its answer is handed on as it is, unread', async () => {
  const seen: unknown[][] = [];
  const response = answering();
  const makeRequest: MakeRequest = function (this: unknown, ...args) {
    seen.push([this, ...args]);
    return Promise.resolve(response);
  };
  const rest = createRest(discord, { makeRequest });
  watching(rest);
  const given = await rest.queueRequest({ fullRoute: '/gateway', method: 'GET' as never });
  expect(given).toBe(response);
  expect(response.bodyUsed).toBe(false);
  expect(seen).toHaveLength(1);
  const [self, url, init] = seen[0]!;
  expect(self).toBe(rest.options);
  expect(url).toBe(`${discord.apiUrl}/v10/gateway`);
  expect(init).toMatchObject({ method: 'GET', body: null, signal: expect.any(Object) as unknown });
});

it.each<[string, MakeRequest]>([
  ['rejects', () => Promise.reject(new Error('broken'))],
  [
    'throws at once',
    () => {
      throw new Error('broken');
    },
  ],
])('a strategy that %s throws the same', async (_, makeRequest) => {
  const { rest, attempts } = watchedRest(discord, { makeRequest });
  expect(await endOf(rest.get('/gateway'))).toEqual(new Error('broken'));
  expect(attempts()).toEqual([expect.objectContaining({ status: 'network_error' })]);
});

it('the events of the client are emitted as before', async () => {
  const { rest } = watchedRest(discord);
  const responses: unknown[] = [];
  rest.on('response', ({ path, retries }, { status }) => responses.push({ path, retries, status }));
  discord.faults.rest({ status: 500, times: 1 });
  await rest.get('/gateway');
  expect(responses).toEqual([
    { path: '/gateway', retries: 0, status: 500 },
    { path: '/gateway', retries: 1, status: 200 },
  ]);
});

it('a fault in the telemetry does not reach the call', async () => {
  const rest = createRest(discord);
  const { logger } = keepingLogger();
  const broken = (): never => {
    throw new Error('telemetry');
  };
  watchRest(rest, { running: () => null, record: broken, now: Date.now, monotonic: () => 0, logger });
  await expect(rest.get('/gateway')).resolves.toMatchObject({ url: expect.any(String) as unknown });
  await expect(rest.get('/users/1')).rejects.toMatchObject({ code: 10013 });
});

it('close gives the client its own functions back, and nothing is recorded any more', async () => {
  const rest = createRest(discord);
  const strategy = Object.getOwnPropertyDescriptor(rest.options, 'makeRequest');
  const { watch, events } = watching(rest);
  const keys = Object.keys(rest);
  await rest.get('/gateway');
  const seen = events.length;
  watch.close();
  watch.close();
  expect(Object.hasOwn(rest, 'request')).toBe(false);
  expect(Object.keys(rest)).toEqual(keys);
  expect(Object.getOwnPropertyDescriptor(rest.options, 'makeRequest')).toEqual(strategy);
  expect(rest.listenerCount('rateLimited')).toBe(0);
  await rest.get('/gateway');
  expect(events).toHaveLength(seen);
});

it('close while a call is on its way lets it end, and whoever waits for its answer hear of it', async () => {
  const { rest, watch, events } = watchedRest(discord, { makeRequest: () => Promise.resolve(answering()) });
  const answer = watch.answers.open('1');
  const call = rest.post(Routes.interactionCallback('1', 'token'), { body: { type: 4 }, auth: false });
  watch.close();
  await call;
  expect(answer.accepted?.kind).toBe('reply');
  expect(events).toEqual([]);
});

it('close leaves in place what somebody else has put round it since', async () => {
  const { rest, watch, events } = watchedRest(discord);
  const ours = rest.request.bind(rest);
  const theirs = jest.fn(ours);
  rest.request = theirs;
  watch.close();
  await expect(rest.get('/gateway')).resolves.toMatchObject({ url: expect.any(String) as unknown });
  expect(theirs).toHaveBeenCalledTimes(1);
  expect(events).toEqual([]);
});

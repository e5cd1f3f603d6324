import { REST, type Client } from 'discord.js';
import { awaitDiscord, fetchOwnerIds, login, LoginError } from '../../src/discord/login';
import type { Simulator } from '../../simulator';
import { keepingLogger } from '../pipeline/support';
import { createHarbour } from '../simulator/support';

const harbour = createHarbour();
let discord: Simulator;
let rest: REST;

beforeEach(async () => {
  discord = await harbour.start({
    owner: { team: 'Crew', members: ['ann', 'bob'] },
    disallowedIntents: 1 << 1,
  });
  rest = new REST({ api: discord.apiUrl, retries: 0 });
});
afterEach(async () => {
  rest.clearHashSweeper();
  rest.clearHandlerSweeper();
  await harbour.close();
});

function waitForDiscord(token = discord.token, signal = new AbortController().signal) {
  const pauses: number[] = [];
  const { logger, lines } = keepingLogger();
  const sleep = (ms: number): Promise<void> => {
    pauses.push(ms);
    return Promise.resolve();
  };
  return { pauses, lines, done: awaitDiscord({ rest, token, logger, signal, sleep }) };
}

it('while Discord is away it tries again, ever more slowly but once a minute at least', async () => {
  const outage = discord.faults.rest({ status: 503, times: 8 });
  const { done, pauses, lines } = waitForDiscord();
  await done;
  expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
  expect(outage.hits).toBe(8);
  expect(lines.map(({ level }) => level)).toEqual(Array(8).fill('warn'));
});

it('a token that Discord refuses is refused at once, says what to do, and is not in the message', async () => {
  const { done, pauses } = waitForDiscord('wrong.token.entirely');
  const error: unknown = await done.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(LoginError);
  expect(String(error)).toMatch(/refused the token.*DISCORD_TOKEN/);
  expect(String(error)).not.toContain('wrong.token');
  expect(pauses).toEqual([]);
});

it('a stop ends the wait', async () => {
  discord.faults.rest({ status: 503 });
  const stop = new AbortController();
  stop.abort(new Error('stopped'));
  await expect(waitForDiscord(discord.token, stop.signal).done).rejects.toThrow('stopped');
});

it('intents that the application may not have are named, with the page to allow them on', async () => {
  const client = harbour.createClient(discord, { intents: 1 << 1 });
  await expect(login(client, discord.token)).rejects.toThrow(/intents.*"Bot" page/);
});

it('a token that is refused at the gateway alone is called so too', async () => {
  const client = harbour.createClient(discord);
  await expect(login(client, 'wrong')).rejects.toThrow(/refused the token/);
});

it('what is not about the token is not called so', async () => {
  const message = `Unexpected token '<', "<html>" is not valid JSON`;
  const client = { login: () => Promise.reject(new SyntaxError(message)) } as unknown as Client;
  await expect(login(client, 'any')).rejects.not.toThrow(/refused the token/);
});

it('the owners are the members of the team, or none where Discord does not say', async () => {
  const client = harbour.createClient(discord);
  const ready = new Promise<Client<true>>((resolve) => client.once('clientReady', resolve));
  await client.login(discord.token);
  const { logger, lines } = keepingLogger();
  const members = ['ann', 'bob'].map((name) => discord.user(name).id);
  expect(await fetchOwnerIds(await ready, logger)).toEqual(members);
  discord.faults.rest({ path: /applications\/@me/, status: 403 });
  expect(await fetchOwnerIds(await ready, logger)).toEqual([]);
  expect(lines).toMatchObject([{ level: 'warn', message: expect.stringContaining('BOT_OWNER_IDS') }]);
});

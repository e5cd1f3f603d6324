import type { Simulator, SimulatorOptions } from '../simulator';
import { createStage, fixtures, type LogLine, type RunningBot } from './support/bot';

/** Trouble between the bot and Discord's REST API: the user gets an answer, and the operator sees the trouble. */

const stage = createStage();
afterAll(() => stage.clear());

async function start(options: SimulatorOptions = {}): Promise<[Simulator, RunningBot]> {
  const discord = await stage.discord(options);
  const bot = await stage.bot(discord, { COMMANDS_DIRECTORY: fixtures('endings') });
  await discord.registered(['ok']);
  return [discord, bot];
}

/** What the user sees in answer to a command. */
async function use(discord: Simulator, line = '/ok'): Promise<string> {
  return (await discord.user('kim').type(line).message()).content;
}

/** The first line with these fields, as soon as it is written. */
async function logged(bot: RunningBot, fields: LogLine): Promise<LogLine> {
  const wanted = Object.entries(fields);
  for (;;) {
    const lines = await bot.logLines();
    const found = lines.find((line) => wanted.every(([field, value]) => line[field] === value));
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a bot at work', () => {
  let discord: Simulator;
  let bot: RunningBot;
  const route = '/interactions/:id/:token/callback';

  beforeAll(async () => {
    [discord, bot] = await start();
  });
  afterEach(async () => {
    discord.faults.clear();
    expect(await use(discord)).toBe('fine');
  });

  it.each([
    ['user', {}],
    ['global', { 'x-ratelimit-global': 'true' }],
    ['shared', {}],
  ])('a 429 (%s) delays the answer, is counted and is said in the log', async (scope, more) => {
    const headers = { 'retry-after': '0.1', 'x-ratelimit-scope': scope, ...more };
    discord.faults.rest({ path: /callback$/, status: 429, headers, times: 1 });
    const before = await bot.metrics();
    expect(await use(discord)).toBe('fine');
    const after = await bot.metrics();
    const grown = (name: string, labels: Record<string, string>): number =>
      after.sum(name, labels) - before.sum(name, labels);
    expect(grown('discord_rest_rate_limits_total', { kind: 'http_429', scope })).toBe(1);
    expect(grown('discord_rest_requests_total', { route, status: '429' })).toBe(1);
    expect(grown('discord_rest_calls_total', { route, outcome: 'ok' })).toBe(1);
    expect(grown('discord_rest_queue_wait_seconds_sum', {})).toBeGreaterThan(0.09);
    expect(grown('discord_rest_invalid_requests', {})).toBe(scope === 'shared' ? 0 : 1);
    const line = await logged(bot, { event: 'rest_rate_limited', scope });
    expect(line).toMatchObject({ level: 'warn', route: `POST ${route}`, command: 'ok' });
  });

  it('a 500 that discord.js repeats shows as attempts of one call', async () => {
    discord.faults.rest({ path: /callback$/, status: 500, times: 2 });
    const before = await bot.metrics();
    expect(await use(discord)).toBe('fine');
    const after = await bot.metrics();
    const grown = (name: string, labels: Record<string, string>): number =>
      after.sum(name, { route, ...labels }) - before.sum(name, { route, ...labels });
    expect(grown('discord_rest_requests_total', { status: '500' })).toBe(2);
    expect(grown('discord_rest_requests_total', {})).toBe(3);
    expect(grown('discord_rest_calls_total', {})).toBe(1);
  });

  it('the error codes of Discord are counted', async () => {
    discord.faults.rest({ path: /callback$/, status: 403, code: 50013, times: 1 });
    await use(discord);
    const metrics = await bot.metrics();
    expect(metrics.value('discord_rest_errors_total', { code: '50013' })).toBe(1);
    expect(metrics.value('discord_rest_errors_total', { code: '10062' })).toBe(0);
  });
});

it('a clock that is 10 s off is shown and said, and commands are answered', async () => {
  const [discord, bot] = await start({ now: () => Date.now() + 10_000 });
  for (let times = 0; times < 3; times += 1) expect(await use(discord)).toBe('fine');
  const line = await logged(bot, { event: 'clock_offset' });
  expect(line).toMatchObject({ level: 'warn', logger: 'rest' });
  const offset = (await bot.metrics()).value('discord_clock_offset_seconds') ?? NaN;
  expect(Math.abs(offset + 10)).toBeLessThan(0.6);
});

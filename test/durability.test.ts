import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Simulator } from '../simulator';
import { createStage, fixtures, ownCommands, type RunningBot } from './support/bot';
import { startPostgres, type PostgresServer } from './support/postgres';

/** A user who was answered is counted, whatever happens to the bot or its database afterwards. */

const stage = createStage();
afterEach(() => stage.clear());

const COMMANDS_DIRECTORY = [fixtures('endings'), ownCommands].join(path.delimiter);
const LINES = ['/ok', '/refuse', '/sync-throw', '/slow ms:5'] as const;
const LANES = 20;
const ANSWERED_A_LIFE = 200;
/** What is promised: so long after its answer nothing can take an invocation back. */
const PROMISE_MS = 100;

interface Answered {
  count: number;
}

/** Users type until they are told to stop. Gives how many were answered. */
async function load(discord: Simulator, answered: Answered, until: () => boolean): Promise<void> {
  const lane = async (_: unknown, index: number): Promise<void> => {
    for (let n = index; !until(); n += 1) {
      await discord
        .user(`user ${n % 30}`)
        .type(LINES[n % LINES.length] ?? '/ok')
        .message();
      answered.count += 1;
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

async function counted(bot: RunningBot): Promise<{ api: number; rows: number }> {
  const stats = await bot.get('/api/stats?period=all');
  const hour = await bot.get('/api/stats?period=1h');
  const of = ({ body }: { body: unknown }): number =>
    (body as { totals: { invocations: number } }).totals.invocations;
  return { api: of(stats), rows: of(hour) };
}

const both = ({ count }: Answered): { api: number; rows: number } => ({ api: count, rows: count });

/** The same once what waited for a database is written; as it is after 10 s. */
async function countedAtLast(bot: RunningBot, answered: Answered): Promise<{ api: number; rows: number }> {
  const until = performance.now() + 10_000;
  let numbers = await counted(bot);
  while (Math.min(numbers.api, numbers.rows) < answered.count && performance.now() < until) {
    await sleep(100);
    numbers = await counted(bot);
  }
  return numbers;
}

async function killThreeTimes(url: string): Promise<void> {
  const discord = await stage.discord();
  const answered = { count: 0 };
  for (let life = 0; life < 3; life += 1) {
    const bot = await stage.bot(discord, { COMMANDS_DIRECTORY, DATABASE_URL: url });
    await discord.ready({ shards: 1 });
    await discord.registered(['ok', 'slow']);
    await bot.printed(/Logged in/);
    await load(discord, answered, () => answered.count >= ANSWERED_A_LIFE * (life + 1));
    await sleep(PROMISE_MS);
    await bot.get('/livez'); // On a machine that is too busy to run the bot in that time, no promise can be kept.
    bot.kill('SIGKILL');
    await bot.ended;
  }
  const bot = await stage.bot(discord, { COMMANDS_DIRECTORY, DATABASE_URL: url });
  await bot.url();
  expect(await counted(bot)).toEqual(both(answered));
}

it('three SIGKILLs under load lose no invocation that was answered 100 ms before, in an SQLite file', async () => {
  const directory = await stage.directory();
  await killThreeTimes(`file:${path.join(directory, 'telltale.db')}`);
}, 60_000);

describe('with PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.close());

  it('three SIGKILLs under load lose no invocation that was answered 100 ms before', async () => {
    const url = await server.database('killed');
    await killThreeTimes(url);
  }, 60_000);

  it('a server that is away in the middle delays no command and loses no count', async () => {
    const url = await server.database('outage');
    const discord = await stage.discord();
    const bot = await stage.bot(discord, { COMMANDS_DIRECTORY, DATABASE_URL: url });
    await discord.registered(['ok', 'slow']);
    const answered = { count: 0 };
    let over = false;
    const users = load(discord, answered, () => over);
    await discord.until(() => answered.count > 200);

    await server.stop();
    await bot.printed(/Statistics cannot be written/);
    const away = answered.count;
    await discord.until(() => answered.count > away + 500);
    const health = await bot.get('/healthz');
    expect((health.body as { checks: { store: { status: string } } }).checks.store.status).toBe('fail');

    await server.start();
    await bot.printed(/Statistics are written again/);
    over = true;
    await users;
    expect(await countedAtLast(bot, answered)).toEqual(both(answered));
    expect((await bot.metrics()).sum('telemetry_dropped_total', { sink: 'stats' })).toBe(0);
  }, 60_000);
});

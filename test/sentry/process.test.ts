import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createStage, fixtures } from '../support/bot';
import { until } from '../logging/support';
import { KEY, startReceiver, type Answer } from './receiver';

/** The compiled bot with a `SENTRY_DSN`, and without. */

const stage = createStage();
const closers: (() => Promise<void>)[] = [];
afterAll(async () => {
  await stage.clear();
  for (const close of closers) await close();
});

const INSIDE = `module.exports = {
  data: { name: 'inside', description: 'What the process holds' },
  execute: (interaction) => interaction.reply(JSON.stringify({
    loaded: Object.keys(require.cache).filter((file) => file.includes('@sentry')).length,
  })),
};`;

interface Inside {
  readonly loaded: number;
}

async function start(environment: Readonly<Record<string, string>> = {}) {
  const directory = await stage.directory();
  await writeFile(path.join(directory, 'inside.js'), INSIDE);
  const discord = await stage.discord();
  const commands = [directory, fixtures('endings'), fixtures('leaks')].join(path.delimiter);
  const bot = await stage.bot(discord, { COMMANDS_DIRECTORY: commands, ...environment });
  await discord.registered(['inside', 'sync-throw', 'crash']);
  const inside = async (): Promise<Inside> =>
    JSON.parse((await discord.user('kim').type('/inside').message()).content) as Inside;
  return { discord, bot, inside };
}

async function receive(answer?: () => Answer | null) {
  const receiver = await startReceiver(answer);
  closers.push(() => receiver.close());
  return receiver;
}

it('with a DSN, the reference that a user was shown is the id in Sentry and in the log, and a crash gets there too', async () => {
  const sentry = await receive();
  const { discord, bot, inside } = await start({ SENTRY_DSN: sentry.dsn, SENTRY_ENVIRONMENT: 'staging' });
  expect((await inside()).loaded).toBeGreaterThan(0);
  const told = (await discord.user('kim').type('/sync-throw').message()).content;
  const reference = /`([0-9a-f]{8})`/.exec(told)?.[1] ?? 'none';
  await until(() => sentry.events.length > 0);
  discord.user('kim').type('/crash text:"my last words"');
  expect(await bot.ended).toMatchObject({ code: 1 });

  const line = (await bot.logLines()).find(({ outcome }) => outcome === 'failed');
  expect(String(line?.trace_id).startsWith(reference)).toBe(true);
  const [failure, crash] = sentry.events;
  expect(failure).toMatchObject({
    level: 'error',
    environment: 'staging',
    release: expect.stringMatching(/^telltale@\d+\.\d+\.\d+\+[0-9a-f]{7}$/),
    tags: { command: 'sync-throw', reason: 'exception', trace_id: line?.trace_id },
    contexts: { trace: { trace_id: line?.trace_id } },
  });
  expect(crash).toMatchObject({
    level: 'fatal',
    tags: { command: 'crash', reason: 'unhandled_exception' },
  });
  for (const secret of [String(line?.user_id), 'my last words']) expect(sentry.text()).not.toContain(secret);
  expect(bot.output()).not.toContain(KEY);
});

it('without a DSN nothing of it is loaded', async () => {
  const { inside } = await start();
  expect((await inside()).loaded).toBe(0);
});

it.each([1, 100])(
  'stopped in the midst of a burst, when %i failures are there, the bot still sends every one that it has logged',
  async (arrived) => {
    const sentry = await receive();
    const { discord, bot } = await start({ SENTRY_DSN: sentry.dsn });
    for (let count = 0; count < 250; count += 1) discord.user(`kim-${count % 50}`).type('/sync-throw');
    await until(() => sentry.events.length >= arrived);
    bot.kill('SIGTERM');
    expect(await bot.ended).toMatchObject({ code: 0 });
    const failed = (await bot.logLines()).filter(({ outcome }) => outcome === 'failed');
    expect(failed.length).toBeGreaterThanOrEqual(arrived);
    expect(sentry.events.map(({ tags }) => tags.trace_id).sort()).toEqual(
      failed.map(({ trace_id: traceId }) => traceId).sort(),
    );
    expect(bot.output()).not.toContain('do not get to Sentry');
  },
);

it('what ends the bot in the midst of a burst gets there', async () => {
  const sentry = await receive();
  const { discord, bot } = await start({ SENTRY_DSN: sentry.dsn });
  for (let count = 0; count < 150; count += 1) discord.user(`kim-${count % 50}`).type('/sync-throw');
  discord.user('kim').type('/crash text:bye');
  expect(await bot.ended).toMatchObject({ code: 1 });
  expect(sentry.events.filter(({ level }) => level === 'fatal')).toMatchObject([
    { tags: { command: 'crash', reason: 'unhandled_exception' } },
  ]);
});

it('a Sentry that hangs holds up neither commands nor the exit, and what it missed is counted', async () => {
  const sentry = await receive(() => null);
  const { discord, bot } = await start({ SENTRY_DSN: sentry.dsn });
  const kim = discord.user('kim');
  const runs = Array.from({ length: 70 }, () => kim.type('/sync-throw').message());
  for (const told of await Promise.all(runs)) expect(told.content).toContain('Reference');
  await until(() => sentry.requests() === 64);
  const { samples } = await bot.metrics();
  const dropped = samples.filter(
    ({ name, labels }) => name === 'telemetry_dropped_total' && labels.sink === 'sentry',
  );
  expect(dropped.map(({ labels, value }) => [labels.reason, value])).toEqual([
    ['queue_full', 0],
    ['send_failed', 0],
    ['rate_limited', 0],
    ['closed', 0],
  ]);
  const before = performance.now();
  bot.kill('SIGTERM');
  expect(await bot.ended).toMatchObject({ code: 0 });
  expect(performance.now() - before).toBeLessThan(4000);
  expect(bot.output()).toContain('errors lost so far: 70.');
});

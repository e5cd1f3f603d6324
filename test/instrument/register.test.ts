import { createServer } from 'node:http';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SimulatedMessage, Simulator } from '../../simulator';
import { createForeignStage, fixtureBot, REGISTERED, seenOf, type ForeignBot } from './support';

/** Bots that know nothing of Telltale, started with it. */

const stage = createForeignStage();
afterEach(() => stage.clear());

const GUIDE = fixtureBot('guide', 'index.js');
const INVOCATIONS = 'discord_command_invocations_total';

/** What a user does to the bot of the guide, and sees. */
async function useGuide(discord: Simulator, bot: ForeignBot): Promise<unknown[]> {
  await discord.registered(['ping', 'fail', 'silent', 'ticket']);
  await bot.printed('Ready!');
  const kim = discord.user('kim');
  const seen: unknown[] = [];
  seen.push(await seenOf(kim.type('/ping')), await seenOf(kim.type('/fail')));
  const ticket = kim.type('/ticket open about:billing');
  const message = await ticket.message();
  seen.push(await seenOf(ticket));
  const [broken, silent] = [kim.press(message, 'broken'), kim.type('/silent')];
  seen.push(await seenOf(kim.complete('/ticket open about:b')));
  seen.push(await seenOf(kim.press(message, 'ticket_close-42')));
  const ask = kim.type('/ticket ask');
  const question = await ask.message();
  await bot.printed('asking');
  seen.push(await seenOf(kim.press(question, '1234')), await seenOf(ask));
  seen.push(await seenOf(broken), await seenOf(silent));
  return seen;
}

async function runGuide(node: readonly string[], look: (bot: ForeignBot) => Promise<void>) {
  const discord = await stage.discord();
  const bot = await stage.start({ bot: GUIDE, node, discord });
  const seen = await useGuide(discord, bot);
  await look(bot);
  bot.tell('leave');
  const ended = await bot.ended;
  return { seen, ended, stdout: bot.stdout(), rest: Object.keys(discord.rest.counts) };
}

it('a bot of the guide does, prints and ends as it did before, and all that it did is counted', async () => {
  const [alone, measured] = await Promise.all([
    runGuide([], () => Promise.resolve()),
    runGuide(REGISTERED, async (bot) => {
      const metrics = await bot.metricsWhen((one) => one.sum(INVOCATIONS) >= 8);
      const count = (command: string, kind: string, outcome: string): number | undefined =>
        metrics.value(INVOCATIONS, { command, kind, outcome });
      expect(count('ping', 'chat_input', 'ok')).toBe(1);
      expect(count('ticket open', 'chat_input', 'ok')).toBe(1);
      expect(count('ticket open', 'autocomplete', 'ok')).toBe(1);
      expect(count('ticket open', 'button', 'ok')).toBe(1);
      expect(count('ticket ask', 'chat_input', 'ok')).toBe(1);
      expect(count('ticket ask', 'button', 'ok')).toBe(1);
      expect(metrics.value('discord_command_errors_total', { command: 'fail', reason: 'exception' })).toBe(1);
      expect(metrics.value('discord_command_errors_total', { command: 'silent', reason: 'unanswered' })).toBe(
        1,
      );
      expect(count('ticket open', 'button', 'failed')).toBe(1);
      expect(metrics.value('discord_interaction_deadline_total', { kind: 'chat_input', result: 'met' })).toBe(
        4,
      );
      expect(metrics.sum('discord_rest_requests_total', { route: '/interactions/:id/:token/callback' })).toBe(
        7,
      );
      expect(metrics.value('discord_shard_up', { shard: '0' })).toBe(1);
      expect(metrics.value('bot_ready')).toBe(1);
      expect(metrics.value('discord_guilds')).toBe(1);
      expect(metrics.sum('discord_commands_in_flight')).toBe(0);
    }),
  ]);
  expect(measured).toEqual(alone);
  expect(alone.ended).toEqual({ code: 7, signal: null });
});

/** Its statistics of the last day. */
async function statsOf(bot: ForeignBot): Promise<unknown> {
  return (await fetch(bot.url().replace(/metrics$/, 'api/stats?period=24h'))).json();
}

/** What Node.js says of the error that ends a process; without our lines in its stack. */
const lastWords = (bot: ForeignBot): string =>
  bot
    .stderr()
    .replace(/^[^]*?^(?=Error: )/m, '')
    .replace(/^ +at .*[\\/]discord[\\/]instrument[\\/].*\n/gm, '');

describe('what nobody catches', () => {
  const lasting = createForeignStage();
  let directory: string;
  beforeAll(async () => {
    directory = await lasting.directory();
  });
  afterAll(() => lasting.clear());
  const floating = fixtureBot('floating', 'index.js');

  it('ends the bot as it did before', async () => {
    const run = async (node: readonly string[], cwd: string) => {
      const discord = await stage.discord();
      const bot = await stage.start({ bot: floating, node, discord, directory: cwd });
      await bot.printed('ready');
      await discord.user('kim').type('/fail').message();
      return { ended: await bot.ended, stdout: bot.stdout(), said: lastWords(bot) };
    };
    const [alone, measured] = await Promise.all([
      run([], await lasting.directory()),
      run(REGISTERED, directory),
    ]);
    expect(measured).toEqual(alone);
    expect(alone).toMatchObject({ ended: { code: 1, signal: null } });
    expect(alone.said).toMatch(/^Error: no database\n +at .*floating.index\.js/);
  });

  it('is in the statistics when the bot has started again, and then reaches the handler that it has for it, and is counted', async () => {
    type Look = (bot: ForeignBot) => Promise<void>;
    const run = async (node: readonly string[], cwd: string, before: Look, look: Look) => {
      const discord = await stage.discord();
      const environment = { HANDLES_REJECTIONS: '1' };
      const bot = await stage.start({ bot: floating, node, discord, environment, directory: cwd });
      await bot.printed('ready');
      await before(bot);
      await discord.user('kim').type('/fail').message();
      await bot.printed('unhandled');
      await look(bot);
      bot.tell('exit');
      return { ended: await bot.ended, stdout: bot.stdout() };
    };
    const nothing: Look = () => Promise.resolve();
    const asked: Look = async (bot) => {
      expect(await statsOf(bot)).toMatchObject({ commands: [{ command: 'fail', failed: 1 }] });
    };
    const counted: Look = async (bot) => {
      const metrics = await bot.metricsWhen((one) => one.sum(INVOCATIONS) === 1);
      const failed = { command: 'fail', reason: 'exception' };
      expect(metrics.value('discord_command_errors_total', failed)).toBe(1);
    };
    const [alone, measured] = await Promise.all([
      run([], await lasting.directory(), nothing, nothing),
      run(REGISTERED, directory, asked, counted),
    ]);
    expect(measured).toEqual(alone);
    expect(alone.stdout).toContain('unhandled no database');
  });
});

describe('a bot in modules whose handler nobody waits for', () => {
  const lasting = createForeignStage();
  let directory: string;
  beforeAll(async () => {
    directory = await lasting.directory();
  });
  afterAll(() => lasting.clear());

  it.each([
    ['--import', REGISTERED, 0],
    ['--require', ['--require', 'telltale/register'], 2],
  ])(
    'is measured with %s, and what was counted is there after a restart, however suddenly it ended',
    async (_name, node, invocations) => {
      const discord = await stage.discord();
      const bot = await stage.start({ bot: fixtureBot('esm', 'index.mjs'), node, discord, directory });
      await bot.printed('ready');
      expect(await statsOf(bot)).toMatchObject({ totals: { invocations } });
      const kim = discord.user('kim');
      await kim.type('/ping').message();
      await kim.type('/fail').message();
      const metrics = await bot.metricsWhen((one) => one.sum(INVOCATIONS) === 2);
      expect(metrics.value(INVOCATIONS, { command: 'ping', outcome: 'ok' })).toBe(1);
      expect(metrics.value('discord_command_errors_total', { command: 'fail', reason: 'exception' })).toBe(1);
      bot.tell('exit');
      await bot.ended;
    },
  );
});

it('a bot with a copy of discord.js of its own is measured through that', async () => {
  const directory = await stage.directory();
  const packages = path.resolve(__dirname, '..', '..', 'node_modules');
  const own = path.join(directory, 'node_modules');
  await cp(path.join(packages, 'discord.js'), path.join(own, 'discord.js'), { recursive: true });
  for (const name of await readdir(packages)) {
    if (!['discord.js', 'telltale'].includes(name))
      await symlink(path.join(packages, name), path.join(own, name));
  }
  await cp(fixtureBot('guide'), path.join(directory, 'bot'), { recursive: true });
  const discord = await stage.discord();
  const bot = await stage.start({
    bot: path.join(directory, 'bot', 'index.js'),
    node: REGISTERED,
    discord,
    directory,
  });
  await bot.printed('Ready!');
  await discord.user('kim').type('/fail').message();
  const metrics = await bot.metricsWhen((one) => one.sum(INVOCATIONS) === 1);
  expect(metrics.value('discord_command_errors_total', { command: 'fail', reason: 'exception' })).toBe(1);
  expect(metrics.sum('discord_gateway_events_total', { event: 'INTERACTION_CREATE' })).toBe(1);
});

it('what Sapphire catches and what its preconditions refuse is counted as that', async () => {
  const discord = await stage.discord();
  const bot = await stage.start({ bot: fixtureBot('sapphire', 'index.js'), node: REGISTERED, discord });
  await discord.registered(['ping', 'fail', 'denied']);
  const kim = discord.user('kim');
  for (const line of ['/ping', '/fail', '/denied']) await kim.type(line).message();
  const metrics = await bot.metricsWhen((one) => one.sum(INVOCATIONS) === 3);
  expect(metrics.value(INVOCATIONS, { command: 'ping', outcome: 'ok' })).toBe(1);
  expect(metrics.value('discord_command_errors_total', { command: 'fail', reason: 'exception' })).toBe(1);
  expect(metrics.value('discord_command_refusals_total', { command: 'denied', reason: 'user_error' })).toBe(
    1,
  );
});

/** A press of a button that is not there, as raw as the gateway sends it. */
function press({ id, channelId }: SimulatedMessage, customId: string, user: string): object {
  const author = { id: user, username: customId, discriminator: '0', avatar: null };
  const message = {
    id,
    channel_id: channelId,
    type: 0,
    author,
    content: '',
    timestamp: new Date().toISOString(),
  };
  return {
    id: String(((BigInt(Date.now()) - 1_420_070_400_000n) << 22n) + BigInt(user)),
    application_id: '1',
    type: 3,
    token: 'x',
    version: 1,
    channel_id: channelId,
    channel: { id: channelId, type: 0 },
    user: author,
    message: { ...message, attachments: [], embeds: [], mentions: [], mention_roles: [], components: [] },
    data: { component_type: 2, custom_id: customId },
    locale: 'en-US',
    entitlements: [],
    authorizing_integration_owners: {},
    context: 0,
  };
}

describe('a bot whose handlers nobody waits for', () => {
  const lasting = createForeignStage();
  let discord: Simulator;
  let bot: ForeignBot;
  beforeAll(async () => {
    discord = await lasting.discord();
    bot = await lasting.start({ bot: fixtureBot('floating', 'index.js'), node: REGISTERED, discord });
    await bot.printed('ready');
  });
  afterAll(() => lasting.clear());

  it('what a bot emits by hand reaches its listeners, and is not counted', async () => {
    bot.tell('emit');
    await bot.printed('heard from somebody');
    await discord.user('kim').type('/ping').message();
    const metrics = await bot.metricsWhen((one) => one.sum(INVOCATIONS, { command: 'ping' }) === 1);
    expect(metrics.sum('discord_interactions_received_total')).toBe(1);
    expect(metrics.text).not.toContain('NaN');
  });

  it('what a user typed into a custom id is no label, also where the bot answers it', async () => {
    const kim = discord.user('kim');
    const poll = await kim.type('/ping').message();
    await kim.press(poll, 'Alice-vote').message();
    // Of a message whose run nobody remembers, such as one from before a restart. Discord does not know it either.
    discord.emit('INTERACTION_CREATE', press({ ...poll, id: '42' }, 'Mallory-vote', '7'));
    const metrics = await bot.metricsWhen((one) => one.sum(INVOCATIONS) === 4);
    expect(metrics.value(INVOCATIONS, { command: 'ping', kind: 'button', outcome: 'ok' })).toBe(1);
    expect(metrics.sum(INVOCATIONS, { command: '_other', kind: 'button', outcome: 'failed' })).toBe(1);
    expect(metrics.text).not.toMatch(/Alice|Mallory/);
  });
});

describe('the bot of the guide, with settings of its own', () => {
  const lasting = createForeignStage();
  let discord: Simulator;
  let bot: ForeignBot;
  beforeAll(async () => {
    discord = await lasting.discord();
    const environment = {
      DATABASE_URL: 'mysql://bot',
      LOG_LEVEL: 'verbose',
      SHARDS: '[0]',
      LOG_DIRECTORY: 'own',
    };
    bot = await lasting.start({ bot: GUIDE, node: REGISTERED, discord, environment });
    await bot.printed('Ready!');
  });
  afterAll(() => lasting.clear());

  it('keeps settings of its own with names like ours, which are left alone', async () => {
    await bot.printed('metrics at');
    expect(await readdir(bot.directory)).toEqual(expect.arrayContaining(['logs']));
    expect(await readdir(bot.directory)).not.toContain('own');
  });

  it('3,000 names and custom ids that no bot knows add fewer than 50 series', async () => {
    const kim = discord.user('kim');
    const message = await kim.type('/ticket open').message();
    const before = (await bot.metrics()).samples.length;
    for (let n = 0; n < 1500; n += 1) {
      discord.user(`user-${n}`).invoke({ name: `secret-${n}` });
      const letter = String.fromCharCode(97 + (n % 26));
      discord.emit('INTERACTION_CREATE', press(message, `private${letter}:${n}`, String(n)));
    }
    const metrics = await bot.metricsWhen((one) => one.sum(INVOCATIONS, { command: '_other' }) === 3000);
    expect(metrics.samples.length - before).toBeLessThan(50);
    expect(metrics.text).not.toMatch(/secret|private|user-/);
  });

  it('a bot without a handler for SIGTERM dies of it as before', async () => {
    bot.kill('SIGTERM');
    expect(await bot.ended).toEqual({ code: null, signal: 'SIGTERM' });
  });
});

it('a port that is taken costs the bot its /metrics and nothing else', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const discord = await stage.discord();
  const environment = { METRICS_PORT: String(port) };
  const bot = await stage.start({ bot: GUIDE, node: REGISTERED, discord, environment });
  await bot.printed('The bot runs on without /metrics.');
  await bot.printed('Ready!');
  expect((await discord.user('kim').type('/ping').message()).content).toBe('Pong!');
  expect(bot.stderr()).toContain('EADDRINUSE');
  taken.close();
});

it('a setting that is wrong is said in one line, and the bot runs on', async () => {
  const discord = await stage.discord();
  const environment = { METRICS_PORT: 'a lot', TELLTALE_LOG_LEVEL: 'loud' };
  const bot = await stage.start({ bot: GUIDE, node: REGISTERED, discord, environment });
  await bot.printed('Ready!');
  expect(bot.stderr()).toMatch(
    /^Telltale does not measure this bot, .* TELLTALE_LOG_LEVEL .* METRICS_PORT .*\n$/,
  );
  expect((await discord.user('kim').type('/ping').message()).content).toBe('Pong!');
});

it('a program without discord.js is told so in one line, and runs', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'telltale-alone-'));
  const file = path.join(directory, 'program.js');
  await writeFile(file, "console.log('done'); process.disconnect(); process.exitCode = 3;");
  const program = await stage.start({ bot: file, node: REGISTERED, discord: null });
  expect(await program.ended).toEqual({ code: 3, signal: null });
  expect(program.stdout()).toBe('done\n');
  expect(program.stderr()).toMatch(/^Telltale: no discord\.js was found from .*\n$/);
  await rm(directory, { recursive: true });
});

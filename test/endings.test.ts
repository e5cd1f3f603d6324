import type { Exchange, Simulator } from '../simulator';
import { createStage, fixtures, type LogLine, type RunningBot } from './support/bot';

/** Each way in which a command can end: what the user saw, what was counted, what was logged. */

const stage = createStage();
let discord: Simulator;
let bot: RunningBot;

beforeAll(async () => {
  discord = await stage.discord({ owner: 'boss' });
  bot = await stage.bot(discord, { COMMANDS_DIRECTORY: fixtures('endings', 'esm') });
  await discord.registered(['ok', 'esm-named']);
});
afterAll(() => stage.clear());

async function settled(exchange: Exchange): Promise<LogLine> {
  for (;;) {
    const lines = await bot.logLines();
    const line = lines.find((one) => one.event === 'command_settled' && one.interaction_id === exchange.id);
    if (line !== undefined) return line;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

interface Expected {
  readonly outcome: 'ok' | 'refused' | 'failed';
  readonly reason?: string;
  readonly deadline?: 'met' | 'missed' | 'unanswered';
  readonly saw: RegExp | null;
  readonly ephemeral?: boolean;
  readonly ack?: 'reply' | 'defer' | null;
}

const OK: Expected = { outcome: 'ok', saw: /./, ephemeral: false };
const FAILED: Expected = {
  outcome: 'failed',
  reason: 'exception',
  saw: /^Something went wrong\. Reference: `[0-9a-f]{8}`/,
  ephemeral: true,
};

const cases: readonly (readonly [line: string, expected: Expected])[] = [
  ['/ok', { ...OK, saw: /^fine$/ }],
  ['/esm-default', { ...OK, saw: /^default$/ }],
  ['/esm-named', { ...OK, saw: /^named$/ }],
  ['/slow ms:20', { ...OK, saw: /^done at last$/, ack: 'defer' }],
  ['/ticket close id:t-1', { ...OK, saw: /^closed t-1$/ }],
  ['/ticket admin purge', { ...OK, saw: /^closed all$/ }],
  ['/server', { ...OK, saw: /^in a server$/ }],
  ['/sync-throw', FAILED],
  ['/async-throw', FAILED],
  ['/throw-undefined', FAILED],
  ['/trap', FAILED],
  ['/meddle', { ...OK, saw: /^changed 0$/ }],
  ['/defer-then-throw', { ...FAILED, ack: 'defer' }],
  [
    '/hang',
    { ...FAILED, reason: 'timeout', saw: /^This took too long and was stopped\. Reference: `[0-9a-f]{8}`/ },
  ],
  ['/unanswered', { outcome: 'failed', reason: 'unanswered', deadline: 'unanswered', saw: null, ack: null }],
  ['/late', { outcome: 'failed', reason: 'unknown_interaction', deadline: 'missed', saw: null, ack: null }],
  [
    '/refuse',
    {
      outcome: 'refused',
      reason: 'user_error',
      saw: /^There is no room left\. Close one first\.$/,
      ephemeral: true,
    },
  ],
  ['/owner', { outcome: 'refused', reason: 'owner_only', saw: /owner/, ephemeral: true }],
];

describe.each(cases)('%s', (line, expected) => {
  const { outcome, reason, deadline = 'met', saw, ack = 'reply' } = expected;
  const command = line.slice(1).replace(/ \w+:.*/, '');

  it(`is shown, counted and logged as ${outcome} ${reason ?? ''}`, async () => {
    const before = await bot.metrics();
    const exchange = discord.user(`kim ${command}`).type(line);
    const entry = await settled(exchange);
    const after = await bot.metrics();
    const grown = (name: string, labels: Readonly<Record<string, string>>): number => {
      expect(before.value(name, labels)).toBeDefined(); // Known series start at 0.
      return after.sum(name, labels) - before.sum(name, labels);
    };

    if (saw === null) {
      expect(await exchange.answer()).toEqual({ kind: 'did_not_respond' });
    } else {
      const message = await exchange.message();
      expect(message.content).toMatch(saw);
      expect(message.content).not.toContain('secret-detail');
      expect(message.ephemeral).toBe(expected.ephemeral);
    }
    if (outcome === 'failed' && saw !== null) {
      expect((await exchange.message()).content).toContain(`\`${String(entry.trace_id).slice(0, 8)}\``);
    }
    expect(entry).toMatchObject({
      level: outcome === 'failed' ? 'error' : 'info',
      command,
      kind: 'chat_input',
      outcome,
      deadline,
      user_id: exchange.user.id,
      guild_id: exchange.guildId,
      shard: 0,
      duration_ms: expect.any(Number),
      ack_ms: ack === null ? null : expect.any(Number),
      ...(reason === undefined ? {} : { reason }),
      ...(deadline === 'met' ? {} : { late_by: 'handler' }),
    });
    expect(entry.trace_id).toMatch(/^[0-9a-f]{32}$/);

    expect(grown('discord_command_invocations_total', { command, kind: 'chat_input', outcome })).toBe(1);
    expect(grown('discord_command_duration_seconds_count', { command, outcome })).toBe(1);
    expect(grown('discord_interactions_received_total', { kind: 'chat_input' })).toBe(1);
    expect(grown('discord_interaction_delivery_seconds_count', { kind: 'chat_input' })).toBe(1);
    expect(grown('discord_interaction_deadline_total', { kind: 'chat_input', result: deadline })).toBe(1);
    const late = grown('discord_interaction_late_total', { kind: 'chat_input', culprit: 'handler' });
    expect(late).toBe(deadline === 'met' ? 0 : 1);
    if (ack !== null) {
      expect(grown('discord_interaction_ack_seconds_count', { kind: 'chat_input', ack })).toBe(1);
    }
    if (outcome === 'failed' && reason !== undefined) {
      expect(grown('discord_command_errors_total', { command, kind: 'chat_input', reason })).toBe(1);
    }
    if (outcome === 'refused' && reason !== undefined) {
      expect(grown('discord_command_refusals_total', { command, reason })).toBe(1);
    }
    expect(after.value('discord_commands_in_flight', { kind: 'chat_input' })).toBe(0);
  });
});

it('a failure after the reply is a failure all the same, and the user hears of it in private', async () => {
  const exchange = discord.user('kim').type('/reply-then-throw');
  expect(await settled(exchange)).toMatchObject({ outcome: 'failed', reason: 'exception', deadline: 'met' });
  expect(
    exchange.messages.map(({ content, ephemeral }) => ({ content: content.slice(0, 14), ephemeral })),
  ).toEqual([
    { content: 'so far so good', ephemeral: false },
    { content: 'Something went', ephemeral: true },
  ]);
});

it('a reply that nobody waits for is let through before the user is told of the failure, and harms nobody else', async () => {
  const slow = discord.faults.rest({ method: 'POST', path: /callback$/, times: 1, delayMs: 200 });
  const exchange = discord.user('kim').type('/fire');
  expect(await settled(exchange)).toMatchObject({ outcome: 'failed', reason: 'exception', deadline: 'met' });
  expect(slow.hits).toBe(1);
  expect(
    exchange.messages.map(({ content, ephemeral }) => ({ content: content.slice(0, 14), ephemeral })),
  ).toEqual([
    { content: 'on its way', ephemeral: false },
    { content: 'Something went', ephemeral: true },
  ]);
  expect((await discord.user('jun').type('/ok').message()).content).toBe('fine');
});

it('a cooldown is each user’s own, and says when it ends', async () => {
  const kim = discord.user('kim');
  expect((await kim.type('/cooldown').message()).content).toBe('your daily share');
  const refused = kim.type('/cooldown');
  expect(await refused.message()).toMatchObject({
    ephemeral: true,
    content: expect.stringMatching(/<t:\d+:R>/),
  });
  expect(await settled(refused)).toMatchObject({ outcome: 'refused', reason: 'cooldown' });
  expect((await discord.user('jun').type('/cooldown').message()).content).toBe('your daily share');
});

it('the owner of the application may use an owner’s command', async () => {
  expect((await discord.owner.type('/owner').message()).content).toBe('at your service');
});

it('a command for servers is refused in direct messages', async () => {
  const exchange = discord.user('kim').invoke({ name: 'server' }, { dm: true });
  expect(await exchange.message()).toMatchObject({
    ephemeral: true,
    content: expect.stringContaining('servers only'),
  });
  expect(await settled(exchange)).toMatchObject({ outcome: 'refused', reason: 'guild_only', guild_id: null });
});

it('a command that nobody knows is answered in private and counted under _other, whatever its name', async () => {
  const before = await bot.metrics();
  const exchanges = ['nonsense', 'drop-table', 'ünknown'].map((name) => discord.user('kim').invoke({ name }));
  for (const exchange of exchanges) {
    expect(await exchange.message()).toMatchObject({ ephemeral: true });
    expect(await settled(exchange)).toMatchObject({ command: '_other', reason: 'unknown_command' });
  }
  const after = await bot.metrics();
  expect(
    after.value('discord_command_refusals_total', { command: '_other', reason: 'unknown_command' }),
  ).toBe(3);
  expect(after.samples).toHaveLength(before.samples.length);
});

it('autocompletion is answered, and counted as a kind of its own', async () => {
  const exchange = discord.user('kim').complete('/ticket close id:t');
  expect(await exchange.answer()).toEqual({
    kind: 'choices',
    choices: [expect.objectContaining({ value: 't-1' }), expect.objectContaining({ value: 't-2' })],
  });
  expect(await settled(exchange)).toMatchObject({
    command: 'ticket close',
    kind: 'autocomplete',
    outcome: 'ok',
  });
});

it('a menu on a user is run, and finds the commands where the discord.js guide puts them', async () => {
  const exchange = discord.user('kim').menu('Who is it', { target: discord.user('jun') });
  expect((await exchange.message()).content).toMatch(/^jun, one of those who can use \d{2} commands$/);
  expect(await settled(exchange)).toMatchObject({ command: 'Who is it', kind: 'user_menu', outcome: 'ok' });
});

it('an error reaches the log with its causes, and what a command logs itself carries its ids', async () => {
  const [failed] = (await bot.logLines('error')).filter((line) => line.command === 'async-throw');
  expect(failed?.error).toMatchObject({
    name: 'TypeError',
    message: 'async secret-detail',
    stack: expect.stringContaining('async-throw.js'),
    cause: expect.objectContaining({ message: 'the cause of it' }),
  });
  const [told] = (await bot.logLines()).filter((line) => line.message === 'told to stop');
  expect(told).toMatchObject({
    logger: 'command.hang',
    command: 'hang',
    trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
});

it('a command’s own metric has closed labels', async () => {
  const metrics = await bot.metrics();
  expect(metrics.value('command_tickets_closed_total', { by: 'user' })).toBe(1);
  expect(metrics.value('command_tickets_closed_total', { by: 'admin' })).toBe(1);
});

import type { Simulator } from '../../simulator';
import { createStage, fixtures, ownCommands, type LogLine, type RunningBot } from '../support/bot';
import path from 'node:path';

/** Kinds of interaction beside slash commands, with the compiled bot: what was seen, counted and logged of each. */

const stage = createStage();
let discord: Simulator;
let bot: RunningBot;

beforeAll(async () => {
  discord = await stage.discord();
  bot = await stage.bot(discord, {
    COMMANDS_DIRECTORY: [fixtures('kinds'), ownCommands].join(path.delimiter),
    TEXT_PREFIX: '!',
  });
  await discord.registered(['collect', 'say']);
});
afterAll(() => stage.clear());

async function line(holds: (one: LogLine) => boolean): Promise<LogLine> {
  for (;;) {
    const found = (await bot.logLines()).find(holds);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
const settled = ({ id }: { readonly id: string }): Promise<LogLine> =>
  line((one) => one.event === 'command_settled' && one.interaction_id === id);

interface Counted {
  readonly command: string;
  readonly kind: string;
  readonly outcome: string;
}

/** What a run changes in the number of these invocations, all of which were known before it. */
async function counting<Result>(counted: Counted, run: () => Promise<Result>): Promise<Result> {
  const name = 'discord_command_invocations_total';
  const labels = { ...counted };
  const before = await bot.metrics();
  expect(before.value(name, labels)).toBeDefined();
  const result = await run();
  const after = await bot.metrics();
  expect(after.sum(name, labels) - before.sum(name, labels)).toBe(1);
  expect(after.sum(name) - before.sum(name)).toBe(1);
  return result;
}

it('a text command, by mention or prefix, is counted as such, has no deadline, and its error reaches the log', async () => {
  const kim = discord.user('kim');
  for (const text of ['@bot say hello there', '!say hello there']) {
    await counting({ command: 'say', kind: 'text', outcome: 'ok' }, async () => {
      const said = kim.say(text);
      expect(await settled(said)).toMatchObject({
        kind: 'text',
        outcome: 'ok',
        deadline: null,
        ack_ms: null,
      });
      expect(discord.channelMessages(said.channelId).at(-1)?.content).toBe('hello there');
    });
  }
  await counting({ command: 'say', kind: 'text', outcome: 'failed' }, async () => {
    const said = kim.say('@bot say fail');
    const entry = await settled(said);
    expect(entry).toMatchObject({ level: 'error', reason: 'exception', user_id: kim.id });
    expect(discord.channelMessages(said.channelId).at(-1)?.content).toContain(
      `\`${String(entry.trace_id).slice(0, 8)}\``,
    );
  });
  const metrics = await bot.metrics();
  expect(
    metrics.value('discord_interaction_deadline_total', { kind: 'text', result: 'met' }),
  ).toBeUndefined();
});

it('the bot’s own /stats, /ping and /health are text commands', async () => {
  for (const command of ['stats', 'ping', 'health']) {
    await counting({ command, kind: 'text', outcome: 'ok' }, () =>
      settled(discord.user('kim').say(`@bot ${command}`)),
    );
  }
});

it('a press that a collector takes has a line of its own, which names the run that it came of', async () => {
  const kim = discord.user('kim');
  const run = kim.type('/collect');
  const message = await run.message();
  const { trace_id: parent } = await settled(run);
  const failed = await counting({ command: 'collect', kind: 'button', outcome: 'failed' }, async () => {
    const press = kim.press(message, 'break');
    const told = await press.message();
    const entry = await settled(press);
    expect(told.content).toContain(`\`${String(entry.trace_id).slice(0, 8)}\``);
    return entry;
  });
  expect(failed).toMatchObject({
    command: 'collect',
    kind: 'button',
    reason: 'exception',
    parent_trace_id: parent,
  });
  expect(await line((one) => one.message === 'one was pressed')).toMatchObject({ trace_id: failed.trace_id });
  await counting({ command: 'collect', kind: 'button', outcome: 'ok' }, async () => {
    const press = kim.press(message, 'go');
    expect(await settled(press)).toMatchObject({ parent_trace_id: parent });
    expect(message.content).toBe('pressed');
  });
});

it('a button that nobody answers any more is answered, and counted as unknown', async () => {
  const kim = discord.user('kim');
  const message = await kim.type('/collect').message();
  await counting({ command: '_other', kind: 'button', outcome: 'refused' }, async () => {
    const press = kim.press(message, 'gone');
    expect(await press.message()).toMatchObject({ ephemeral: true });
    expect(await settled(press)).toMatchObject({
      command: '_other',
      reason: 'unknown_command',
      level: 'info',
    });
  });
});

it('a command that is late is deferred, and its reply still arrives', async () => {
  const exchange = discord.user('kim').type('/defer');
  await exchange.until(({ state }) => state.kind === 'thinking');
  expect((await exchange.message()).content).toBe('at last');
  expect(await settled(exchange)).toMatchObject({ outcome: 'ok', deadline: 'met' });
});

it('interactions that are not as they should be are logged and counted, and the next command works', async () => {
  const broken = [
    null,
    {},
    { type: 2 },
    { type: 2, data: { type: 1 }, id: '1' },
    { type: 3, data: {} },
    { type: 99 },
  ];
  for (const data of broken) discord.emit('INTERACTION_CREATE', data);
  const said = await discord.user('kim').type('/ping').message();
  expect(said.content).toMatch(/^Pong!/);
  const isOne = (one: LogLine): boolean => one.gateway_event === 'INTERACTION_CREATE';
  expect(await line(isOne)).toMatchObject({
    level: 'error',
    logger: 'discord',
    error: expect.objectContaining({ name: 'TypeError' }),
  });
  const counted = (await bot.metrics()).value('bot_unhandled_errors_total', { kind: 'exception' });
  expect((await bot.logLines()).filter(isOne)).toHaveLength(counted ?? 0);
  expect(counted).toBe(3);
});

it('the bot asks for messages only where a command can be called in one', async () => {
  const quiet = await stage.discord();
  await stage.bot(quiet, { COMMANDS_DIRECTORY: fixtures('endings') });
  await quiet.registered(['ok']);
  const heard = quiet.user('kim').say('@bot ok');
  expect((await quiet.user('kim').type('/ok').message()).content).toBe('fine');
  expect(quiet.channelMessages(heard.channelId).filter(({ author }) => author.name === 'bot')).toHaveLength(
    1,
  );
});

it('a prefix that the application may not read messages for is named at the start', async () => {
  const strict = await stage.discord({ disallowedIntents: 1 << 15 });
  const refused = await stage.bot(strict, { TEXT_PREFIX: '!', METRICS_LINGER_SECONDS: '0' });
  expect(await refused.ended).toMatchObject({ code: 1 });
  expect(refused.output()).toMatch(/intents/);
});

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createForeignStage, fixtureBot, until } from './support';

/** Bots that have the one line. */

const stage = createForeignStage();
afterEach(() => stage.clear());

const EXAMPLE = fixtureBot('one-line', 'index.js');
const INVOCATIONS = 'discord_command_invocations_total';

it('the example of the documentation is this one', async () => {
  const document = await readFile(path.resolve(__dirname, '..', '..', 'docs', 'instrument.md'), 'utf8');
  expect(document).toContain((await readFile(EXAMPLE, 'utf8')).trim());
});

it('the example counts presses by their route, links them to the run they come of, and knows refusals', async () => {
  const discord = await stage.discord();
  const bot = await stage.start({ bot: EXAMPLE, node: [], discord });
  await discord.registered(['vote']);
  const kim = discord.user('kim');
  const question = await kim.type('/vote').message();
  expect((await kim.press(question, 'vote:ada').message()).content).toBe('A vote for ada.');
  await kim.type('/vote twice:true').message();
  const metrics = await bot.metricsWhen((one) => one.sum(INVOCATIONS) === 3);
  expect(metrics.value(INVOCATIONS, { command: 'vote', kind: 'button', outcome: 'ok' })).toBe(1);
  expect(metrics.value(INVOCATIONS, { command: 'vote', kind: 'chat_input', outcome: 'ok' })).toBe(1);
  expect(metrics.value('discord_command_refusals_total', { command: 'vote', reason: 'user_error' })).toBe(1);

  await bot.printed('Only one vote');
  const log = path.join(bot.directory, 'logs', 'telltale', 'bot.log');
  const lines = async () =>
    (await readFile(log, 'utf8'))
      .split('\n')
      .filter((line) => line.includes('command_settled'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  await until(
    async () => (await lines()).length === 3,
    () => 'three lines',
  );
  const [asked, pressed] = await lines();
  expect(pressed).toMatchObject({ kind: 'button', parent_trace_id: asked?.trace_id });
});

it('clients share one server, also one that has logged in, and closing leaves no trace in them', async () => {
  const discord = await stage.discord();
  const bot = await stage.start({ bot: fixtureBot('two-clients', 'index.js'), node: [], discord });
  await bot.printed('ready');
  expect((await discord.user('kim').type('/ping').message()).content).toBe('Pong!');
  await bot.metricsWhen((one) => one.sum(INVOCATIONS, { command: 'ping', outcome: 'ok' }) === 1);
  bot.tell('close');
  expect(await bot.ended).toEqual({ code: 0, signal: null });
  expect(bot.stdout().split('\n')).toEqual(
    expect.arrayContaining([
      'same again true',
      'one server true',
      'undone true',
      'still there 200',
      'gone yes',
    ]),
  );
});

import { ApplicationCommandOptionType, type Client } from 'discord.js';
import * as logLevel from '../../commands/log-level';
import type { Simulator } from '../../simulator';
import { loadedFrom, serve } from '../discord/support';
import { createManualClock, type ManualClock } from '../logging/clock';
import { cleanUp, lines, open, type Bench } from '../logging/support';
import { createHarbour } from '../simulator/support';
import { fakeReadModels } from './support';

/** The owner changes what is logged for some minutes, by a real log and a clock of the test. */

const START = 1_700_000_000_000;
const harbour = createHarbour();
let discord: Simulator;
let client: Client<true>;
let clock: ManualClock;
let bench: Bench;

beforeAll(async () => {
  ({ discord, client } = await harbour.connect());
  await client.application.commands.set([loadedFrom(logLevel).data]);
});
beforeEach(() => {
  clock = createManualClock(START);
  bench = open({ level: 'info', now: clock.now, later: clock.later });
  for (const name of ['rest', 'pipeline', 'command.stats']) bench.logging.logger(name);
  const { readModels } = fakeReadModels({ logLevels: bench.logging.levels });
  serve(client, [logLevel], { readModels, isOwner: (id) => id === discord.owner.id });
});
afterEach(cleanUp);
afterAll(() => harbour.close());

const owner = () => discord.owner;
const say = async (line: string, user = owner()): Promise<string> => {
  const message = await user.type(line).message();
  expect(message.ephemeral).toBe(true);
  return message.content;
};
const seconds = (minutes: number): number => START / 1000 + minutes * 60;

it('shows what a logger does in the file until its time is over, and says when that is', async () => {
  const answer = await say('/log-level set level:debug logger:rest minutes:5 where:files');
  expect(answer).toBe(
    [
      '**Settings** console `info`, files `info`',
      `\`rest\` \`debug\` (files), ends <t:${seconds(5)}:R> (<t:${seconds(5)}:t>), by <@${owner().id}>`,
    ].join('\n'),
  );
  const rest = bench.logging.logger('rest');
  rest.debug('asked for');
  clock.advance(5 * 60_000);
  rest.debug('too late');
  await bench.logging.close();
  expect(lines(bench.directory).filter(({ logger }) => logger === 'rest')).toMatchObject([
    { level: 'debug', message: 'asked for' },
  ]);
  expect(bench.screen.text).not.toContain('asked for');
});

it('changes all loggers for ten minutes in both places where nothing else is said', async () => {
  expect(await say('/log-level set level:warn')).toContain(
    `**All loggers** \`warn\` (console and files), ends <t:${seconds(10)}:R>`,
  );
});

it('takes what loggers begin with for all of them, as `npm run logs -- --logger command` does', async () => {
  expect(await say('/log-level set level:debug logger:command')).toContain('`command` `debug`');
  bench.logging.logger('command.stats').debug('asked for');
  bench.logging.logger('pipeline').debug('not asked for');
  await bench.logging.close();
  const messages = lines(bench.directory).map(({ message }) => message);
  expect(messages).toContain('asked for');
  expect(messages).not.toContain('not asked for');
});

it('tells the log who did it', async () => {
  await say('/log-level set level:debug logger:rest');
  await bench.logging.close();
  expect(lines(bench.directory)).toContainEqual(
    expect.objectContaining({
      level: 'warn',
      event: 'log_level_changed',
      changed_logger: 'rest',
      changed_by: owner().id,
    }),
  );
});

it('shows every change that runs, newest first, and changes nothing by that', async () => {
  expect(await say('/log-level show')).toContain('No change runs');
  await say('/log-level set level:debug');
  await say('/log-level set level:error logger:rest where:console');
  const [settings, newest, oldest] = (await say('/log-level show')).split('\n');
  expect(settings).toContain('Settings');
  expect(newest).toContain('`rest` `error` (console)');
  expect(oldest).toContain('**All loggers** `debug` (console and files)');
});

it('fits into a message however many changes run', async () => {
  for (let n = 0; n < 60; n += 1) {
    const logger = `command.${'long'.repeat(8)}-${n}`;
    bench.logging.logger(logger);
    bench.logging.levels.change({ level: 'debug', logger, destinations: ['file'], minutes: 5, by: '42' });
  }
  const shown = await say('/log-level show');
  expect(shown.length).toBeLessThanOrEqual(2000);
  expect(shown).toMatch(/and \d+ more$/);
});

it('ends all changes at once with reset', async () => {
  await say('/log-level set level:debug');
  await say('/log-level set level:error logger:rest');
  expect(await say('/log-level reset')).toMatch(/^Ended: 2 changes\.[^]*No change runs/);
  bench.logging.logger('rest').info('back');
  await bench.logging.close();
  expect(lines(bench.directory)).toContainEqual(expect.objectContaining({ message: 'back' }));
});

it('refuses a logger that is not there, and names those that are', async () => {
  const answer = await say('/log-level set level:debug logger:`rset');
  expect(answer).toContain('There is no logger `ˋrset`.');
  expect(answer).toContain('`command`, `command.stats`, `pipeline`, `rest`');
  expect(bench.logging.levels.changes()).toEqual([]);
});

it('is for the owner alone: nobody else changes a level or sees the names of the loggers', async () => {
  const kim = discord.user('kim');
  expect(await say('/log-level set level:debug', kim)).toContain('owner');
  expect(bench.logging.levels.changes()).toEqual([]);
  expect(await kim.complete('/log-level set level:debug logger:').answer()).toEqual({
    kind: 'choices',
    choices: [],
  });
});

it('suggests loggers by what was typed, those that begin with it first', async () => {
  const suggest = async (typed: string) => {
    const state = await owner().complete(`/log-level set level:debug logger:${typed}`).answer();
    return state.kind === 'choices' ? state.choices.map(({ value }) => value) : state.kind;
  };
  expect(await suggest('')).toEqual(['command', 'command.stats', 'pipeline', 'rest']);
  expect(await suggest('P')).toEqual(['pipeline']);
  expect(await suggest('st')).toEqual(['command.stats', 'rest']);
});

it('survives a client that sends what Discord would not let through', async () => {
  const option = (name: string, value: unknown, type = ApplicationCommandOptionType.String) => ({
    name,
    value,
    type,
  });
  const forged = owner().invoke({
    name: 'log-level',
    options: [
      {
        type: ApplicationCommandOptionType.Subcommand,
        name: 'set',
        options: [
          option('level', 'debug'),
          option('where', 'constructor'),
          option('minutes', 1e9, ApplicationCommandOptionType.Integer),
        ],
      },
    ],
  });
  expect((await forged.message()).content).toContain(`<t:${seconds(1440)}:R>`);
});

it('answers Koreans in Korean', async () => {
  const message = await owner().type('/log-level set level:debug', { locale: 'ko' }).message();
  expect(message.content).toContain('**모든 로거** `debug` (콘솔과 파일)');
});

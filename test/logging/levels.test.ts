import type { LevelRequest } from '../../src/logging/level-changes';
import type { LogLevel } from '../../src/logging/logger';
import { createManualClock } from './clock';
import { cleanUp, INVOCATION, lines, open, parse, type Bench, type Line } from './support';

/** Levels that are changed for some minutes, seen in what reaches the console and the files. */

afterEach(cleanUp);

const START = 1_700_000_000_000;

function openAt(level: LogLevel) {
  const clock = createManualClock(START);
  const bench = open({ level, now: clock.now, later: clock.later });
  const rest = bench.logging.logger('rest');
  const pipeline = bench.logging.logger('pipeline');
  const change = (asked: Partial<LevelRequest> = {}) =>
    bench.logging.levels.change({
      level: 'debug',
      logger: null,
      destinations: ['console', 'file'],
      minutes: 10,
      by: '42',
      ...asked,
    });
  return { ...bench, clock, rest, pipeline, change };
}

/** What was logged, without the lines about the levels themselves. */
async function written({ logging, screen, directory }: Bench) {
  await logging.close();
  const texts = (all: readonly Line[]): unknown[] =>
    all.filter(({ logger }) => logger !== 'logging').map(({ message }) => message);
  return { console: texts(parse(screen.text)), file: texts(lines(directory)) };
}

async function told({ logging, directory }: Bench): Promise<Line[]> {
  await logging.close();
  return lines(directory).filter(({ logger }) => logger === 'logging');
}

it('of one logger shows its lines and nobody else’s, and falls back by itself when its time is over', async () => {
  const bench = openAt('info');
  bench.rest.debug('before');
  bench.change({ logger: 'rest', minutes: 5 });
  bench.pipeline.debug('of another');
  bench.rest.debug('first');
  bench.clock.advance(5 * 60_000 - 1);
  bench.rest.debug('last');
  bench.clock.advance(1);
  bench.rest.debug('after');
  bench.rest.info('info');
  const shown = ['first', 'last', 'info'];
  expect(await written(bench)).toEqual({ console: shown, file: shown });
});

it('lowers, too: what is too loud is silent for a time', async () => {
  const bench = openAt('info');
  bench.change({ logger: 'rest', level: 'error' });
  bench.rest.warn('hidden');
  bench.rest.error('broken');
  bench.clock.advance(10 * 60_000);
  bench.rest.warn('back');
  expect((await written(bench)).file).toEqual(['broken', 'back']);
});

it('is the newest where it is changed twice, and its end brings back the settings, not the earlier change', async () => {
  const bench = openAt('info');
  bench.change({ logger: 'rest', minutes: 60 });
  bench.change({ logger: 'rest', level: 'warn', minutes: 10 });
  bench.rest.info('hidden by the newest');
  bench.clock.advance(10 * 60_000);
  bench.rest.debug('hidden by the settings');
  bench.rest.info('shown by the settings');
  bench.clock.advance(60 * 60_000);
  bench.rest.info('shown');
  expect((await written(bench)).file).toEqual(['shown by the settings', 'shown']);
  expect(bench.logging.levels.changes()).toEqual([]);
  expect(bench.clock.waiting()).toBe(0);
});

it('is not ended by the end of a change that it has replaced', async () => {
  const bench = openAt('info');
  bench.change({ logger: 'rest', minutes: 5 });
  bench.change({ logger: 'rest', minutes: 60 });
  bench.clock.advance(30 * 60_000);
  bench.rest.debug('still');
  expect((await written(bench)).file).toEqual(['still']);
});

it('of all loggers replaces those of single ones, and holds for loggers that come later', async () => {
  const bench = openAt('info');
  bench.change({ logger: 'rest', level: 'error', minutes: 60 });
  bench.change({ minutes: 10 });
  bench.rest.debug('rest');
  bench.logging.logger('new').debug('new');
  bench.clock.advance(10 * 60_000);
  bench.logging.logger('newer').debug('hidden');
  bench.rest.info('as in the settings');
  expect((await written(bench)).file).toEqual(['rest', 'new', 'as in the settings']);
});

it('of a single logger goes before one of all that runs on', async () => {
  const bench = openAt('info');
  bench.change({ minutes: 60 });
  bench.change({ logger: 'rest', level: 'error', minutes: 5 });
  bench.rest.info('hidden');
  bench.pipeline.debug('shown');
  bench.clock.advance(5 * 60_000);
  bench.rest.debug('again as all');
  expect((await written(bench)).file).toEqual(['shown', 'again as all']);
});

it('of a group holds for all loggers of it, also those to come, takes their place, and lets one of them go before', async () => {
  const bench = openAt('info');
  const [stats, commands] = [bench.logging.logger('command.stats'), bench.logging.logger('commands')];
  bench.change({ logger: 'command.stats', level: 'error', minutes: 60 });
  expect(bench.change({ logger: 'command' })).not.toBeNull();
  stats.debug('of the group');
  bench.logging.logger('command.ping').debug('new in the group');
  commands.debug('of no group');
  bench.change({ logger: 'command.stats', level: 'error', minutes: 5 });
  stats.info('hidden by its own');
  bench.clock.advance(5 * 60_000);
  stats.debug('as the group again');
  bench.clock.advance(5 * 60_000);
  stats.debug('as the settings');
  expect((await written(bench)).file).toEqual(['of the group', 'new in the group', 'as the group again']);
});

it('says at its end what the level is now, where it had been another', async () => {
  const bench = openAt('info');
  bench.change({ level: 'warn', destinations: ['file'], minutes: 60 });
  bench.change({ logger: 'rest', minutes: 5 });
  bench.change({ logger: 'pipeline', destinations: ['file'], minutes: 5 });
  bench.clock.advance(5 * 60_000);
  bench.logging.levels.reset('43');
  const ends = (await told(bench)).filter(({ event }) => event === 'log_level_restored');
  expect(ends.map(({ message }) => message)).toEqual([
    'The log level of rest is back to info (console) and warn (files).',
    'The log level of pipeline (files) is back to warn.',
    'The log level of all loggers (files) is back to info.',
  ]);
});

it('can be for one destination, and takes it alone from an earlier one', async () => {
  const bench = openAt('info');
  bench.change({ logger: 'rest', minutes: 60 });
  bench.change({ logger: 'rest', level: 'error', destinations: ['console'], minutes: 5 });
  bench.rest.debug('in the file');
  expect(bench.logging.levels.changes().map(({ destinations }) => destinations)).toEqual([
    ['file'],
    ['console'],
  ]);
  bench.clock.advance(5 * 60_000);
  bench.rest.info('in both');
  expect(await written(bench)).toEqual({ console: ['in both'], file: ['in the file', 'in both'] });
});

it.each<[LogLevel, LogLevel]>([
  ['error', 'debug'],
  ['info', 'error'],
  ['info', 'debug'],
])('from %s to %s is seen in the log, with its author, its end and who ended it', async (level, to) => {
  const bench = openAt(level);
  bench.context.run(INVOCATION, () => bench.change({ level: to }));
  const changed = {
    changed_logger: 'all',
    changed_level: to,
    destinations: ['console', 'files'],
    changed_by: '42',
  };
  bench.context.run(INVOCATION, () => bench.clock.advance(10 * 60_000));
  bench.change({ level: to });
  bench.logging.levels.reset('43');
  const all = await told(bench);
  expect(all).toMatchObject([
    {
      level: 'warn',
      event: 'log_level_changed',
      ...changed,
      ends_at: new Date(START + 600_000).toISOString(),
    },
    { level: 'warn', event: 'log_level_restored', ...changed, ended_by: null },
    { event: 'log_level_changed' },
    { event: 'log_level_restored', ended_by: '43' },
  ]);
  // A timer must not speak in the name of whoever happened to set it.
  for (const line of all) expect(line).not.toHaveProperty('trace_id');
});

it('of a logger that is not there changes nothing, and the names of those that are can be listed', () => {
  const { change, logging } = openAt('info');
  expect(change({ logger: 'rset' })).toBeNull();
  expect(logging.levels.changes()).toEqual([]);
  expect(logging.levels.loggers()).toEqual(['pipeline', 'rest']);
});

it.each([
  [0, 1],
  [-5, 1],
  [100_000, 1440],
  [Infinity, 10],
  [NaN, 10],
])('for %d minutes runs for %d', (minutes, held) => {
  expect(openAt('info').change({ minutes })?.endsAt).toBe(START + held * 60_000);
});

it('ends in a day at the latest, though the clock is set back by months', () => {
  const bench = openAt('info');
  bench.change({ logger: 'rest', minutes: 60 });
  bench.change({ logger: 'pipeline', minutes: 10 });
  bench.clock.setBack(60 * 86_400_000);
  bench.clock.advance(10 * 60_000);
  expect(bench.logging.levels.changes()).toMatchObject([{ logger: 'rest' }]);
  bench.clock.advance(1440 * 60_000);
  expect(bench.logging.levels.changes()).toEqual([]);
});

it('leaves no timer behind when the log is closed', async () => {
  const { change, clock, logging } = openAt('info');
  change();
  change({ logger: 'rest' });
  expect(clock.waiting()).toBe(1);
  await logging.close();
  expect(clock.waiting()).toBe(0);
});

it('that is off costs next to nothing, whatever was changed before', () => {
  const { change, logging, rest } = openAt('info');
  change({ logger: 'rest' });
  logging.levels.reset('42');
  const started = performance.now();
  for (let n = 0; n < 1_000_000; n += 1) rest.debug('off');
  // 2 ms or so; winston's own way of leaving a line out takes two seconds.
  expect(performance.now() - started).toBeLessThan(300);
});

it('decides what is counted: each line once, however many destinations it has, and none that is off', () => {
  const { change, logging, rest } = openAt('error');
  rest.error('counted at every level');
  rest.warn('off');
  change({ logger: 'rest', destinations: ['console'] });
  rest.debug('in the console');
  rest.error('in console, file and the file of errors');
  expect(logging.counts().records).toEqual({ error: 2, warn: 0, info: 0, debug: 1 });
});

it('a level or a destination that does not exist changes nothing: it would silence every line', async () => {
  const bench = openAt('info');
  const asked: readonly object[] = [
    { level: 'trace' },
    { level: 'toString' },
    { level: undefined },
    { destinations: ['console', 'nowhere'] },
    { destinations: ['__proto__'] },
    { destinations: [] },
    { destinations: 'file' },
  ];
  for (const wrong of asked) expect(bench.change(wrong)).toBeNull();
  expect(bench.logging.levels.changes()).toEqual([]);
  bench.rest.error('still here');
  expect(await written(bench)).toEqual({ console: ['still here'], file: ['still here'] });
});

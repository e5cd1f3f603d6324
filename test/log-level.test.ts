import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { freePort } from '../simulator/demo/bot/port';
import { LOG_LEVELS } from '../src/logging/logger';
import { createStage, ownCommands, type LogLine, type RunningBot } from './support/bot';
import { parseExposition } from './support/exposition';

/** What an operator does to see more for a while, with the compiled bot as a process. */

const stage = createStage();
afterEach(() => stage.clear());

const TALK = `module.exports = {
  data: { name: 'talk', description: 'Logs a line at each level.' },
  async execute(interaction, { log }) {
    for (const level of ['error', 'warn', 'info', 'debug']) log[level]('talked');
    await interaction.reply('done');
  },
};`;

/** A bot that logs errors alone, with a command that logs at each level. */
async function start() {
  const discord = await stage.discord();
  const directory = await stage.directory();
  // The line that tells which port was taken is one of those that are not logged.
  const port = await freePort(0);
  await writeFile(path.join(directory, 'talk.js'), TALK);
  const bot = await stage.bot(discord, {
    COMMANDS_DIRECTORY: [directory, ownCommands].join(path.delimiter),
    LOG_LEVEL: 'error',
    METRICS_PORT: String(port),
  });
  await discord.registered(['talk', 'log-level']);
  const talk = () => discord.owner.type('/talk').message();
  const counted = async (): Promise<readonly (number | undefined)[]> => {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    return LOG_LEVELS.map((level) => parseExposition(text).value('log_records_total', { level }));
  };
  return { discord, bot, talk, counted };
}

/** The levels of the lines that `/talk` has left in the files, once the bot has ended. */
async function talked(bot: RunningBot): Promise<unknown[]> {
  bot.kill('SIGTERM');
  expect(await bot.ended).toEqual({ code: 0, signal: null });
  const isTalk = ({ message }: LogLine): boolean => message === 'talked';
  return (await bot.logLines()).filter(isTalk).map(({ level }) => level);
}

it('SIGUSR2 logs everything, a second one ends it, and every line that is logged is counted once', async () => {
  const { bot, talk, counted } = await start();
  await talk();
  expect(await counted()).toEqual([1, 0, 0, 0]);

  bot.kill('SIGUSR2');
  await bot.printed(/The log level of all loggers \(console and files\) is debug until/);
  await talk();
  bot.kill('SIGUSR2');
  await bot.printed(/The log level of all loggers \(console and files\) is back to error/);
  await talk();

  const counts = await counted();
  expect(await talked(bot)).toEqual(['error', 'error', 'warn', 'info', 'debug', 'error']);
  const written = await bot.logLines();
  const countOf = (level: string): number => written.filter((line) => line.level === level).length;
  expect(counts).toEqual(LOG_LEVELS.map(countOf));
});

it('/log-level shows the owner one logger’s lines in the file, and the end of it when the owner has seen enough', async () => {
  const { discord, bot, talk } = await start();
  await talk();
  const set = await discord.owner
    .type('/log-level set level:debug logger:command.talk where:files')
    .message();
  expect(set.content).toContain('`command.talk` `debug` (files)');
  await talk();
  await discord.owner.type('/log-level reset').message();
  await talk();
  expect(await talked(bot)).toEqual(['error', 'error', 'warn', 'info', 'debug', 'error']);
  expect(bot.output()).not.toContain('debug');
});

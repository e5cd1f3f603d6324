import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Simulator } from '../simulator';
import { createStage, fixtures, ownCommands, type RunningBot } from './support/bot';
import { mountSmall } from './support/mount';

/** Whatever happens to the log files: commands are answered, it is said once and counted, and they come back. */

const stage = createStage();
afterEach(() => stage.clear());

const COMMANDS_DIRECTORY = [fixtures('endings'), ownCommands].join(path.delimiter);
const FAULT = 'log files cannot be written';
const RECOVERY = 'log files are written again';
const ANSWER_WITHIN_MS = 1000;

interface Running {
  readonly discord: Simulator;
  readonly bot: RunningBot;
  readonly directory: string;
}

async function open(directory: string, environment: Readonly<Record<string, string>> = {}): Promise<Running> {
  const discord = await stage.discord();
  const logs = { LOG_DIRECTORY: directory, LOG_CONSOLE_LEVEL: 'info' };
  const bot = await stage.bot(discord, { COMMANDS_DIRECTORY, ...logs, ...environment });
  await discord.registered(['ok']);
  return { discord, bot, directory };
}

/** So many users use `/ok`; rejected if one of them is not answered in time. */
async function use(discord: Simulator, times: number): Promise<void> {
  for (let n = 0; n < times; n += 1) {
    await discord.user(`user ${n}`).type('/ok').message({ timeoutMs: ANSWER_WITHIN_MS });
  }
}

/** Ends the bot, and gives the commands of which its newest files tell. Every line there must be whole. */
async function settled({ bot, directory }: Running): Promise<number> {
  bot.kill('SIGTERM');
  expect(await bot.ended).toEqual({ code: 0, signal: null });
  const lines = readFileSync(path.join(directory, 'bot.log'), 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as { event?: string }).filter(isSettled).length;
}

const isSettled = ({ event }: { event?: string }): boolean => event === 'command_settled';
const times = ({ bot }: Running, text: string): number => bot.output().split(text).length - 1;
const dropped = async ({ bot }: Running): Promise<number> => (await bot.metrics()).sum('log_dropped_total');

/** The bot in a fault and after it: nothing may be lost. */
async function survive(running: Running, repair: () => void): Promise<void> {
  const { discord, bot } = running;
  await use(discord, 20);
  await bot.printed(FAULT);
  expect(times(running, FAULT)).toBe(1);
  repair();
  await bot.printed(RECOVERY);
  await use(discord, 5);
  expect(await dropped(running)).toBe(0);
}

it('a directory that cannot be made costs no answer and no line', async () => {
  const directory = path.join(await stage.directory(), 'logs');
  writeFileSync(directory, 'a file where the directory should be');
  const running = await open(directory);
  await survive(running, () => rmSync(directory));
  expect(await settled(running)).toBe(25);
});

it.each(['deleted', 'replaced'])(
  'a directory that is %s underneath costs no answer, and no line that comes after',
  async (how) => {
    const directory = path.join(await stage.directory(), 'logs');
    const running = await open(directory);
    await use(running.discord, 5);
    await running.discord.until(() => countSettled(directory) === 5);
    if (how === 'deleted') rmSync(directory, { recursive: true });
    else {
      renameSync(directory, `${directory}-before`);
      mkdirSync(directory);
    }
    await use(running.discord, 20);
    expect(await dropped(running)).toBe(0);
    expect(times(running, FAULT)).toBe(0);
    expect(await settled(running)).toBe(20);
  },
);

function countSettled(directory: string): number {
  return readFileSync(path.join(directory, 'bot.log'), 'utf8').split('"event":"command_settled"').length - 1;
}

const mounted = mountSmall('1024k');
afterAll(() => mounted?.unmount());
const whereMounted = mounted === null ? it.skip : it;

whereMounted('a full disk costs no answer and no line, and tears none', async () => {
  const directory = path.join(mounted?.directory ?? '', 'full');
  const running = await open(directory);
  await use(running.discord, 5);
  await running.discord.until(() => countSettled(directory) === 5);
  const giveRoom = mounted?.fill();
  for (let n = 0; times(running, FAULT) === 0 && n < 50; n += 1) await use(running.discord, 5);
  const { bot } = running;
  await survive(running, () => giveRoom?.());
  const answered = (await bot.metrics()).sum('discord_command_invocations_total', { command: 'ok' });
  expect(await settled(running)).toBe(answered);
});

whereMounted('a read-only file system costs no answer and no line', async () => {
  const directory = path.join(mounted?.directory ?? '', 'read-only');
  const makeWritable = mounted?.makeReadOnly();
  const running = await open(directory);
  await survive(running, () => makeWritable?.());
  expect(await settled(running)).toBe(25);
});

whereMounted('a bot that stops while the disk is full ends in time, and well', async () => {
  const directory = path.join(mounted?.directory ?? '', 'stays-full');
  const giveRoom = mounted?.fill();
  const { discord, bot } = await open(directory);
  await use(discord, 20);
  await bot.printed(FAULT);
  bot.kill('SIGTERM');
  expect(await bot.ended).toEqual({ code: 0, signal: null });
  giveRoom?.();
});

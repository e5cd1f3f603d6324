import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'libsql';
import type { Simulator } from '../../simulator';
import { createStage, fixtures, ownCommands, type RunningBot } from '../support/bot';

/** Whatever happens to the database: commands are answered, nothing is lost unsaid, and it comes back by itself. */

const stage = createStage();

const COMMANDS_DIRECTORY = [fixtures('endings'), ownCommands].join(path.delimiter);

async function open(
  url: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<{ discord: Simulator; bot: RunningBot }> {
  const discord = await stage.discord();
  const bot = await stage.bot(discord, { COMMANDS_DIRECTORY, DATABASE_URL: url, ...environment });
  await discord.registered(['ok']);
  return { discord, bot };
}

/** So many users use `/ok`; rejected if one of them is not answered in time. */
async function use(discord: Simulator, times: number): Promise<void> {
  for (let n = 0; n < times; n += 1) await discord.user(`user ${n}`).type('/ok').message({ timeoutMs: 1000 });
}

async function storeCheck(bot: RunningBot): Promise<{ status: string; detail: string }> {
  const { body } = await bot.get('/healthz');
  return (body as { checks: { store: { status: string; detail: string } } }).checks.store;
}

async function counted(bot: RunningBot): Promise<number> {
  const { body } = await bot.get('/api/stats?period=all');
  return (body as { totals: { invocations: number } }).totals.invocations;
}

const mounted = mountSmall();
afterAll(() => {
  if (mounted !== null) execFileSync('umount', ['-l', mounted]);
});

/** A file system of 1 MB; null where this user may not make one. */
function mountSmall(): string | null {
  const directory = `/tmp/telltale-full-${process.pid}`;
  try {
    mkdirSync(directory, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', directory], { stdio: 'ignore' });
    return directory;
  } catch {
    return null;
  }
}

describe('one bot, in this order:', () => {
  let file: string;
  let discord: Simulator;
  let bot: RunningBot;
  beforeAll(async () => {
    file = path.join(await stage.directory(), 'data', 'telltale.db');
    ({ discord, bot } = await open(`file:${file}`));
  });
  afterAll(() => stage.clear());

  it('another program that holds the lock delays no command, and everything is counted once it lets go', async () => {
    await use(discord, 3);
    expect(await counted(bot)).toBe(3);

    const other = new Database(file);
    other.exec('begin immediate');
    await use(discord, 20);
    await bot.printed(/Statistics cannot be written: .*locked/);
    expect(await storeCheck(bot)).toMatchObject({
      status: 'fail',
      detail: expect.stringMatching(/waiting: \d+/),
    });

    other.exec('rollback');
    other.close();
    await bot.printed(/Statistics are written again/);
    expect(await counted(bot)).toBe(23);
    expect(await storeCheck(bot)).toMatchObject({ status: 'ok' });
  });

  it('a database that is deleted underneath begins anew, and /api/stats shows the new one', async () => {
    expect(await counted(bot)).toBe(23);
    rmSync(path.dirname(file), { recursive: true });
    await bot.printed(/was moved, replaced or deleted/);
    await use(discord, 3);
    expect(await counted(bot)).toBe(3);
    bot.kill('SIGTERM');
    await bot.ended;
    expect(readdirSync(path.dirname(file))).toContain('telltale.db');
  });
});

describe('another bot, in this order:', () => {
  const bytes = Buffer.alloc(20_000, 'not a database ');
  let directory: string;
  let file: string;
  let discord: Simulator;
  let bot: RunningBot;
  beforeAll(async () => {
    directory = await stage.directory();
    file = path.join(directory, 'telltale.db');
    writeFileSync(file, bytes);
    ({ discord, bot } = await open(`file:${file}`));
  });
  afterAll(() => stage.clear());

  it('a file that is no database is set aside unchanged, and a new one begun', async () => {
    await use(discord, 5);
    expect(await counted(bot)).toBe(5);
    const [aside = ''] = readdirSync(directory).filter((name) => name.includes('corrupt'));
    expect(readFileSync(path.join(directory, aside)).equals(bytes)).toBe(true);
    expect(bot.output()).toContain(aside);
  });

  it('a write-ahead log that is deleted underneath costs no count', async () => {
    expect(await counted(bot)).toBe(5);
    rmSync(`${file}-wal`);
    await bot.printed(/was moved, replaced or deleted/);
    await use(discord, 3);
    expect(await counted(bot)).toBe(8);
  });
});

describe('a bot of its own:', () => {
  afterEach(() => stage.clear());

  it('a directory that cannot be made is said, and the database begins by itself once it can', async () => {
    const directory = await stage.directory();
    const blocked = path.join(directory, 'data');
    writeFileSync(blocked, 'a file where the directory should be');
    const { discord, bot } = await open(`file:${path.join(blocked, 'telltale.db')}`);
    await use(discord, 5);
    await bot.printed(/Statistics cannot be written/);
    expect(await bot.get('/api/stats')).toMatchObject({
      status: 503,
      body: { error: expect.stringMatching(/\w/) },
    });

    rmSync(blocked);
    await bot.printed(/Statistics are written again/);
    expect(await counted(bot)).toBe(5);
  });

  (mounted === null ? it.skip : it)(
    'a full disk delays no command, and what waited is written when there is room',
    async () => {
      const full = mounted ?? '';
      const { discord, bot } = await open(`file:${path.join(full, 'telltale.db')}`);
      await use(discord, 3);
      expect(await counted(bot)).toBe(3);
      const ballast = path.join(full, 'ballast');
      try {
        writeFileSync(ballast, Buffer.alloc(2 ** 20));
      } catch {
        // As much as went in.
      }
      for (let n = 0; !bot.output().includes('Statistics cannot be written') && n < 200; n += 1)
        await use(discord, 10);
      await bot.printed(/Statistics cannot be written: .*full/);
      const answered = (await bot.metrics()).sum('discord_command_invocations_total', { command: 'ok' });
      rmSync(ballast);
      await bot.printed(/Statistics are written again/);
      expect(await counted(bot)).toBe(answered);
    },
  );

  it('a bot that stops while the database is away ends in time, and says how many are lost', async () => {
    const { discord, bot } = await open('postgres://telltale@127.0.0.1:1/telltale');
    await use(discord, 5);
    bot.kill('SIGTERM');
    expect(await bot.ended).toEqual({ code: 0, signal: null });
    expect(bot.output()).toMatch(/statistics are lost: 5\. .*127\.0\.0\.1/);
  });
});

import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { RotatingFile } from '../../src/logging/rotating-file';
import { INVOCATION, Screen, cleanUp, lines, open, parse, temporaryDirectory, today, until } from './support';

afterEach(cleanUp);

const numbers = (directory: string): unknown[] => lines(directory).map(({ n }) => n);

/** Nothing can be written: a file is where the directory belongs. Gives how to undo that. */
function block(directory: string): () => void {
  mkdirSync(dirname(directory), { recursive: true });
  writeFileSync(directory, 'in the way');
  return () => rmSync(directory);
}

const blocked = (): { directory: string; unblock: () => void } => {
  const directory = join(temporaryDirectory(), 'logs');
  return { directory, unblock: block(directory) };
};

describe('a disk that takes nothing', () => {
  it('costs no line: they wait, and are written once it does', async () => {
    const { directory, unblock } = blocked();
    const { logging, screen } = open({ directory });
    for (let n = 0; n < 1000; n += 1) logging.logger('main').info('line', { n });
    await until(() => screen.text.includes('cannot be written'));
    unblock();
    await until(() => screen.text.includes('written again'));
    await logging.close();
    expect(numbers(directory)).toEqual(Array.from({ length: 1000 }, (_, n) => n));
    expect(logging.counts().dropped).toBe(0);
  });

  it('is told to the console once a minute, not with each line', async () => {
    const { directory } = blocked();
    let time = 0;
    const { logging, screen } = open({ directory, now: () => time });
    const told = (): number => screen.lines().filter((line) => line.includes('cannot be written')).length;
    logging.logger('main').error('line');
    await until(() => told() === 1);
    time = 59_999;
    const attempts = setInterval(() => logging.logger('main').error('line'), 10);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(told()).toBe(1);
    time = 60_000;
    await until(() => told() === 2);
    clearInterval(attempts);
  });

  it('is not told in the name of the invocation that happened to be logging', async () => {
    const { logging, context, screen, directory } = open();
    logging.logger('main').info('line');
    await until(() => lines(directory).length === 1);
    rmSync(directory, { recursive: true });
    block(directory);
    context.run(INVOCATION, () => logging.logger('main').info('line'));
    await until(() => screen.text.includes('cannot be written'));
    const notice = parse(screen.text).find(({ logger }) => logger === 'logging');
    expect(notice).not.toHaveProperty('trace_id');
  });

  it('does not keep close waiting, and what is lost is counted', async () => {
    const { directory } = blocked();
    const { logging } = open({ directory });
    for (let n = 0; n < 10; n += 1) logging.logger('main').info('line', { n });
    await logging.close();
    expect(logging.counts().dropped).toBe(10);
  });
});

describe('a directory', () => {
  it('that cannot be made keeps the bot running, and is used once it can be', async () => {
    const parent = temporaryDirectory();
    writeFileSync(join(parent, 'logs'), 'in the way');
    const { logging, screen, directory } = open({ directory: join(parent, 'logs') });
    logging.logger('main').info('line', { n: 1 });
    await until(() => screen.text.includes('cannot be written'));
    rmSync(join(parent, 'logs'));
    await until(() => screen.text.includes('written again'));
    await until(() => lines(directory).length === 1);
    logging.logger('main').error('line', { n: 2 });
    await until(() => lines(directory, 'error').length === 1 && numbers(directory).length === 2);
    expect(numbers(directory)).toEqual([1, 2]);
  });

  it('that is deleted while the bot runs is made again', async () => {
    const { logging, directory } = open();
    const has = (n: number): boolean =>
      readFileSync(join(directory, 'bot.log'), 'utf8').includes(`"n":${n},`);
    logging.logger('main').info('line', { n: 1 });
    await until(() => lines(directory).length === 1);
    rmSync(directory, { recursive: true });
    logging.logger('main').info('line', { n: 2 });
    await logging.close();
    expect(has(2)).toBe(true);
  });
});

describe('a file', () => {
  it.each(['deleted', 'moved away'])(
    'that is %s while it is written does not take later lines with it',
    async (how) => {
      const { logging, directory } = open();
      const path = join(directory, `bot-${today()}.log`);
      logging.logger('main').info('line', { n: 1 });
      await until(() => lines(directory).length === 1);
      if (how === 'deleted') unlinkSync(path);
      else renameSync(path, join(directory, 'elsewhere'));
      logging.logger('main').info('line', { n: 2 });
      await logging.close();
      expect(numbers(directory)).toEqual([2]);
      expect(parse(readFileSync(join(directory, 'bot.log'), 'utf8'))).toHaveLength(1);
    },
  );
});

describe('a name of today that is taken', () => {
  it.each([
    ['a directory', (path: string) => mkdirSync(path)],
    ['a pipe that nobody reads', (path: string) => execFileSync('mkfifo', [path])],
    ['a link to a device', (path: string) => symlinkSync('/dev/full', path)],
    ['a link to itself', (path: string) => symlinkSync(basename(path), path)],
    ['a link to nothing', (path: string) => symlinkSync('nothing', path)],
  ])('by %s costs no line: the next number is begun', async (_, take) => {
    const directory = temporaryDirectory();
    take(join(directory, `bot-${today()}.log`));
    const { logging, screen } = open({ directory });
    logging.logger('main').info('line', { n: 1 });
    await logging.close();
    expect(parse(readFileSync(join(directory, `bot-${today()}.log.1`), 'utf8'))).toMatchObject([{ n: 1 }]);
    expect(readFileSync(join(directory, 'bot.log'), 'utf8')).toContain('"n":1,');
    expect(screen.text).not.toContain('cannot be written');
  });

  const directory = immutableDirectory();
  const whereImmutable = directory === null ? it.skip : it;
  whereImmutable('by a file that may not be written to costs no line: the next number is begun', async () => {
    const own = join(directory ?? '', 'logs');
    const path = join(own, `bot-${today()}.log`);
    mkdirSync(own);
    writeFileSync(path, '{"n":0}\n');
    execFileSync('chattr', ['+i', path]);
    try {
      const { logging } = open({ directory: own });
      logging.logger('main').info('line', { n: 1 });
      await logging.close();
      expect(numbers(own)).toEqual([0, 1]);
    } finally {
      execFileSync('chattr', ['-i', path]);
      rmSync(own, { recursive: true });
    }
  });
});

/** Where files can be made immutable, even for root; null where that cannot be. */
function immutableDirectory(): string | null {
  const directory = mkdtempSync(join(tmpdir(), 'telltale-immutable-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, 'probe');
  writeFileSync(path, '');
  try {
    execFileSync('chattr', ['+i', path], { stdio: 'ignore' });
    execFileSync('chattr', ['-i', path], { stdio: 'ignore' });
    return directory;
  } catch {
    return null;
  }
}

describe('a slow disk', () => {
  it('costs bounded memory: lines for which there is no room are counted, and the others are all there', async () => {
    const directory = temporaryDirectory();
    const onFault = jest.fn();
    const options = {
      directory,
      kind: 'bot',
      maxSizeBytes: 1e6,
      backupCount: 1,
      compress: false,
      onRecovery: () => undefined,
      onCompressionFault: () => undefined,
      onUnlinked: () => undefined,
    };
    const file = new RotatingFile({ ...options, onFault, maxWaitingBytes: 1000 });
    for (let n = 0; n < 200; n += 1) file.write(JSON.stringify({ n }).padEnd(100));
    await file.close();
    expect(lines(directory)).toHaveLength(10);
    expect(file.dropped).toBe(190);
    expect(onFault).toHaveBeenCalledWith(
      expect.objectContaining({ message: expect.stringContaining('too slow') }),
    );
  });
});

describe('a console', () => {
  it('whose reader has gone away does not end the process, nor the files', async () => {
    class Pipe extends Screen {
      override _write(_chunk: unknown, _encoding: string, done: (error?: Error) => void): void {
        done(new Error('EPIPE'));
      }
    }
    const stdout = new Pipe();
    const { logging, directory } = open({ stdout });
    logging.logger('main').info('line', { n: 1 });
    await until(() => stdout.closed);
    logging.logger('main').info('line', { n: 2 });
    await logging.close();
    expect(numbers(directory)).toEqual([1, 2]);
    expect(logging.counts().dropped).toBe(1);
  });

  it('that throws does not break what logs, nor the files', async () => {
    class Thrower extends Screen {
      override write(): boolean {
        throw new Error('no console');
      }
    }
    const { logging, directory } = open({ stdout: new Thrower() });
    expect(() => logging.logger('main').info('line', { n: 1 })).not.toThrow();
    await logging.close();
    expect(numbers(directory)).toEqual([1]);
  });
});

import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { compileLogging, runLogging, type LoggingProcess } from './process';
import {
  cleanUp,
  content,
  files,
  lines,
  open,
  parse,
  temporaryDirectory,
  today,
  until,
  type Bench,
  type Line,
} from './support';

afterEach(cleanUp);

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const numbers = (of: readonly Line[]): unknown[] => of.map(({ n }) => n);

describe('bot.log', () => {
  it('shows each line once to tail -F, at 500 lines a second over 20 rotations', async () => {
    const { logging, directory } = open({ maxSizeBytes: 9000, backupCount: 100, consoleLevel: 'error' });
    const log = logging.logger('main');
    await until(() => existsSync(join(directory, 'bot.log')));
    const tail = spawn('tail', ['-n', '+1', '-F', join(directory, 'bot.log')]);
    let shown = '';
    tail.stdout.setEncoding('utf8').on('data', (chunk: string) => (shown += chunk));
    log.info('line', { n: 0 });
    await until(() => shown.includes('\n'));
    const started = performance.now();
    let n = 1;
    while (files(directory).length <= 20) {
      for (const due = (performance.now() - started) / 2; n < due; n += 1) log.info('line', { n });
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    log.info('line', { n });
    await logging.close();
    await until(() => shown.includes(`"n":${n},`));
    tail.kill();
    expect(numbers(parse(shown))).toEqual(upTo(n + 1));
  });

  it('of an older version, a symbolic link, becomes one that tail -F can follow', async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'bot-2020-01-01.log.3'), '');
    symlinkSync('bot-2020-01-01.log.3', join(directory, 'bot.log'));
    const { logging } = open({ directory });
    logging.logger('main').info('line');
    await logging.close();
    expect(statSync(join(directory, 'bot.log')).ino).toBe(
      statSync(join(directory, `bot-${today()}.log`)).ino,
    );
    expect(() => readlinkSync(join(directory, 'bot.log'))).toThrow('EINVAL');
  });

  it('that outlived its file, deleted while the bot was away, is ours to point elsewhere', async () => {
    const { logging, directory } = open();
    logging.logger('main').info('line', { n: 1 });
    await logging.close();
    rmSync(join(directory, `bot-${today()}.log`));
    const next = open({ directory });
    next.logging.logger('main').info('line', { n: 2 });
    await next.logging.close();
    expect(numbers(parse(readFileSync(join(directory, 'bot.log'), 'utf8')))).toEqual([2]);
  });

  it.each([
    ['a file', (path: string) => writeFileSync(path, 'precious\n')],
    ['a directory', (path: string) => mkdirSync(path)],
    ['a link to elsewhere', (path: string) => symlinkSync('/nowhere/precious', path)],
  ])('that is %s of somebody else’s is kept, and said once', async (_, make) => {
    const directory = temporaryDirectory();
    make(join(directory, 'bot.log'));
    const { logging, screen } = open({ directory, maxSizeBytes: 1000, backupCount: 100 });
    for (let n = 0; n < 100; n += 1) logging.logger('main').info('line', { n });
    await logging.close();
    const told = screen.lines().filter((line) => line.includes('not ours'));
    expect(told).toHaveLength(1);
    expect(numbers(lines(directory))).toEqual(upTo(100));
    if (_ === 'a file') expect(readFileSync(join(directory, 'bot.log'), 'utf8')).toBe('precious\n');
    if (_ === 'a link to elsewhere')
      expect(readlinkSync(join(directory, 'bot.log'))).toBe('/nowhere/precious');
  });
});

describe('bot.log', () => {
  it('that could not be made is made with the lines that come next, and that is said once', async () => {
    const { logging, screen, directory } = withBlockedLink();
    const log = logging.logger('main');
    for (let n = 0; n < 3; n += 1) {
      log.info('line', { n });
      await until(() => lines(directory).length === n + 1);
    }
    expect(existsSync(join(directory, 'bot.log'))).toBe(false);
    expect(screen.lines().filter((line) => line.includes('link to the newest'))).toHaveLength(1);
    rmSync(join(directory, '.bot.log.tmp'), { recursive: true });
    log.info('line', { n: 3 });
    await until(() => existsSync(join(directory, 'bot.log')));
    await logging.close();
    expect(numbers(parse(readFileSync(join(directory, 'bot.log'), 'utf8')))).toEqual(upTo(4));
  });

  function withBlockedLink(): Bench {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, '.bot.log.tmp', 'in the way'), { recursive: true });
    return open({ directory });
  }
});

describe('a name', () => {
  it.each(['999999999', '9999999999', '9'.repeat(200)])(
    'with the number %s does not stop the lines, nor the rotation',
    async (number) => {
      const directory = temporaryDirectory();
      const name = `bot-${today()}.log.${number}`;
      writeFileSync(join(directory, name), `${' '.repeat(2000)}\n`);
      const { logging, screen } = open({
        directory,
        maxSizeBytes: 1000,
        backupCount: 50,
        consoleLevel: 'warn',
      });
      for (let n = 0; n < 50; n += 1) logging.logger('main').info('line', { n });
      await logging.close();
      rmSync(join(directory, name));
      expect(numbers(lines(directory))).toEqual(upTo(50));
      expect(files(directory)[0]).toBe(`bot-${today()}.log`);
      expect(screen.text).toBe('');
    },
  );
});

describe('the number of files', () => {
  it('is not filled by days to come, from a clock that was wrong: those are the first to go', async () => {
    const directory = temporaryDirectory();
    for (const name of [
      'bot-2999-01-01.log',
      'bot-2999-01-01.log.1',
      'bot-2999-01-02.log',
      'bot-2020-01-01.log',
    ])
      writeFileSync(join(directory, name), '{}\n');
    const { logging } = open({ directory, maxSizeBytes: 1000, backupCount: 2, consoleLevel: 'error' });
    logging.logger('main').info('line', { n: 0 });
    await until(() => lines(directory).some(({ n }) => n === 0));
    const left = ['bot-2020-01-01.log', 'bot-2999-01-02.log', `bot-${today()}.log`];
    expect(new Set(files(directory))).toEqual(new Set(left));
    for (let n = 1; n < 30; n += 1) logging.logger('main').info('line', { n });
    await logging.close();
    const kept = numbers(lines(directory));
    expect(files(directory).every((name) => name.includes(today()))).toBe(true);
    expect(kept).toEqual(upTo(30).slice(-kept.length));
    expect(kept.length).toBeGreaterThan(15);
  });

  it('is kept for both kinds, in a burst and across restarts, and the newest are those that stay', async () => {
    const directory = temporaryDirectory();
    for (let run = 0; run < 4; run += 1) {
      const { logging } = open({ directory, maxSizeBytes: 2000, backupCount: 2, consoleLevel: 'error' });
      // Errors go to both.
      for (let n = 0; n < 500; n += 1) logging.logger('main').error('line', { n: run * 500 + n });
      await logging.close();
      for (const kind of ['bot', 'error']) {
        expect(files(directory, kind)).toHaveLength(3);
        const kept = numbers(lines(directory, kind));
        expect(kept).toEqual(upTo((run + 1) * 500).slice(-kept.length));
      }
    }
  });

  it('is never more than allowed, not even for a moment', async () => {
    const { logging, directory } = open({ maxSizeBytes: 2000, backupCount: 2, consoleLevel: 'error' });
    let most = 0;
    for (let n = 0; n < 300; n += 1) {
      logging.logger('main').info('line', { n, padding: 'x'.repeat(500) });
      most = Math.max(most, files(directory).length);
      await new Promise(setImmediate);
    }
    await logging.close();
    expect(most).toBeLessThanOrEqual(3);
    expect(files(directory)).toHaveLength(3);
  });

  it('may be one, and a line may be longer than a file', async () => {
    const { logging, directory } = open({ maxSizeBytes: 1000, backupCount: 0, consoleLevel: 'error' });
    for (let n = 0; n < 20; n += 1) logging.logger('main').info('line', { n, padding: 'x'.repeat(5000) });
    await logging.close();
    expect(files(directory)).toHaveLength(1);
    expect(numbers(lines(directory))).toEqual([19]);
  });

  it('leaves a gap where the oldest were, and never goes back into it', async () => {
    const directory = temporaryDirectory();
    for (const number of [7, 8]) {
      writeFileSync(
        join(directory, `bot-${today()}.log.${number}`),
        '{"timestamp":"x"}\n'.padStart(3000, '\n'),
      );
    }
    const { logging } = open({ directory, maxSizeBytes: 1000 });
    logging.logger('main').info('line');
    await logging.close();
    expect(files(directory).at(-1)).toBe(`bot-${today()}.log.9`);
  });
});

describe('midnight UTC', () => {
  afterEach(() => jest.useRealTimers());

  it('begins the next day’s file, in which bot.log goes on', async () => {
    const now = new Date('2031-12-31T23:59:59.000Z');
    const doNotFake = ['setTimeout', 'setImmediate', 'clearTimeout', 'nextTick', 'performance'] as const;
    jest.useFakeTimers({ now, doNotFake: [...doNotFake, 'queueMicrotask', 'setInterval', 'clearInterval'] });
    const { logging, directory } = open({ maxSizeBytes: 1500, backupCount: 5, consoleLevel: 'error' });
    for (let n = 0; n < 20; n += 1) logging.logger('main').info('line', { n });
    await until(() => lines(directory).length === 20);
    jest.setSystemTime(new Date('2032-01-01T00:00:00.500Z'));
    for (let n = 20; n < 25; n += 1) logging.logger('main').info('line', { n });
    await logging.close();
    expect(files(directory).sort()).toEqual([
      'bot-2031-12-31.log',
      'bot-2031-12-31.log.1',
      'bot-2032-01-01.log',
    ]);
    const newDay = readFileSync(join(directory, 'bot-2032-01-01.log'), 'utf8');
    expect(numbers(parse(newDay))).toEqual([20, 21, 22, 23, 24]);
    expect(readFileSync(join(directory, 'bot.log'), 'utf8')).toBe(newDay);
  });
});

describe('two processes with one directory', () => {
  it.each([false, true])(
    'lose no line of either, tear none, and keep the size (compressed: %s)',
    async (compress) => {
      const compiled = compileLogging();
      const directory = join(temporaryDirectory(), 'logs');
      const start = (name: string): LoggingProcess =>
        runLogging(
          compiled,
          `const own = logging.logger('${name}');
           let n = 0;
           const step = () => {
             for (let k = 0; k < 40; k += 1) own.info('line', { n: n++ });
             if (n < 8000) setTimeout(step, 1); else logging.close().then(() => process.exit(0));
           };
           step();`,
          { directory, maxSizeBytes: 20_000, compress },
        );
      const [a, b] = await Promise.all([start('a').ended, start('b').ended]);
      expect([a, b]).toMatchObject([
        { status: 0, stderr: '' },
        { status: 0, stderr: '' },
      ]);
      const all = lines(directory);
      for (const name of ['a', 'b']) {
        expect(numbers(all.filter(({ logger }) => logger === name))).toEqual(upTo(8000));
      }
      const plain = files(directory).filter((name) => !name.endsWith('.gz'));
      const holds = (name: string, logger: string): boolean =>
        parse(content(directory, name)).some((line) => line.logger === logger);
      const shared = plain.filter((name) => holds(name, 'a') && holds(name, 'b'));
      const sizes = plain.map((name) => (shared.includes(name) ? 0 : statSync(join(directory, name)).size));
      // At the file that one found at its start there were both, and may have seen the same room; all others are one's own.
      expect(shared.length).toBeLessThanOrEqual(1);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(20_000 + 130);
      expect(plain.length).toBeGreaterThan(20);
    },
  );

  it('keep the number of files together', async () => {
    const compiled = compileLogging();
    const directory = join(temporaryDirectory(), 'logs');
    const program = `for (let n = 0; n < 3000; n += 1) log.info('line', { n });
      logging.close().then(() => process.exit(0));`;
    const run = (): LoggingProcess =>
      runLogging(compiled, program, { directory, maxSizeBytes: 10_000, backupCount: 2 });
    const ended = await Promise.all([run().ended, run().ended]);
    expect(ended).toMatchObject([{ status: 0 }, { status: 0 }]);
    expect(files(directory)).toHaveLength(3);
  });
});

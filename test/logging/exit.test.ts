import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileLogging, runLogging, type ProcessOptions } from './process';
import { cleanUp, files, lines, parse, temporaryDirectory, today } from './support';

let compiled = '';
beforeAll(() => {
  compiled = compileLogging();
});
afterAll(cleanUp);

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly directory: string;
}

/** Runs a program that has `logging` and `log` to its end. */
async function run(program: string, options: Partial<ProcessOptions> = {}): Promise<Ended> {
  const directory = options.directory ?? join(temporaryDirectory(), 'logs');
  const ended = await runLogging(compiled, program, { ...options, directory }).ended;
  return { ...ended, directory };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const numbers = (directory: string): unknown[] =>
  lines(directory)
    .filter(({ message }) => message === 'line')
    .map(({ n }) => n);

/** Logs until it is told to stop, the way the bot is; prints how many lines those were. */
const UNTIL_STOPPED = `
  let n = 0, stopped = false;
  const stop = (code) => {
    stopped = true;
    logging.close().then(() => process.stdout.write('logged ' + n, () => process.exit(code)));
  };
  process.on('SIGTERM', () => stop(0)).on('SIGINT', () => stop(0));
  process.on('uncaughtException', (error) => { log.error('dying', { error }); stop(1); });
  const step = () => {
    for (let k = 0; k < 200 && !stopped; k += 1) log.info('line', { n: n++ });
    if (n === 16_000) process.stdout.write('under way\\n');
    if (n === 24_000 && process.env.BOOM) throw new Error('boom');
    if (!stopped) setImmediate(step);
  };
  step();`;

const logged = (stdout: string): number => Number(/logged (\d+)/.exec(stdout)?.[1]);

describe('a process with 0.4 MB a file', () => {
  const maxSizeBytes = 400_000;

  it.each([
    ['SIGTERM', false],
    ['SIGTERM', true],
    ['SIGINT', false],
  ] as const)(
    'that gets %s in the middle has every line once, in order (compressed: %s)',
    async (signal, compress) => {
      const directory = join(temporaryDirectory(), 'logs');
      const bot = runLogging(compiled, UNTIL_STOPPED, { directory, compress, maxSizeBytes });
      await bot.printed('under way');
      bot.kill(signal);
      const { status, stdout, stderr } = await bot.ended;
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(logged(stdout)).toBeGreaterThanOrEqual(16_000);
      expect(numbers(directory)).toEqual(upTo(logged(stdout)));
    },
  );

  it('that ends by an exception has every line before it, and the one of its death', async () => {
    const { status, stdout, directory } = await run(`process.env.BOOM = '1'; ${UNTIL_STOPPED}`, {
      maxSizeBytes,
    });
    expect(status).toBe(1);
    expect(numbers(directory)).toEqual(upTo(logged(stdout)));
    expect(lines(directory, 'error')).toMatchObject([{ message: 'dying', error: { message: 'boom' } }]);
  });

  it.each([
    ['process.exit in a command', 'process.exit(3)', 3],
    ['an exception that nobody catches', 'throw new Error("boom")', 1],
  ])('that is ended by %s, with no close, has every line once, in order', async (_, end, code) => {
    const { status, directory } = await run(
      `let n = 0;
       const step = () => {
         for (let k = 0; k < 500; k += 1) log.info('line', { n: n++ });
         if (n < 12_000) setImmediate(step); else { log.error('last'); ${end}; }
       };
       step();`,
      { maxSizeBytes },
    );
    expect(status).toBe(code);
    expect(numbers(directory)).toEqual(upTo(12_000));
    expect(lines(directory, 'error')).toHaveLength(1);
  });
});

describe('a process', () => {
  it('that exits in the turn in which it logs keeps the limits of its files', async () => {
    const { directory } = await run(
      `for (let n = 0; n < 5000; n += 1) log.info('line', { n });
       process.exit();`,
      { maxSizeBytes: 28_000, backupCount: 3 },
    );
    const kept = numbers(directory);
    expect(kept.at(-1)).toBe(4999);
    expect(kept).toEqual(upTo(5000).slice(-kept.length));
    expect(kept.length).toBeGreaterThan(600);
  });

  it('that exits after close has every line of a burst in its files', async () => {
    const { status, directory, stderr } = await run(`
      for (let n = 0; n < 20_000; n += 1) log.info('line', { n });
      logging.close().then(() => process.exit(3));`);
    expect({ status, stderr }).toEqual({ status: 3, stderr: '' });
    expect(lines(directory)).toHaveLength(20_000);
  });

  it('that logs in the very end, after ours was told of it, has these lines in files and console', async () => {
    const { directory, stdout } = await run(
      `process.on('exit', () => {
         for (let n = 100; n < 120; n += 1) log.error('line', { n });
       });
       for (let n = 0; n < 100; n += 1) log.error('line', { n });
       process.exit();`,
      { maxSizeBytes: 2000, backupCount: 3 },
    );
    expect(parse(stdout).map(({ n }) => n)).toEqual(upTo(120));
    const kept = numbers(directory);
    expect(kept).toEqual(upTo(120).slice(-kept.length));
    // A file is not begun for each.
    expect(kept.length).toBeGreaterThan(50);
    expect(files(directory)).toHaveLength(4);
  });

  it('that exits where directories are in the way of its files has every line', async () => {
    const directory = join(temporaryDirectory(), 'logs');
    mkdirSync(join(directory, `bot-2020-01-01.log`), { recursive: true });
    mkdirSync(join(directory, `bot-${today()}.log`));
    const program = `for (let n = 0; n < 100; n += 1) log.info('line', { n }); process.exit();`;
    await run(program, { directory, backupCount: 0 });
    expect(readFileSync(join(directory, `bot-${today()}.log.1`), 'utf8').split('\n')).toHaveLength(101);
  });

  it('that just ends, without close, is not kept alive and loses nothing', async () => {
    const { status, directory } = await run(`log.info('only');`);
    expect(status).toBe(0);
    expect(lines(directory)).toHaveLength(1);
  });

  it('survives a disk that takes nothing from its first line to its last', async () => {
    const directory = join(temporaryDirectory(), 'logs');
    writeFileSync(directory, 'in the way');
    const program = `
      for (let n = 0; n < 1000; n += 1) log.info('line', { n });
      setTimeout(() => logging.close().then(() => process.exit(logging.counts().dropped === 1000 ? 0 : 9)), 100);`;
    const { status, stderr } = await run(program, { directory });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('whose disk is slow needs bounded memory for its log, and counts exactly what is lost', async () => {
    const { stdout, directory } = await run(
      `const { RotatingFile } = require('./src/logging/rotating-file');
       const write = fs.write;
       fs.write = (fd, bytes, offset, length, position, done) =>
         setTimeout(() => write(fd, bytes, offset, length, position, done), 15 + length / 5000);
       const ignore = () => undefined;
       const file = new RotatingFile({ directory: directory, kind: 'slow', maxSizeBytes: 1e7, backupCount: 99,
         compress: false, onFault: ignore, onRecovery: ignore, onCompressionFault: ignore, onUnlinked: ignore });
       const used = () => { gc(); const { heapUsed, external } = process.memoryUsage(); return heapUsed + external; };
       const before = used();
       const padding = 'x'.repeat(1000);
       let n = 0, most = 0;
       const step = () => {
         for (let k = 0; k < 2000; k += 1) file.write('{"n":' + n++ + ',"padding":"' + padding + '"}');
         if (n % 20_000 === 0) most = Math.max(most, used());
         if (n < 100_000) return setImmediate(step);
         fs.write = write;
         file.close().then(() => console.log(JSON.stringify({ grown: most - before, dropped: file.dropped })));
       };
       step();`,
      { nodeOptions: ['--expose-gc'] },
    );
    const { grown, dropped }: { grown: number; dropped: number } = JSON.parse(stdout);
    expect(dropped).toBeGreaterThan(5000);
    expect(lines(directory, 'slow').length + dropped).toBe(100_000);
    expect(grown).toBeLessThan(100e6);
  });
});

describe('a process that closes on a disk', () => {
  /** Logs 5 MB, and prints what was lost and how long it took; `delayMs` says how long a write of that length takes. */
  const closing = (delayMs: string): string => `
    const write = fs.write;
    let writes = 0;
    fs.write = (fd, bytes, offset, length, position, done) => {
      writes += 1;
      setTimeout(() => write(fd, bytes, offset, length, position, done), ${delayMs});
    };
    const padding = 'x'.repeat(900);
    for (let n = 0; n < 5000; n += 1) log.info('line', { n, padding });
    setImmediate(async () => {
      const started = performance.now();
      await logging.close();
      console.log(JSON.stringify({ dropped: logging.counts().dropped, ms: performance.now() - started }));
    });`;
  const told = (stdout: string): { dropped: number; ms: number } => {
    const line = stdout.split('\n').find((one) => one.includes('"dropped"')) ?? '';
    const result: { dropped: number; ms: number } = JSON.parse(line);
    return result;
  };

  it('that is slow but goes on loses nothing', async () => {
    const { stdout, directory } = await run(closing('length / 1200'), { maxSizeBytes: 1e7 });
    const { dropped, ms } = told(stdout);
    expect(ms).toBeGreaterThan(3500);
    expect(dropped).toBe(0);
    expect(numbers(directory)).toEqual(upTo(5000));
  });

  it('that stops for too long counts what was not written to the line, and says it', async () => {
    const { stdout, directory } = await run(closing('writes === 2 ? 3500 : 0'), { maxSizeBytes: 1e7 });
    const { dropped } = told(stdout);
    const written = numbers(directory);
    expect(dropped).toBeGreaterThan(1000);
    expect(written).toEqual(upTo(5000 - dropped));
    expect(stdout).toContain(`${dropped} lines are lost`);
  });
});

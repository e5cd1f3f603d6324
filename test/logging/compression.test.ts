import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { compileLogging, runLogging } from './process';
import { cleanUp, files, lines, open, parse, temporaryDirectory, today, until, type Bench } from './support';

afterEach(cleanUp);

const OLD = 'bot-2020-01-01.log';
const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const numbers = (directory: string): unknown[] => lines(directory).map(({ n }) => n);

/** A directory with files of another day, a line in each. */
function withOldFiles(count: number): string {
  const directory = temporaryDirectory();
  for (let n = 0; n < count; n += 1) {
    const path = join(directory, n === 0 ? OLD : `${OLD}.${n}`);
    writeFileSync(path, `{"n":${n}}\n`);
    utimesSync(path, 0, 0);
  }
  return directory;
}

const compressing = (directory: string, backupCount = 50): Bench =>
  open({ directory, backupCount, compress: true, consoleLevel: 'error', maxSizeBytes: 1000 });

describe('a finished file', () => {
  it('becomes a whole .gz with the time of its last line, and only then goes', async () => {
    const directory = withOldFiles(1);
    const then = new Date('2020-01-01T12:00:00Z');
    utimesSync(join(directory, OLD), then, then);
    const { logging } = compressing(directory);
    await until(() => !existsSync(join(directory, OLD)));
    expect(gunzipSync(readFileSync(join(directory, `${OLD}.gz`))).toString()).toBe('{"n":0}\n');
    expect(statSync(join(directory, `${OLD}.gz`)).mtime).toEqual(then);
    await logging.close();
    expect(existsSync(join(directory, `bot-${today()}.log`))).toBe(true);
  });

  it('loses no line to compression while lines come, and the current one stays plain', async () => {
    const directory = withOldFiles(0);
    const { logging } = compressing(directory);
    let n = 0;
    while (!files(directory).some((name) => name.endsWith('.gz'))) {
      logging.logger('main').info('line', { n: n++ });
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await logging.close();
    expect(numbers(directory)).toEqual(upTo(n));
    expect(files(directory).at(-1)).not.toMatch(/gz$/);
  });

  it('keeps the lines that another process still writes to it when it is removed', async () => {
    const directory = withOldFiles(1);
    const other = openSync(join(directory, OLD), 'a');
    const { logging } = compressing(directory);
    await until(() => !existsSync(join(directory, OLD)));
    writeSync(other, '{"n":1}\n');
    await until(() => numbers(directory).includes(1));
    expect(numbers(directory)).toEqual([0, 1]);
    await logging.close();
  });

  it('is not waited for by those behind it if it is a pipe, a directory or a link', async () => {
    const directory = withOldFiles(3);
    rmSync(join(directory, OLD));
    execFileSync('mkfifo', [join(directory, OLD)]);
    rmSync(join(directory, `${OLD}.1`));
    mkdirSync(join(directory, `${OLD}.1`));
    for (const name of [OLD, `${OLD}.1`]) utimesSync(join(directory, name), 0, 0);
    symlinkSync('nothing', join(directory, 'bot-2020-01-02.log'));
    const { logging, screen } = compressing(directory);
    await until(() => existsSync(join(directory, `${OLD}.2.gz`)));
    await logging.close();
    expect(files(directory)).toEqual(expect.arrayContaining([OLD, `${OLD}.1`, 'bot-2020-01-02.log']));
    expect(screen.text).toBe('');
  });

  it('that rotation removes just then, as the oldest, is not said to be at fault', async () => {
    const directory = withOldFiles(2);
    const program = `
      const files = require('node:fs/promises');
      const { stat } = files;
      files.stat = async (path) => {
        const stats = await stat(path);
        const temporary = directory + '/.${OLD}.gz.tmp';
        if (path === directory + '/${OLD}' && fs.existsSync(temporary)) {
          fs.rmSync(path);
          fs.rmSync(temporary);
        }
        return stats;
      };
      const end = setInterval(() => {
        if (!fs.existsSync(directory + '/${OLD}.1.gz') || fs.existsSync(directory + '/${OLD}.1')) return;
        clearInterval(end);
        logging.close();
      }, 5);`;
    const { stdout, status } = await runLogging(compileLogging(), program, { directory, compress: true })
      .ended;
    expect({ stdout, status }).toEqual({ stdout: '', status: 0 });
    expect(existsSync(join(directory, OLD))).toBe(false);
    expect(existsSync(join(directory, `${OLD}.gz`))).toBe(false);
  });

  it('is compressed too where its day is yet to come, and the newest of today stays plain', async () => {
    const directory = withOldFiles(1);
    const [old, future, ofAnother] = ['2020-01-01', '2999-01-01', today()].map((day) =>
      join(directory, `bot-${day}.log`),
    ) as [string, string, string];
    writeFileSync(future, '{"n":1}\n');
    utimesSync(future, 0, 0);
    writeFileSync(ofAnother, '{"n":2}\n');
    utimesSync(ofAnother, 0, 0);
    const { logging } = compressing(directory);
    await until(() => !existsSync(old) && !existsSync(future));
    await logging.close();
    expect(existsSync(ofAnother)).toBe(true);
    expect(numbers(directory).sort()).toEqual([0, 1, 2]);
  });

  it('waits for the next start when the bot stops, which it does not delay', async () => {
    const directory = withOldFiles(20);
    const { logging } = compressing(directory);
    await until(() => existsSync(join(directory, `${OLD}.gz`)));
    const started = performance.now();
    await logging.close();
    expect(performance.now() - started).toBeLessThan(500);
    expect(numbers(directory)).toEqual(upTo(20));
    expect(readdirSync(directory).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    const next = compressing(directory);
    await until(() => !existsSync(join(directory, `${OLD}.1`)));
    await next.logging.close();
    expect(numbers(directory)).toEqual(upTo(20));
  });
});

describe('a compression that was broken off', () => {
  it('before the .gz was whole is begun anew', async () => {
    const directory = withOldFiles(1);
    const temporary = join(directory, `.${OLD}.gz.tmp`);
    writeFileSync(temporary, 'half');
    utimesSync(temporary, 0, 0);
    const { logging } = compressing(directory);
    await until(() => !existsSync(join(directory, OLD)));
    expect(numbers(directory)).toEqual([0]);
    expect(existsSync(temporary)).toBe(false);
    await logging.close();
  });

  it('before the plain form was removed is finished, and counts as one file meanwhile', async () => {
    const directory = withOldFiles(2);
    writeFileSync(join(directory, `${OLD}.gz`), gzipSync('{"n":0}\n'));
    const { logging } = compressing(directory, 2);
    await until(() => !existsSync(join(directory, OLD)));
    expect(numbers(directory)).toEqual([0, 1]);
    await logging.close();
  });

  it('by a kill, wherever that was, has lost no line after the next start', async () => {
    const directory = join(temporaryDirectory(), 'logs');
    const program = `let n = 0; setInterval(() => {
        for (let k = 0; k < 50; k += 1) log.info('line', { n: n++, random: Math.random() });
        if (n % 1000 === 0) process.stdout.write(n + '\\n');
      }, 1);`;
    const compiled = compileLogging();
    const bot = runLogging(compiled, program, { directory, compress: true, maxSizeBytes: 50_000 });
    await bot.printed('20000\n');
    bot.kill('SIGKILL');
    await bot.ended;
    const before = numbers(directory);
    expect(before).toEqual(upTo(before.length));
    expect(before.length).toBeGreaterThan(2000);
    const { logging } = open({ directory, backupCount: 1000, compress: true });
    for (const name of files(directory)) utimesSync(join(directory, name), 0, 0);
    await until(() => existsSync(join(directory, `bot-${today()}.log.gz`)));
    await logging.close();
    expect(numbers(directory)).toEqual(before);
  });

  it('by a fault is said once a minute, and the file stays as it is', async () => {
    const directory = withOldFiles(1);
    mkdirSync(join(directory, `${OLD}.gz`));
    const { logging, screen } = compressing(directory);
    await until(() => screen.text.includes('cannot be compressed'));
    for (let n = 0; n < 100; n += 1) logging.logger('main').info('line', { n });
    await logging.close();
    expect(screen.lines().filter((line) => line.includes('cannot be compressed'))).toHaveLength(1);
    expect(parse(readFileSync(join(directory, OLD), 'utf8'))).toEqual([{ n: 0 }]);
    expect(logging.counts().dropped).toBe(0);
  });
});

describe('the number of files', () => {
  it('counts compressed ones, also when compression is switched on and off', async () => {
    const directory = temporaryDirectory();
    let n = 0;
    for (const compress of [true, false, true, false]) {
      const { logging } = open({
        directory,
        backupCount: 3,
        compress,
        maxSizeBytes: 1000,
        consoleLevel: 'error',
      });
      for (let k = 0; k < 60; k += 1) logging.logger('main').info('line', { n: n++ });
      if (compress) await until(() => files(directory).some((name) => name.endsWith('.gz')));
      await logging.close();
      expect(new Set(files(directory).map((name) => name.replace(/\.gz$/, ''))).size).toBe(4);
      const kept = numbers(directory);
      expect(kept).toEqual(upTo(n).slice(-kept.length));
    }
  });
});

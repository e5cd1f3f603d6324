import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Watch } from '../../src/log-reader/directory-changes';
import { follow } from '../../src/log-reader/follow';
import { EVERYTHING, type LogQuery } from '../../src/log-reader/query';
import { createReading } from '../../src/log-reader/read';
import { cleanUp as closeLogging, open, until } from '../logging/support';
import { at, cleanUp, directory, line, numbersOf, packed, text, write } from './support';

interface Follower {
  readonly numbers: () => number[];
  readonly broken: () => number;
  readonly unreadable: readonly string[];
  readonly stop: () => Promise<void>;
}

const followers: Follower[] = [];
afterEach(async () => {
  for (const follower of followers.splice(0)) await follower.stop();
  await closeLogging();
  cleanUp();
});

interface Options {
  readonly query?: Partial<LogQuery>;
  readonly backlog?: number | null;
  readonly pollMs?: number;
  readonly watch?: Watch;
}

function start(
  logs: string,
  { query = {}, backlog = null, pollMs = 20, ...options }: Options = {},
): Follower {
  const reading = createReading({ ...EVERYTHING, ...query });
  const stop = new AbortController();
  const lines: string[] = [];
  const unreadable: string[] = [];
  const over = (async () => {
    const entries = follow({
      directory: logs,
      kind: 'bot',
      reading,
      backlog,
      signal: stop.signal,
      now: Date.now,
      onUnreadable: (name) => unreadable.push(name),
      pollMs,
      ...options,
    });
    for await (const batch of entries) lines.push(...batch.map((entry) => entry.text));
  })();
  const follower = {
    numbers: () => numbersOf(lines),
    broken: () => reading.brokenLines,
    unreadable,
    stop: () => {
      stop.abort();
      return over;
    },
  };
  followers.push(follower);
  return follower;
}

const linkOf = (path: string): string[] => {
  try {
    return [readlinkSync(path)];
  } catch {
    return []; // It was closed meanwhile.
  }
};
const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);
/** As some network file systems do. */
const notWatching: Watch = () => {
  throw new Error('this file system tells nothing');
};
const FIRST = 'bot-2026-01-31.log';

describe('following', () => {
  it('shows the newest lines that are there, from as many files as it takes, and then each new one', async () => {
    const logs = directory();
    write(logs, {
      'bot-2026-01-30.log.gz': packed(...range(1, 50).map((n) => line(n))),
      [FIRST]: text(line(51)),
    });
    const follower = start(logs, { backlog: 10 });
    await until(() => follower.numbers().length === 10);
    appendFileSync(join(logs, FIRST), text(line(52)));
    await until(() => follower.numbers().includes(52));
    expect(follower.numbers()).toEqual(range(42, 52));
  });

  it('shows only what is asked for, before and after', async () => {
    const logs = directory();
    write(logs, { [FIRST]: text(line(1), line(2, { level: 'error' }), line(3, { level: 'error' })) });
    const follower = start(logs, { query: { level: 'error', since: at(3) } });
    await until(() => follower.numbers().length === 1);
    appendFileSync(join(logs, FIRST), text(line(4), line(5, { level: 'error' })));
    await until(() => follower.numbers().length === 2);
    expect(follower.numbers()).toEqual([3, 5]);
  });

  it('waits for the end of a line that is half written, and counts one that never ends', async () => {
    const logs = directory();
    const [head, tail] = [line(2).slice(0, 30), line(2).slice(30)];
    write(logs, { [FIRST]: text(line(1)) + head });
    const follower = start(logs);
    await until(() => follower.numbers().length === 1);
    appendFileSync(join(logs, FIRST), `${tail}\n${line(3).slice(0, 20)}\n${text(line(4))}`);
    await until(() => follower.numbers().length === 3);
    expect(follower.numbers()).toEqual([1, 2, 4]);
    expect(follower.broken()).toBe(1);
  });

  it('misses no file of a burst of rotations, nor of a new day, be they compressed already', async () => {
    const logs = directory();
    write(logs, { [FIRST]: text(line(1)) });
    const follower = start(logs, { pollMs: 100 });
    await until(() => follower.numbers().length === 1);
    appendFileSync(join(logs, FIRST), text(line(2)));
    write(logs, {
      'bot-2026-01-31.log.9': text(line(3)),
      'bot-2026-01-31.log.10.gz': packed(line(4)),
      'bot-2026-01-31.log.11': text(line(5)),
      'bot-2026-02-01.log.gz': packed(line(6)),
      'bot-2026-02-01.log.1': text(line(7)),
    });
    await until(() => follower.numbers().length >= 7);
    appendFileSync(join(logs, 'bot-2026-02-01.log.1'), text(line(8)));
    await until(() => follower.numbers().length >= 8);
    expect(follower.numbers()).toEqual(range(1, 8));
  });

  it('reads hundreds of files that came since the last look, without holding all of them open', async () => {
    const logs = directory();
    write(logs, Object.fromEntries(range(1, 150).map((n) => [`${FIRST}.${n}`, text(line(n))])));
    const follower = start(logs, { backlog: 100 });
    await until(() => follower.numbers().length === 100);
    write(logs, Object.fromEntries(range(151, 400).map((n) => [`${FIRST}.${n}`, text(line(n))])));
    await until(() => follower.numbers().length >= 350);
    expect(follower.numbers()).toEqual(range(51, 400));
    // Linux tells what a process has open.
    const descriptors = existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd') : [];
    const open = descriptors.flatMap((descriptor) => linkOf(`/proc/self/fd/${descriptor}`));
    expect(open.filter((file) => file.startsWith(logs)).length).toBeLessThanOrEqual(130);
  });

  it('keeps to a file that is compressed or deleted while it is written to', async () => {
    const logs = directory();
    write(logs, { [FIRST]: text(line(1)) });
    const follower = start(logs);
    await until(() => follower.numbers().length === 1);
    appendFileSync(join(logs, FIRST), text(line(2)));
    write(logs, { [`${FIRST}.gz`]: packed(line(1), line(2)), 'bot-2026-01-31.log.1': text(line(3)) });
    rmSync(join(logs, FIRST));
    await until(() => follower.numbers().length === 3);
    rmSync(join(logs, 'bot-2026-01-31.log.1'));
    write(logs, { 'bot-2026-01-31.log.1': text(line(4)) });
    await until(() => follower.numbers().length === 4);
    expect(follower.numbers()).toEqual([1, 2, 3, 4]);
  });

  it('shows what is still written to a file that was deleted, whatever goes after it', async () => {
    const logs = directory();
    write(logs, { [FIRST]: text(line(1)), 'bot-2026-01-31.log.1': text(line(2)) });
    const writer = openSync(join(logs, FIRST), 'a');
    const follower = start(logs);
    await until(() => follower.numbers().length === 2);
    for (const [name, number] of [
      [FIRST, 3],
      ['bot-2026-01-31.log.1', 4],
    ] as const) {
      rmSync(join(logs, name));
      write(logs, { 'bot-2026-01-31.log.2': text(...range(3, number).map((n) => line(n))) });
      await until(() => follower.numbers().includes(number));
    }
    await delay(60);
    appendFileSync(writer, text(line(5)));
    closeSync(writer);
    await until(() => follower.numbers().includes(5));
    expect(follower.numbers()).toEqual([1, 2, 3, 4, 5]);
  });

  it('shows lines that are added to a compressed file, once', async () => {
    const logs = directory();
    write(logs, { [`${FIRST}.gz`]: packed(line(1), line(2)), 'bot-2026-01-31.log.1': '' });
    const follower = start(logs);
    await until(() => follower.numbers().length === 2);
    appendFileSync(join(logs, `${FIRST}.gz`), packed(line(3)));
    await until(() => follower.numbers().length === 3);
    expect(follower.numbers()).toEqual([1, 2, 3]);
  });

  it('goes on where the directory is made later, deleted and made again, moved away and back, or a file emptied', async () => {
    const logs = join(directory(), 'logs');
    const follower = start(logs);
    mkdirSync(logs);
    write(logs, { [FIRST]: text(line(1), line(2)) });
    await until(() => follower.numbers().length === 2);
    rmSync(logs, { recursive: true });
    mkdirSync(logs);
    write(logs, { [FIRST]: text(line(3), line(4)) });
    await until(() => follower.numbers().length === 4);
    renameSync(logs, `${logs}-away`);
    await delay(60);
    renameSync(`${logs}-away`, logs);
    await delay(60);
    truncateSync(join(logs, FIRST));
    await delay(60);
    appendFileSync(join(logs, FIRST), text(line(5)));
    await until(() => follower.numbers().length === 5);
    expect(follower.numbers()).toEqual([1, 2, 3, 4, 5]);
    expect(follower.unreadable).toEqual([]);
  });

  it('says of a file that it cannot be read, once, and goes on with the others', async () => {
    const logs = directory();
    mkdirSync(join(logs, FIRST));
    write(logs, { 'bot-2026-01-31.log.1': text(line(1)) });
    const follower = start(logs);
    await until(() => follower.numbers().length === 1);
    writeFileSync(join(logs, 'bot-2026-01-31.log.2'), text(line(2)));
    await until(() => follower.numbers().length === 2);
    expect(follower.unreadable).toEqual([FIRST]);
  });
});

describe('following our own log', () => {
  it.each([
    ['plain', false],
    ['compressed', true],
  ])(
    'shows each of 500 lines a second once and in order, over 20 rotations: %s files',
    async (_, compress) => {
      const { logging, directory: logs } = open({ maxSizeBytes: 6 * 1024, backupCount: 40, compress });
      const follower = start(logs);
      const logger = logging.logger('bot');
      const startedAt = performance.now();
      for (let sent = 0; sent < 1000;) {
        const due = Math.min(1000, Math.floor((performance.now() - startedAt) / 2));
        for (; sent < due; sent += 1) logger.info(`line ${sent + 1}`, { padding: 'x'.repeat(40) });
        await delay(4);
      }
      await until(() => follower.numbers().length >= 1000);
      expect(follower.numbers()).toEqual(range(1, 1000));
      expect(follower.broken()).toBe(0);
      const written = readdirSync(logs).filter((name) => /^bot-\d{4}-\d{2}-\d{2}\.log/.test(name));
      expect(written.length).toBeGreaterThan(20);
    },
  );

  it('shows each line of a flood of rotations once and in order, without being told of any change', async () => {
    const { logging, directory: logs } = open({ maxSizeBytes: 16 * 1024, backupCount: 500 });
    const follower = start(logs, { pollMs: 50, watch: notWatching });
    const logger = logging.logger('bot');
    for (let sent = 1; sent <= 20_000; sent += 1) logger.info(`line ${sent}`);
    await logging.close();
    await until(() => follower.numbers().length >= 20_000);
    expect(follower.numbers()).toEqual(range(1, 20_000));
  });
});

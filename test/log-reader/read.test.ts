import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, symlinkSync, truncateSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { kindFor, listLogFiles } from '../../src/log-reader/log-file';
import { EVERYTHING, type LogQuery } from '../../src/log-reader/query';
import { createReading, entriesOf, newestEntries, type Reading } from '../../src/log-reader/read';
import {
  at,
  cleanUp,
  directory,
  line,
  numbersOf,
  packed,
  settled,
  text,
  TRACE,
  USER,
  write,
} from './support';

afterEach(cleanUp);

async function read(from: string, query: Partial<LogQuery> = {}) {
  const reading = createReading({ ...EVERYTHING, ...query });
  const lines: string[] = [];
  for (const file of await listLogFiles(from, await kindFor(from, query.level ?? null))) {
    for await (const entries of entriesOf(file, reading)) lines.push(...entries.map((entry) => entry.text));
  }
  return { reading, lines, numbers: numbersOf(lines) };
}

const many = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => line(from + index));
const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('the files', () => {
  it('are read in the order in which they were written, compressed or not, and the link not at all', async () => {
    const logs = directory();
    write(logs, {
      'bot-2026-01-31.log': text(line(3)),
      'bot-2026-01-31.log.1.gz': packed(line(4)),
      'bot-2026-01-31.log.10': text(line(7), line(8)),
      'bot-2026-01-31.log.2': text(line(5)),
      'bot-2026-01-31.log.9': text(line(6)),
      'bot-2026-01-30.log.gz': packed(line(1), line(2)),
      'error-2026-01-31.log': text(line(99)),
      '.bot-2026-01-31.log.10.gz.tmp': text(line(99)),
      'bot-2026-01-31.log.bak': text(line(99)),
    });
    linkSync(join(logs, 'bot-2026-01-31.log.10'), join(logs, 'bot.log'));
    symlinkSync('bot-2026-01-31.log.10', join(logs, 'bot.old.log'));
    expect((await read(logs)).numbers).toEqual(range(1, 8));
  });

  it('are read once while they are being compressed', async () => {
    const logs = directory();
    write(logs, { 'bot-2026-01-31.log': text(line(1)), 'bot-2026-01-31.log.gz': packed(line(1)) });
    expect((await read(logs)).numbers).toEqual([1]);
  });

  it('are read to the end where lines were added to a compressed one later', async () => {
    const logs = directory();
    write(logs, { 'bot-2026-01-31.log.gz': Buffer.concat([packed(...many(1, 900)), packed(line(901))]) });
    expect((await read(logs)).numbers).toEqual(range(1, 901));
  });

  it('lose no line that is longer than what is read at once, nor a character that is split by it', async () => {
    const logs = directory();
    const long = line(1, { text: '한글'.repeat(50_000) });
    write(logs, { 'bot-2026-01-31.log': text(long, line(2)), 'bot-2026-01-31.log.1.gz': packed(long) });
    expect((await read(logs)).lines).toEqual([long, line(2), long]);
  });

  it('give what can be read of a compressed one that was cut off, and say which it was', async () => {
    const logs = directory();
    const words = range(1, 3000).map((n) => line(n, { noise: Math.sin(n) }));
    write(logs, { 'bot-2026-01-31.log.gz': packed(...words), 'bot-2026-01-31.log.1': text(line(9999)) });
    truncateSync(join(logs, 'bot-2026-01-31.log.gz'), packed(...words).length - 1000);
    const { numbers, reading } = await read(logs);
    expect(numbers.at(-1)).toBe(9999);
    expect(numbers.length).toBeGreaterThan(2500);
    expect(numbers.slice(0, -1)).toEqual(range(1, numbers.length - 1));
    expect(reading.unreadable).toEqual([
      { name: 'bot-2026-01-31.log', reason: expect.stringContaining('cut off') },
    ]);
  });

  it('are passed over where they are damaged from the start, and the others still read', async () => {
    const logs = directory();
    const damaged = packed(...many(1, 5000));
    damaged.fill(0xff, 200, 400);
    write(logs, {
      'bot-2026-01-30.log.gz': 'no gzip at all',
      'bot-2026-01-31.log.gz': damaged,
      'bot-2026-01-31.log.1': text(line(9999)),
    });
    const { numbers, reading } = await read(logs);
    expect(numbers.at(-1)).toBe(9999);
    expect(reading.unreadable.map(({ name }) => name)).toEqual(['bot-2026-01-30.log', 'bot-2026-01-31.log']);
  });

  it('are passed over, and said, where they are no files: a pipe is not waited for', async () => {
    const logs = directory();
    write(logs, { 'bot-2026-01-31.log.1': text(line(1)) });
    execFileSync('mkfifo', [join(logs, 'bot-2026-01-30.log')]);
    symlinkSync('/dev/zero', join(logs, 'bot-2026-01-31.log'));
    mkdirSync(join(logs, 'bot-2026-01-31.log.2'));
    const { numbers, reading } = await read(logs);
    expect(numbers).toEqual([1]);
    const names = ['bot-2026-01-30.log', 'bot-2026-01-31.log', 'bot-2026-01-31.log.2'];
    expect(reading.unreadable).toEqual(names.map((name) => ({ name, reason: 'it is not a file' })));
  });

  it('may end in half a line: it is counted, and spoils no other', async () => {
    const logs = directory();
    write(logs, {
      'bot-2026-01-30.log': `${text(line(1))}{"timestamp":"2026-01-30T00:00:00.000Z","lev`,
      'bot-2026-01-31.log': text('{"timestamp":"2026', line(2), '', '[1]', '{"level":"info"}', line(3)),
    });
    const { numbers, reading } = await read(logs);
    expect(numbers).toEqual([1, 2, 3]);
    expect(reading.brokenLines).toBe(4);
  });

  it('may come from elsewhere: with CRLF they are read, with a time that is none they are broken', async () => {
    const logs = directory();
    const strange = line(9, { timestamp: '\u202ezzzz' });
    write(logs, { 'bot-2026-01-31.log': `${line(1)}\r\n${strange}\n${line(2)}\r\n` });
    const { numbers, reading } = await read(logs);
    expect(numbers).toEqual([1, 2]);
    expect(reading.brokenLines).toBe(1);
  });

  it('are the error files where errors alone are asked for, since those reach further back', async () => {
    const logs = directory();
    write(logs, { 'bot-2026-01-31.log': text(line(2), line(3, { level: 'error' })) });
    expect((await read(logs, { level: 'error' })).numbers).toEqual([3]);
    write(logs, { 'error-2026-01-30.log': text(line(1, { level: 'error' }), line(3, { level: 'error' })) });
    expect((await read(logs, { level: 'error' })).numbers).toEqual([1, 3]);
  });
});

describe('a question', () => {
  it.each<[Partial<LogQuery>, number[]]>([
    [{ users: [USER] }, [2, 3]],
    [{ users: ['118'] }, []],
    [{ guilds: ['1180000000000000002', '7'] }, [2, 3, 4]],
    [{ commands: ['ticket'] }, [3, 4]],
    [{ commands: ['ticket close'] }, [3]],
    [{ commands: ['tick'] }, []],
    [{ traces: [TRACE.slice(0, 8)] }, [2, 4]],
    [{ loggers: ['command'] }, [5]],
    [{ events: ['command_settled'] }, [2, 3, 4]],
    [{ level: 'warn' }, [1, 3]],
    [{ level: 'debug' }, [1, 2, 3, 4, 5]],
    [{ texts: ['SAID "no"'] }, [5]],
    [{ texts: ['a.c'] }, []],
    [{ since: at(2), until: at(4) }, [2, 3, 4]],
    [{ users: [USER], level: 'error' }, [3]],
    [{ commands: ['stats', 'ticket'], users: [USER] }, [2, 3]],
  ])('is answered with the lines that fit and no others: %j', async (query, expected) => {
    const logs = directory();
    write(logs, {
      'bot-2026-01-31.log': text(
        line(1, { level: 'warn', logger: 'commands' }),
        settled(2),
        settled(3, { level: 'error', command: 'ticket close', trace_id: 'ff'.repeat(16) }),
        settled(4, {
          command: 'ticket:open',
          user_id: '5',
          parent_trace_id: TRACE,
          trace_id: 'ee'.repeat(16),
        }),
        line(5, { logger: 'command.stats', note: 'He said "No" to abc' }),
      ),
    });
    expect((await read(logs, query)).numbers).toEqual(expected);
  });

  it('since a time does not open files that were finished before it', async () => {
    const logs = directory();
    write(logs, {
      'bot-2026-01-30.log': text(...many(1, 50)),
      'bot-2026-01-31.log': text(line(90), line(91)),
    });
    utimesSync(join(logs, 'bot-2026-01-30.log'), new Date(at(60)), new Date(at(60)));
    const { numbers, reading } = await read(logs, { since: at(91) });
    expect(numbers).toEqual([91]);
    expect(reading.readBytes).toBe(text(line(90), line(91)).length);
  });
});

describe('the newest lines', () => {
  const newest = async (from: string, reading: Reading, count: number, characters = Infinity) => {
    const found = await newestEntries(await listLogFiles(from, 'bot'), reading, { count, characters });
    return { numbers: numbersOf(found.entries.map((entry) => entry.text)), isCut: found.isCut };
  };

  it('are found across files, without reading older ones than needed', async () => {
    const logs = directory();
    write(logs, {
      'bot-2026-01-30.log': text(...many(1, 1000)),
      'bot-2026-01-31.log': text(...many(1001, 5000)),
      'bot-2026-01-31.log.1': text(...many(5001, 5005)),
    });
    const reading = createReading(EVERYTHING);
    expect(await newest(logs, reading, 7)).toEqual({ numbers: range(4999, 5005), isCut: false });
    expect(reading.readBytes).toBe(text(...many(1001, 5005)).length);
  });

  it('never fill the memory, however long they are: the oldest of them go', async () => {
    const logs = directory();
    write(logs, { 'bot-2026-01-31.log': text(...many(1, 500)), 'bot-2026-01-31.log.1': text(line(501)) });
    const room = line(500).length * 3;
    expect(await newest(logs, createReading(EVERYTHING), 100, room)).toEqual({
      numbers: [499, 500, 501],
      isCut: true,
    });
  });
});

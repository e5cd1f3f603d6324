import { existsSync, readFileSync, renameSync, statSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  BUILD,
  INVOCATION,
  cleanUp,
  files,
  lines,
  open,
  parse,
  temporaryDirectory,
  today,
  until,
} from './support';

afterEach(cleanUp);

const messages = (directory: string, kind?: string): unknown[] =>
  lines(directory, kind).map(({ message }) => message);

describe('lines', () => {
  it('have the fields that scripts rely on, in their order, in a file of the day', async () => {
    const { logging, context, directory } = open({ now: () => 1_700_000_000_123 });
    context.run(INVOCATION, () => logging.logger('pipeline').info('settled', { duration_ms: 12.5 }));
    await logging.close();
    expect(readFileSync(join(directory, `bot-${today()}.log`), 'utf8')).toBe(
      '{"timestamp":"2023-11-14T22:13:20.123Z","level":"info","logger":"pipeline","message":"settled",' +
        '"trace_id":"0af7651916cd43dd8448eb211c80319c","interaction_id":"1180000000000000001",' +
        '"command":"ticket close","kind":"chat_input","guild_id":"1180000000000000002",' +
        '"user_id":"1180000000000000003","shard":2,"duration_ms":12.5,"version":"1.2.3","commit":"4bf92f3"}\n',
    );
  });

  it('are found by trace id whoever logs them, also after an await, and never under a stranger', async () => {
    const { logging, context, directory } = open();
    await context.run(INVOCATION, async () => {
      await new Promise(setImmediate);
      logging.logger('database').warn('slow', { user_id: 'somebody else', shard: 2 });
    });
    logging.logger('main').info('outside');
    await logging.close();
    const [inside, outside] = lines(directory);
    expect(inside).toMatchObject({ user_id: INVOCATION.userId, user_id_: 'somebody else', shard: 2 });
    expect(inside).not.toHaveProperty('shard_');
    expect(outside).not.toHaveProperty('trace_id');
  });

  it('cannot be given another time, level, message or build by a field', async () => {
    const { logging, directory } = open({ now: () => 0 });
    const forged = { timestamp: 'x', level: 'debug', logger: 'x', message: 'forged', version: 9, commit: {} };
    const fields = { ...forged, exception: true };
    logging.logger('main').error('real', fields);
    await logging.close();
    expect(lines(directory)).toEqual([
      {
        timestamp: '1970-01-01T00:00:00.000Z',
        level: 'error',
        logger: 'main',
        message: 'real',
        timestamp_: 'x',
        level_: 'debug',
        logger_: 'x',
        message_: 'forged',
        version_: 9,
        commit_: {},
        exception: true,
        ...BUILD,
      },
    ]);
  });
});

describe('levels', () => {
  it('are each destination’s own, and errors are also in a file of their own', async () => {
    const { logging, screen, directory } = open({ consoleLevel: 'warn', fileLevel: 'info' });
    const log = logging.logger('main');
    log.debug('d');
    log.info('i');
    log.warn('w');
    log.error('e');
    await logging.close();
    expect(parse(screen.text).map(({ message }) => message)).toEqual(['w', 'e']);
    expect(messages(directory)).toEqual(['i', 'w', 'e']);
    expect(messages(directory, 'error')).toEqual(['e']);
    expect(logging.counts()).toEqual({ records: { error: 1, warn: 1, info: 1, debug: 0 }, dropped: 0 });
  });

  it('can be changed while the bot runs', async () => {
    const { logging, screen } = open({ level: 'info' });
    logging.logger('main').debug('before');
    logging.levels.change({ level: 'debug', logger: null, destinations: ['console'], minutes: 1, by: 'kim' });
    logging.logger('main').debug('after');
    await logging.close();
    expect(parse(screen.text).map(({ message }) => message)).toContain('after');
    expect(screen.text).not.toContain('before');
  });

  it('that are off read nothing of what is handed to them', () => {
    const { logging } = open({ level: 'info' });
    const fields = {
      get costly(): never {
        throw new Error('was read');
      },
    };
    const readKeys = jest.fn(() => []);
    logging.logger('main').debug('off', new Proxy(fields, { ownKeys: readKeys }));
    expect(readKeys).not.toHaveBeenCalled();
  });
});

describe('files', () => {
  it('hold all of a burst of 50,000 lines when close is done, in order', async () => {
    const { logging, directory } = open({ consoleLevel: 'error' });
    const log = logging.logger('main');
    for (let n = 0; n < 50_000; n += 1) log.info('line', { n });
    await logging.close();
    expect(lines(directory).map(({ n }) => n)).toEqual(Array.from({ length: 50_000 }, (_, n) => n));
  });

  it('hold the lines that are logged in the very turn in which logging is opened and closed', async () => {
    const { logging, directory } = open();
    for (let n = 0; n < 5000; n += 1) logging.logger('main').info('line', { n });
    await logging.close();
    expect(lines(directory)).toHaveLength(5000);
  });

  it('have a line soon after it was logged, so that a tail feels live', async () => {
    const { logging, directory } = open();
    await until(() => existsSync(join(directory, 'bot.log')));
    const started = performance.now();
    logging.logger('main').info('now');
    await until(() => readFileSync(join(directory, 'bot.log'), 'utf8').includes('"now"'));
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it.each([1500, 10_000, 1024 * 1024])('rotate at %d bytes, give or take a line', async (maxSizeBytes) => {
    const { logging, directory } = open({ maxSizeBytes, backupCount: 100, consoleLevel: 'error' });
    const log = logging.logger('main');
    const padding = 'x'.repeat(Math.min(16_000, maxSizeBytes / 20));
    const count = Math.ceil((4 * maxSizeBytes) / padding.length);
    for (let n = 0; n < count; n += 1) log.info('line', { n, padding });
    await logging.close();
    const written = lines(directory);
    expect(written).toHaveLength(count);
    const longest = JSON.stringify(written.at(-1)).length + 1;
    const sizes = files(directory).map((name) => statSync(join(directory, name)).size);
    for (const size of sizes.slice(0, -1)) {
      expect(size).toBeGreaterThan(maxSizeBytes);
      expect(size).toBeLessThanOrEqual(maxSizeBytes + longest);
    }
    expect(sizes.length).toBeGreaterThan(2);
  });

  it('are never more than the current one and the backups, and the oldest go first, also in a burst', async () => {
    const { logging, directory } = open({ maxSizeBytes: 2000, backupCount: 3, consoleLevel: 'error' });
    for (let n = 0; n < 2000; n += 1) logging.logger('main').info('line', { n });
    await logging.close();
    expect(files(directory)).toHaveLength(4);
    const numbers = lines(directory).map(({ n }) => Number(n));
    expect(numbers).toEqual(numbers.map((_, index) => 2000 - numbers.length + index));
  });

  it('go on across restarts: the number, the limit and the order', async () => {
    const directory = temporaryDirectory();
    for (let run = 0; run < 6; run += 1) {
      const { logging } = open({ directory, maxSizeBytes: 1000, backupCount: 2, consoleLevel: 'error' });
      for (let n = 0; n < 30; n += 1) logging.logger('main').info('line', { n: run * 30 + n });
      await logging.close();
    }
    expect(files(directory)).toHaveLength(3);
    const numbers = lines(directory).map(({ n }) => Number(n));
    expect(numbers.at(-1)).toBe(179);
    expect(numbers).toEqual(numbers.map((_, index) => 180 - numbers.length + index));
  });

  it('obey a smaller number of backups after a restart', async () => {
    const directory = temporaryDirectory();
    const names = [2, 10, 1, 9, 0].map((n) => `bot-${today()}.log${n === 0 ? '' : `.${n}`}`);
    for (const name of [...names, 'bot-2020-01-01.log.99', 'bot-notes.txt', 'other-2020-01-01.log']) {
      writeFileSync(join(directory, name), '{}\n');
    }
    const { logging } = open({ directory, backupCount: 1 });
    logging.logger('main').info('line');
    await logging.close();
    expect(files(directory)).toEqual(['bot-notes.txt', `bot-${today()}.log.9`, `bot-${today()}.log.10`]);
    expect(readFileSync(join(directory, `bot-${today()}.log.10`), 'utf8')).toContain('"line"');
    expect(existsSync(join(directory, 'other-2020-01-01.log'))).toBe(true);
  });

  it('are followed by bot.log and error.log, links that a moved directory does not break', async () => {
    const parent = temporaryDirectory();
    const { logging, directory } = open({ directory: join(parent, 'logs'), maxSizeBytes: 1000 });
    for (let n = 0; n < 50; n += 1) logging.logger('main').error('line', { n });
    await logging.close();
    for (const kind of ['bot', 'error']) {
      const newest = join(directory, files(directory, kind).at(-1) ?? '');
      expect(statSync(join(directory, `${kind}.log`)).ino).toBe(statSync(newest).ino);
    }
    renameSync(directory, join(parent, 'moved'));
    expect(parse(readFileSync(join(parent, 'moved', 'bot.log'), 'utf8')).at(-1)?.n).toBe(49);
  });

  it('do not join a line to the half of one that a killed process left', async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, `bot-${today()}.log`), '{"message":"hal');
    const { logging } = open({ directory });
    logging.logger('main').info('whole');
    await logging.close();
    const [torn, whole] = readFileSync(join(directory, `bot-${today()}.log`), 'utf8').split('\n');
    expect(torn).toBe('{"message":"hal');
    expect(whole).toContain('"whole"');
  });

  it('are written in a directory whose path has characters of a pattern in it', async () => {
    const directory = join(temporaryDirectory(), 'c++ (bot', '[logs]');
    mkdirSync(directory, { recursive: true });
    for (let run = 0; run < 3; run += 1) {
      const { logging } = open({ directory, maxSizeBytes: 1000, backupCount: 2, consoleLevel: 'error' });
      for (let n = 0; n < 30; n += 1) logging.logger('main').info('line', { n: run * 30 + n });
      await logging.close();
    }
    expect(parse(readFileSync(join(directory, 'bot.log'), 'utf8')).at(-1)?.n).toBe(89);
  });
});

describe('close', () => {
  it('can be called twice, and later lines are counted, not thrown', async () => {
    const { logging, directory } = open();
    logging.logger('main').info('before');
    await Promise.all([logging.close(), logging.close()]);
    logging.logger('main').info('after');
    expect(messages(directory)).toEqual(['before']);
    expect(logging.counts().dropped).toBe(1);
  });
});

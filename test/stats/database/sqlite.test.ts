import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { sql } from 'kysely';
import Libsql from 'libsql';
import type { Database } from '../../../src/stats/database/database';
import { setAside } from '../../../src/stats/database/set-aside';
import { count, insert, opener, problemOf, temporaryDirectory } from './support';

const NOW = Date.UTC(2026, 10, 21, 13, 40, 0);
const ASIDE = '.corrupt-2026-11-21T13-40-00Z';
const directory = temporaryDirectory();
const open = opener();

let files = 0;
let file: string;
let url: string;
beforeEach(() => {
  file = path.join(directory, `${files++}.db`);
  url = `file:${file}`;
});

/** A file that was closed, as large as it takes for its damage to be seen late. */
async function writeMany(): Promise<void> {
  const database = await open(url);
  await database.write(async (queries) => {
    for (let n = 0; n < 1000; n += 1) await insert(queries, { at: n, trace_id: 'b'.repeat(500) });
  });
  await database.close();
}

/** With what SQLite keeps beside it gone, as after a copy of the file alone. */
function damage(change: (bytes: Buffer) => Buffer): Buffer {
  const damaged = change(readFileSync(file));
  rmSync(`${file}-wal`, { force: true });
  rmSync(`${file}-shm`, { force: true });
  rmSync(file);
  writeFileSync(file, damaged);
  return damaged;
}

describe('a file', () => {
  test('is made with its directories, for nobody else to read', async () => {
    const nested = path.join(directory, 'my data', 'bot 100%.db');
    await open(`file:${directory}/my%20data/bot 100%.db`);
    expect(existsSync(nested)).toBe(true);
    const modes = [path.dirname(nested), nested, `${nested}-wal`].map((name) => statSync(name).mode & 0o777);
    expect(modes).toEqual([0o700, 0o600, 0o600]);
  });

  test('is found by a relative path, an absolute one and a whole file address alike', async () => {
    const writer = await open(`file:${path.relative(process.cwd(), file)}`);
    await writer.write((queries) => insert(queries));
    for (const same of [`file:${file}`, `file://${file}`, `file://localhost${file}`]) {
      expect(await (await open(same)).read(count)).toBe(1);
    }
  });

  test('keeps the permissions that somebody gave it', async () => {
    writeFileSync(file, '', { mode: 0o640 });
    await open(url);
    expect(statSync(file).mode & 0o777).toBe(0o640);
  });

  test('is whole by itself once the writer closed it, for whoever copies it', async () => {
    const database = await open(url);
    await database.write((queries) => insert(queries));
    await database.close();
    const copy = `${file}-copy`;
    writeFileSync(copy, readFileSync(file));
    expect(await (await open(`file:${copy}`)).read(count)).toBe(1);
  });

  test('is known to be gone, or to be another, while it is open', async () => {
    const database = await open(url);
    expect(await database.inPlace()).toBe(true);
    rmSync(file);
    expect(await database.inPlace()).toBe(false);
    writeFileSync(file, '');
    expect(await database.inPlace()).toBe(false);
  });
});

describe('damage', () => {
  test.each([
    ['garbage', () => Buffer.alloc(10_000, 'no database ')],
    ['a short text', () => Buffer.from('hello')],
    ['half of the file', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['a damaged first page', (bytes: Buffer) => Buffer.from(bytes).fill(0xab, 100, 4000)],
    ['a damaged beginning', (bytes: Buffer) => Buffer.from(bytes).fill(0xab, 4096, 4096 * 25)],
  ])('%s is set aside unchanged when it is opened, and a new file made', async (_name, change) => {
    await writeMany();
    const damaged = damage(change);
    const onSetAside = jest.fn();
    const database = await open(url, { now: () => NOW, onSetAside });
    expect(onSetAside.mock.calls).toEqual([[{ from: file, to: file + ASIDE }]]);
    expect(readFileSync(file + ASIDE).equals(damaged)).toBe(true);
    await database.write((queries) => insert(queries));
    expect(await database.read(count)).toBe(1);
  });

  test('that is met later is told as such, and set aside when the file is closed', async () => {
    await writeMany();
    const damaged = damage((bytes) => Buffer.from(bytes).fill(0xab, 4096 * 60, 4096 * 80));
    const onSetAside = jest.fn();
    const database = await open(url, { now: () => NOW, onSetAside });
    const everything = database.read((queries) => queries.selectFrom('invocations').selectAll().execute());
    expect((await problemOf(everything)).kind).toBe('corrupt');
    expect(onSetAside).not.toHaveBeenCalled();
    await database.close();
    expect(onSetAside.mock.calls).toEqual([[{ from: file, to: file + ASIDE }]]);
    expect(readFileSync(file + ASIDE).equals(damaged)).toBe(true);
    expect(await (await open(url)).read(count)).toBe(0);
  });

  test('is never set aside by a reader', async () => {
    writeFileSync(file, 'garbage');
    const problem = await problemOf(open(url, { role: 'read' }));
    expect(problem.kind).toBe('corrupt');
    expect(readFileSync(file, 'utf8')).toBe('garbage');
  });

  test('set aside in the same second as another does not overwrite it', () => {
    for (const text of ['first', 'second', 'third']) {
      writeFileSync(file, text);
      writeFileSync(`${file}-wal`, `${text} log`);
      setAside(file, NOW);
    }
    const names = [file + ASIDE, `${file}${ASIDE}-2`, `${file}${ASIDE}-3`];
    expect(names.map((name) => readFileSync(name, 'utf8'))).toEqual(['first', 'second', 'third']);
    expect(readFileSync(`${file}${ASIDE}-2-wal`, 'utf8')).toBe('second log');
  });

  test('an empty file is a new database', async () => {
    writeFileSync(file, '');
    const onSetAside = jest.fn();
    const database = await open(url, { onSetAside });
    expect(await database.read(count)).toBe(0);
    expect(onSetAside).not.toHaveBeenCalled();
  });
});

describe('trouble', () => {
  /** Root may write everywhere, so it steps aside. */
  async function asNobody(work: () => Promise<void>): Promise<void> {
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534);
    try {
      await work();
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  }

  test('a directory that cannot be written is told, not mistaken for damage', async () => {
    const shut = path.join(directory, 'shut');
    chmodSync(directory, 0o755);
    mkdirSync(shut, { mode: 0o555 });
    await asNobody(async () => {
      const within = await problemOf(open(`file:${shut}/bot.db`));
      expect(within.kind).toBe('away');
      expect(within.detail).toContain(`${shut}/bot.db`);
      expect(await problemOf(open(`file:${shut}/deeper/bot.db`))).toMatchObject({ kind: 'read_only' });
    });
    expect(readdirSync(shut)).toEqual([]);
  });

  test('a file that cannot be written is told, not mistaken for damage', async () => {
    await writeMany();
    chmodSync(file, 0o444);
    await asNobody(async () => {
      expect((await problemOf(open(url))).kind).toMatch(/read_only|away/);
    });
    expect(
      readdirSync(directory).filter((name) => name.startsWith(`${path.basename(file)}.corrupt`)),
    ).toEqual([]);
  });

  test('a path that leads through a file, or to a directory, is told', async () => {
    writeFileSync(file, '');
    expect((await problemOf(open(`${url}/deeper/bot.db`))).kind).toBe('away');
    expect((await problemOf(open(`file:${directory}`))).kind).toBe('away');
  });

  test('a file that another process holds is told after a moment, and written once it is let go of', async () => {
    const database = await open(url);
    const other = new Libsql(file);
    other.exec('begin immediate');
    const problem = await problemOf(database.write((queries) => insert(queries)));
    expect(problem.kind).toBe('locked');
    expect(await database.read(count)).toBe(0);
    expect(await (await open(url)).read(count)).toBe(0);
    other.exec('commit');
    other.close();
    await database.write((queries) => insert(queries));
    expect(await database.read(count)).toBe(1);
  });

  test('a full disk is told, undoes the transaction, and is written again once there is room', async () => {
    const database = await open(url);
    const pages = (limit: number) =>
      database.read((queries) => sql.raw(`pragma max_page_count = ${limit}`).execute(queries));
    const writeLarge = () =>
      database.write(async (queries) => {
        await insert(queries);
        await insert(queries, { trace_id: 'c'.repeat(100_000) });
      });
    await pages(40);
    expect((await problemOf(writeLarge())).kind).toBe('full');
    expect(await database.read(count)).toBe(0);
    await pages(4000);
    await writeLarge();
    expect(await database.read(count)).toBe(2);
  });
});

describe('a parameter', () => {
  let database: Database;
  beforeEach(async () => {
    database = await open(url);
  });
  const select = (value: unknown) =>
    database.read(async (queries) => (await sql`select ${value} as value`.execute(queries)).rows);

  test.each([
    ['Boolean', true],
    ['Undefined', undefined],
    ['Date', new Date(NOW)],
    ['Object', {}],
    ['Object', Object.create(null)],
    ['Array', ['a']],
    ['ArrayBuffer', new ArrayBuffer(1)],
    ['Symbol', Symbol('a')],
  ])('of type %s fails its query, and not the whole process', async (name, value) => {
    await expect(select(value)).rejects.toThrow(
      new TypeError(
        `Parameter 1 of a query is of type ${name}; SQLite takes null, numbers, bigints, strings and bytes.`,
      ),
    );
    expect(await database.read(count)).toBe(0);
  });

  test.each([
    null,
    1,
    -1.5,
    2 ** 53 - 1,
    12n,
    '',
    '한국어 🙂',
    Buffer.from([0, 255]),
    new Uint8Array([1, 2, 3, 4]).subarray(1, 3),
  ])('%p comes back as it was', async (value) => {
    const expected =
      typeof value === 'bigint' ? Number(value) : value instanceof Uint8Array ? new Uint8Array(value) : value;
    expect(await select(value)).toEqual([{ value: expected }]);
  });

  test('of many kinds of queries are served, beyond what is kept prepared', async () => {
    for (let n = 0; n < 450; n += 1) {
      const { rows } = await database.read((queries) => sql.raw(`select ${n % 300} as n`).execute(queries));
      expect(rows).toEqual([{ n: n % 300 }]);
    }
  });
});

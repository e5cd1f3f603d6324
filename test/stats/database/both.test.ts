import path from 'node:path';
import { sql, type SqlBool } from 'kysely';
import { migrate, requireCurrentSchema } from '../../../src/stats/database/migrate';
import { MIGRATIONS } from '../../../src/stats/database/migrations';
import { sharedPostgres } from '../../support/postgres';
import { count, insert, opener, problemOf, temporaryDirectory } from './support';

const SNOWFLAKE = '1234567890123456789';
const directory = temporaryDirectory();
let server: Awaited<ReturnType<typeof sharedPostgres>>;
beforeAll(async () => {
  server = await sharedPostgres();
});
const open = opener();

let databases = 0;
const KINDS = {
  sqlite: () => Promise.resolve(`file:${path.join(directory, `${databases++}.db`)}`),
  postgres: () => server.database(`both_${databases++}`),
};

describe.each(['sqlite', 'postgres'] as const)('in %s', (kind) => {
  let url: string;
  beforeEach(async () => {
    url = await KINDS[kind]();
  });

  test('a server id of 19 digits is the same after it was stored, and found', async () => {
    const database = await open(url);
    await database.write((queries) => insert(queries, { guild_id: SNOWFLAKE }));
    const found = await database.read((queries) =>
      queries
        .selectFrom('invocations')
        .select(sql<string>`cast(guild_id as text)`.as('guild'))
        .where(sql<SqlBool>`guild_id = ${SNOWFLAKE} and guild_id in (${SNOWFLAKE}, ${'7'})`)
        .execute(),
    );
    expect(found).toEqual([{ guild: SNOWFLAKE }]);
  });

  test('counts, times, sums and bytes come out as numbers and bytes', async () => {
    const database = await open(url);
    const details = Buffer.from('xx-details').subarray(3);
    const total = { guild_id: '0', step: 'hour', start_at: 3_600_000, series_id: 0 } as const;
    const counts = { ok: 2, refused: 0, failed: 1, last_used_at: 1_795_268_000_123 };
    await database.write((queries) =>
      queries
        .insertInto('totals')
        .values({ ...total, ...counts, details: new Uint8Array(details) })
        .execute(),
    );
    const [row] = await database.read((queries) =>
      queries
        .selectFrom('totals')
        .select(({ fn }) => ['last_used_at', 'details', 'ok', fn.sum<number>('ok').over().as('sum')])
        .execute(),
    );
    expect(row).toMatchObject({ last_used_at: 1_795_268_000_123, ok: 2, sum: 2 });
    expect(row?.details).toBeInstanceOf(Uint8Array);
    expect(Buffer.from(row!.details).toString()).toBe('details');
  });

  test('the series of everything and the mark of everywhere are there from the start', async () => {
    const database = await open(url);
    const [series, rollUps] = await database.read((queries) =>
      Promise.all([
        queries.selectFrom('series').selectAll().execute(),
        queries.selectFrom('roll_ups').select('last_id').execute(),
      ]),
    );
    expect(series).toEqual([{ id: 0, command: '', kind: '' }]);
    expect(rollUps).toEqual([{ last_id: 0 }]);
  });

  test('ids are given in the order of the rows, from 1', async () => {
    const database = await open(url);
    const ids = await database.write(async (queries) => {
      await insert(queries);
      await insert(queries);
      await queries.insertInto('series').values({ command: 'ping', kind: 'chat_input' }).execute();
      return Promise.all([
        queries.selectFrom('invocations').select('id').orderBy('id').execute(),
        queries.selectFrom('series').select('id').where('command', '=', 'ping').execute(),
      ]);
    });
    expect(ids).toEqual([[{ id: 1 }, { id: 2 }], [{ id: 1 }]]);
  });

  test('work that fails half-way leaves nothing behind, and the next one is not hindered', async () => {
    const database = await open(url);
    const work = database.write(async (queries) => {
      await insert(queries);
      throw new Error('half-way');
    });
    await expect(work).rejects.toThrow('half-way');
    await database.write((queries) => insert(queries));
    expect(await database.read(count)).toBe(1);
  });

  test('a statement that fails leaves nothing behind, and the next one is not hindered', async () => {
    const database = await open(url);
    const taken = { guild_id: '0', last_id: 1 };
    const work = database.write(async (queries) => {
      await insert(queries);
      await queries.insertInto('roll_ups').values(taken).execute();
    });
    await expect(work).rejects.toThrow(/unique/i);
    await database.write((queries) => insert(queries));
    expect(await database.read(count)).toBe(1);
  });

  test('a question sees one state, however much is written while it is answered', async () => {
    const writer = await open(url);
    const reader = await open(url, { role: 'read' });
    await writer.write((queries) => insert(queries));
    const seen = await reader.read(async (queries) => {
      const before = await count(queries);
      await writer.write((own) => insert(own));
      return [before, await count(queries)];
    });
    expect(seen).toEqual([1, 1]);
    expect(await reader.read(count)).toBe(2);
  });

  test('a question cannot write', async () => {
    await open(url);
    const reader = await open(url, { role: 'read' });
    const problem = await problemOf(reader.read((queries) => insert(queries)));
    expect(problem.kind).toBe('read_only');
  });

  test('a reader that comes before the writer is told so, and makes nothing', async () => {
    const problem = await problemOf(open(url, { role: 'read' }));
    expect(problem.kind).toBe('away');
    expect(problem.detail).toMatch(/yet/);
    const writer = await open(url);
    expect(await writer.read(count)).toBe(0);
  });

  test('a database of a newer version is refused, by name, and left as it is', async () => {
    const writer = await open(url);
    const latest = MIGRATIONS.length;
    await writer.write(async (queries) => {
      await insert(queries);
      await sql`insert into telltale_schema (version, applied_at) values (${latest + 1}, 0)`.execute(queries);
    });
    const expected = {
      kind: 'newer_schema',
      detail:
        `The database has schema ${latest + 1}; this version of Telltale knows ${latest}: ` +
        'run the newer Telltale, or use another database.',
    };
    expect(await problemOf(open(url))).toEqual(expected);
    expect(await problemOf(open(url, { role: 'read' }))).toEqual(expected);
    expect(await writer.read(count)).toBe(1);
  });

  test('a later version adds its step to the data that is there; one that fails changes nothing', async () => {
    const database = await open(url);
    await database.write((queries) => insert(queries));
    const step = (statement: string) => async (queries: Parameters<(typeof MIGRATIONS)[0]>[0]) => {
      await sql.raw(statement).execute(queries);
    };
    const add = step('alter table invocations add column locale text');
    const broken = [...MIGRATIONS, add, step('no sql')];
    await expect(migrate(database, Date.now, broken)).rejects.toThrow(/syntax/);
    await requireCurrentSchema(database);

    const next = [...MIGRATIONS, add];
    expect((await problemOf(requireCurrentSchema(database, next))).kind).toBe('away');
    await migrate(database, Date.now, next);
    await migrate(database, Date.now, next);
    const { rows } = await database.read((queries) => sql`select locale from invocations`.execute(queries));
    expect(rows).toEqual([{ locale: null }]);
  });

  test('releases of before began with their first row, and the first of all with time itself', async () => {
    const database = await open(url);
    await database.write(async (queries) => {
      for (const statement of [
        'drop index error_totals_first_seen',
        'alter table releases drop column started_at',
        'delete from telltale_schema where version > 2',
        `insert into releases (version, commit_hash, first_seen_at) values ('1', 'a', 100), ('2', 'b', 200)`,
      ]) {
        await sql.raw(statement).execute(queries);
      }
    });
    await migrate(database, Date.now);
    const releases = await database.read((queries) =>
      queries.selectFrom('releases').select(['version', 'started_at']).orderBy('version').execute(),
    );
    expect(releases).toEqual([
      { version: '1', started_at: 0 },
      { version: '2', started_at: 200 },
    ]);
  });
});

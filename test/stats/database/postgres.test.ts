import { createServer, type AddressInfo } from 'node:net';
import { sql } from 'kysely';
import { runOn, startPostgres, type PostgresServer } from '../../support/postgres';
import { count, insert, opener, problemOf } from './support';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.close());
const open = opener();

let databases = 0;
const freshUrl = (): Promise<string> => server.database(`postgres_${databases++}`);

function changed(url: string, change: (address: URL) => void): string {
  const address = new URL(url);
  change(address);
  return address.href;
}

describe('an outage', () => {
  test.each(['stop', 'kill'] as const)(
    'by %s is told, and over by itself once the server is back',
    async (how) => {
      const url = await freshUrl();
      const [writer, reader] = [await open(url), await open(url, { role: 'read' })];
      await writer.write((queries) => insert(queries));
      await server[how]();
      const meanwhile = [
        await problemOf(writer.write((queries) => insert(queries))),
        await problemOf(reader.read(count)),
        await problemOf(open(url)),
      ];
      expect(meanwhile.map(({ kind }) => kind)).toEqual(['away', 'away', 'away']);
      await server.start();
      await writer.write((queries) => insert(queries));
      expect(await reader.read(count)).toBe(2);
    },
  );

  test('in the middle of a transaction undoes it', async () => {
    const database = await open(await freshUrl());
    const work = database.write(async (queries) => {
      await insert(queries);
      await server.stop();
      await insert(queries);
    });
    expect((await problemOf(work)).kind).toBe('away');
    await server.start();
    expect(await database.read(count)).toBe(0);
  });

  test('does not end the process that has idle connections, and hinders nobody who closes', async () => {
    const database = await open(await freshUrl());
    await server.kill();
    await database.close();
    await server.start();
  });
});

describe('a server that is not for us', () => {
  test('says so of a wrong password, without telling it', async () => {
    const url = changed(server.url, (address) => (address.password = 'wrong-and-secret'));
    const { kind, detail } = await problemOf(open(url));
    expect(kind).toBe('refused');
    expect(detail).toContain('user or the password');
    expect(detail).not.toContain('wrong-and-secret');
  });

  test('says so of a database that is not there', async () => {
    const url = changed(server.url, (address) => (address.pathname = '/nowhere'));
    expect(await problemOf(open(url))).toMatchObject({
      kind: 'refused',
      detail: expect.stringContaining('nowhere'),
    });
  });

  test('says so of a user who may make no tables', async () => {
    const url = await freshUrl();
    await runOn(url, `create role guest login password 'guest'`);
    const guest = changed(url, (address) => {
      address.username = 'guest';
      address.password = 'guest';
    });
    expect((await problemOf(open(guest))).kind).toBe('refused');
  });

  test('says so of an encrypted connection that it does not have', async () => {
    expect((await problemOf(open(`${server.url}?sslmode=verify-full`))).kind).toBe('refused');
  });

  test('says so where it takes no writes', async () => {
    const url = await freshUrl();
    await runOn(
      url,
      `alter database "${new URL(url).pathname.slice(1)}" set default_transaction_read_only = on`,
    );
    expect((await problemOf(open(url))).kind).toBe('read_only');
  });

  test('is away where nobody listens', async () => {
    const url = changed(server.url, (address) => (address.port = '1'));
    expect((await problemOf(open(url))).kind).toBe('away');
  });

  test('is away where somebody listens and never answers, within seconds', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as AddressInfo;
    const url = changed(server.url, (address) => (address.port = String(port)));
    expect((await problemOf(open(url))).kind).toBe('away');
    silent.close();
  });

  test.each(['postgres://bot:secret:#1@host/db', 'mysql://bot:secret@host/db', 'file:'])(
    'an address that cannot be read (%s) is not repeated',
    async (url) => {
      const { kind, detail } = await problemOf(open(url));
      expect(kind).toBe('refused');
      expect(detail).not.toContain('secret');
    },
  );
});

test('a statement that takes too long, or waits too long for others, is worth trying again', async () => {
  const database = await open(await freshUrl());
  const slow = database.write(async (queries) => {
    await sql`set local statement_timeout = 50`.execute(queries);
    await sql`select pg_sleep(5)`.execute(queries);
  });
  expect((await problemOf(slow)).kind).toBe('locked');
  expect(await database.read(count)).toBe(0);
});

test('limits and a name are set for each connection, so that the server can end and tell what is ours', async () => {
  const url = await freshUrl();
  await open(url);
  const reader = await open(url, { role: 'read' });
  const setting = async (name: string): Promise<unknown> => {
    const { rows } = await reader.read((queries) =>
      sql<{ value: string }>`select current_setting(${name}) as value`.execute(queries),
    );
    return rows[0]?.value;
  };
  expect(await setting('application_name')).toBe('telltale');
  expect(await setting('statement_timeout')).toBe('5s');
  expect(await setting('transaction_isolation')).toBe('repeatable read');
});

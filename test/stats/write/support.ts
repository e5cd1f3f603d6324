import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql, type Expression, type SqlBool } from 'kysely';
import type { Database } from '../../../src/stats/database/database';
import { openDatabase } from '../../../src/stats/database/open';
import { EVERYWHERE, type Step } from '../../../src/stats/database/schema';
import type { InvocationRow } from '../../../src/stats/invocation-row';
import { createUserHash } from '../../../src/stats/user-hash';
import { createInserter, type Inserter, type InserterOptions } from '../../../src/stats/write/insert';
import { rollUp } from '../../../src/stats/write/roll-up';
import { rollUpGuild } from '../../../src/stats/write/roll-up-guild';
import { sharedPostgres } from '../../support/postgres';
import { randomFrom } from '../latencies';

export { randomFrom };

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const START = Date.UTC(2026, 0, 5);
export const GUILDS = ['1234567890123456789', '1234567890123456788', '42'];
export const hashUser = createUserHash(Buffer.from('the key of the tests'));

/** A run of `/ping` that went well, but for what is said otherwise. */
export function rowWith(changes: Partial<InvocationRow> = {}): InvocationRow {
  return {
    at: START,
    receivedAt: START,
    command: 'ping',
    kind: 'chat_input',
    outcome: 'ok',
    reason: null,
    fingerprint: null,
    message: null,
    guildId: GUILDS[0]!,
    userId: '1',
    durationSeconds: 0.25,
    ackSeconds: 0.5,
    traceId: 'a'.repeat(32),
    shard: 0,
    ...changes,
  };
}

export const FAILURE: Partial<InvocationRow> = {
  outcome: 'failed',
  reason: 'exception',
  fingerprint: '0123456789ab',
  message: 'It broke',
};

/** A run at `at`, of any outcome, by anybody, anywhere. */
export function randomRow(random: () => number, at: number): InvocationRow {
  const pick = <Of>(of: readonly Of[]): Of => of[Math.floor(random() * of.length)]!;
  const bug = pick(['a', 'b', 'c']);
  return rowWith({
    at,
    receivedAt: at - 100,
    command: pick(['ping', 'stats', 'ticket close']),
    kind: pick(['chat_input', 'chat_input', 'autocomplete', 'button']),
    guildId: pick([null, ...GUILDS]),
    userId: String(Math.floor(random() * 20)),
    durationSeconds: random(),
    ackSeconds: pick([null, 0.1]),
    traceId: Math.floor(random() * 2 ** 52)
      .toString(16)
      .padStart(32, '0'),
    ...pick([
      {},
      {},
      { outcome: 'refused', reason: 'cooldown' } as const,
      { ...FAILURE, fingerprint: bug.repeat(12), message: `Bug ${bug} at ${at}` },
    ]),
  });
}

/** The totals of that server: ids are no numbers, and are compared as the database does. */
export function ofGuild(guildId: string): Expression<SqlBool> {
  return sql<SqlBool>`guild_id = ${guildId}`;
}

export interface Databases {
  /** A fresh one of that kind; closed after the test. */
  fresh(kind: Database['kind']): Promise<Database>;
  /** Another connection to the one made last. */
  again(): Promise<Database>;
}

/** Both kinds of databases, the real ones, for the tests of one file. */
export function createDatabases(name: string): Databases {
  const directory = mkdtempSync(path.join(tmpdir(), `telltale-${name}-`));
  let server: Awaited<ReturnType<typeof sharedPostgres>>;
  let open: Database[] = [];
  let made = 0;
  let url = '';
  beforeAll(async () => {
    server = await sharedPostgres();
  });
  afterEach(async () => {
    await Promise.all(open.map((database) => database.close()));
    open = [];
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  async function again(): Promise<Database> {
    const database = await openDatabase({ url, role: 'write', now: Date.now });
    open.push(database);
    return database;
  }
  return {
    async fresh(kind) {
      made += 1;
      url =
        kind === 'sqlite'
          ? `file:${path.join(directory, `${made}.db`)}`
          : await server.database(`${name}_${made}`);
      return again();
    },
    again,
  };
}

/** An inserter whose batches are numbered, and what it was given. */
export function createWriterOn(
  database: Database,
  options: Partial<InserterOptions> = {},
): Inserter & { readonly add: (...rows: readonly InvocationRow[]) => Promise<void> } {
  const inserter = createInserter({
    database,
    hashUser,
    now: Date.now,
    writerId: 'writer',
    release: { version: '1.2.3', commit: 'abc', startedAt: 0 },
    ...options,
  });
  let seq = 0;
  return { ...inserter, add: (...rows) => inserter.write({ seq: (seq += 1), rows }) };
}

export async function rollUpAll(database: Database, limit = 1_000): Promise<void> {
  while ((await rollUp(database, limit)) > 0);
  for (const guildId of GUILDS) while ((await rollUpGuild(database, guildId, limit)) > 0);
}

/** As if many rows had been written and removed: the next ones have far higher ids. */
export async function skipIds(database: Database): Promise<void> {
  const statement =
    database.kind === 'sqlite'
      ? sql`update sqlite_sequence set seq = seq + 30000 where name = 'invocations'`
      : sql`select setval(seq, nextval(seq) + 30000) from pg_get_serial_sequence('invocations', 'id') as seq`;
  await database.write((queries) => statement.execute(queries));
}

/** Counts by whatever they are of. */
export type Ledger = Record<string, number>;

function book(ledger: Ledger, key: string, count: number): void {
  if (count > 0) ledger[key] = (ledger[key] ?? 0) + count;
}

/** Which rows a ledger counts, and where. */
export interface Account {
  readonly guildId: string;
  readonly steps: readonly Step[];
  /** Where the stretch of time begins that `at` is in; 0 where stretches do not matter. */
  readonly startOf: (at: number) => number;
}

export const ACCOUNTS: readonly Account[] = [
  {
    guildId: EVERYWHERE,
    steps: ['hour'],
    startOf: (at) => Math.floor(at / HOUR) * HOUR,
  },
  { guildId: EVERYWHERE, steps: ['day'], startOf: (at) => Math.floor(at / DAY) * DAY },
  { guildId: EVERYWHERE, steps: ['all'], startOf: () => 0 },
  ...GUILDS.map((guildId): Account => ({ guildId, steps: ['day', 'all'], startOf: () => 0 })),
];

/** What these rows come to. */
export function expectedLedger(account: Account, rows: readonly InvocationRow[]): Ledger {
  const ledger: Ledger = {};
  for (const { at, guildId, command, kind, outcome, fingerprint } of rows) {
    if (account.guildId !== EVERYWHERE && account.guildId !== guildId) continue;
    const start = account.startOf(at);
    book(ledger, `${start} ${command} ${kind} ${outcome}`, 1);
    if (kind !== 'autocomplete') book(ledger, `${start}   ${outcome}`, 1);
    if (outcome === 'failed') book(ledger, `${start} ${command} ${kind} error ${fingerprint}`, 1);
  }
  return ledger;
}

/** What the database says: totals, and the rows that are not in them yet. */
export async function storedLedger(database: Database, account: Account): Promise<Ledger> {
  const ledger: Ledger = {};
  const seen = await database.read(async (queries) => {
    const totals = await queries
      .selectFrom('totals')
      .innerJoin('series', 'series.id', 'totals.series_id')
      .select(['start_at', 'command', 'kind', 'ok', 'refused', 'failed'])
      .where(ofGuild(account.guildId))
      .where('step', 'in', account.steps)
      .execute();
    const errors = await queries
      .selectFrom('error_totals')
      .innerJoin('series', 'series.id', 'error_totals.series_id')
      .select(['start_at', 'command', 'kind', 'fingerprint', 'count'])
      .where(ofGuild(account.guildId))
      .where('step', 'in', account.steps)
      .execute();
    const tail = await queries
      .selectFrom('invocations')
      .innerJoin('series', 'series.id', 'invocations.series_id')
      .select(['at', 'command', 'kind', 'outcome', 'fingerprint'])
      .select((eb) => eb.cast<string | null>('guild_id', 'text').as('guildId'))
      .where(
        'invocations.id',
        '>',
        sql<number>`coalesce((select last_id from roll_ups where ${ofGuild(account.guildId)}), 0)`,
      )
      .execute();
    return { totals, errors, tail };
  });
  for (const { start_at, command, kind, ok, refused, failed } of seen.totals) {
    const start = account.startOf(start_at);
    book(ledger, `${start} ${command} ${kind} ok`, ok);
    book(ledger, `${start} ${command} ${kind} refused`, refused);
    book(ledger, `${start} ${command} ${kind} failed`, failed);
  }
  for (const { start_at, command, kind, fingerprint, count } of seen.errors) {
    book(ledger, `${account.startOf(start_at)} ${command} ${kind} error ${fingerprint}`, count);
  }
  const tail = expectedLedger(account, seen.tail as unknown as InvocationRow[]);
  for (const [key, count] of Object.entries(tail)) book(ledger, key, count);
  return ledger;
}

/** Everything the totals hold, to see that nothing has changed. */
export async function totalsOf(database: Database): Promise<unknown> {
  return database.read(async (queries) => [
    await queries.selectFrom('roll_ups').select('last_id').orderBy('guild_id').execute(),
    (
      await queries
        .selectFrom('totals')
        .select(['id', 'ok', 'refused', 'failed', 'details'])
        .orderBy('id')
        .execute()
    ).map(({ details, ...row }) => ({ ...row, details: Buffer.from(details).toString('hex') })),
    await queries.selectFrom('error_totals').select(['id', 'count', 'message']).orderBy('id').execute(),
  ]);
}

/** The same database, but its transactions break off when all but the commit is done. */
export function crashing(database: Database): Database {
  return {
    ...database,
    write: (work) =>
      database.write(async (queries) => {
        await work(queries);
        throw new Error('The process died.');
      }),
  };
}

/** The same database, but nobody hears that its transactions were committed. */
export function losingAnswers(database: Database): Database {
  return {
    ...database,
    async write(work) {
      await database.write(work);
      throw new Error('The connection broke.');
    },
  };
}

import { sql, type SqlBool } from 'kysely';
import type { Database } from '../../../src/stats/database/database';
import { ALL_RUNS, EVERYWHERE } from '../../../src/stats/database/schema';
import { createTally } from '../../../src/stats/tally';
import { forgetUser } from '../../../src/stats/write/forget';
import { pending, rollUp } from '../../../src/stats/write/roll-up';
import { rollUpGuild } from '../../../src/stats/write/roll-up-guild';
import { mergeStored } from '../../../src/stats/write/totals';
import {
  crashing,
  createDatabases,
  createWriterOn,
  DAY,
  expectedLedger,
  FAILURE,
  GUILDS,
  hashUser,
  ofGuild,
  HOUR,
  randomFrom,
  randomRow,
  rollUpAll,
  rowWith,
  START,
  storedLedger,
  totalsOf,
  ACCOUNTS,
} from './support';

const databases = createDatabases('roll_up');
const allTime = async (database: Database) => {
  const rows = await database.read((queries) =>
    queries
      .selectFrom('totals')
      .selectAll()
      .where(ofGuild(EVERYWHERE))
      .where('step', '=', 'all')
      .where('series_id', '=', ALL_RUNS)
      .execute(),
  );
  const tally = createTally();
  for (const row of rows) mergeStored(tally, row);
  return tally;
};

describe.each(['sqlite', 'postgres'] as const)('a roll-up in %s', (kind) => {
  it('keeps durations, answer times, reasons, users and the last use in the totals', async () => {
    const database = await databases.fresh(kind);
    const writer = createWriterOn(database);
    for (let hour = 0; hour < 5; hour += 1) {
      const at = START + hour * HOUR;
      await writer.add(
        rowWith({ at, durationSeconds: 0.1, ackSeconds: 0.3, userId: '1' }),
        rowWith({ at, durationSeconds: 2, ackSeconds: null, userId: `${hour}`, ...FAILURE }),
        rowWith({ at, durationSeconds: 0.1, ackSeconds: 0.3, outcome: 'refused', reason: 'cooldown' }),
        rowWith({ at: at + 1, durationSeconds: 60, ackSeconds: 60, userId: '99', kind: 'autocomplete' }),
      );
      await rollUpAll(database);
    }
    const { latency, ack, users, refusals, failures, ...counts } = await allTime(database);
    expect(counts).toEqual({ ok: 5, refused: 5, failed: 5, lastUsedAt: START + 4 * HOUR });
    expect(latency.quantile(0.5)).toBeCloseTo(0.1, 2);
    expect(latency.quantile(1)).toBeCloseTo(2, 1);
    expect(ack.quantile(1)).toBeCloseTo(0.3, 2);
    expect(users.count()).toBe(5);
    expect([...refusals, ...failures]).toEqual([
      ['cooldown', 5],
      ['exception', 5],
    ]);
  });

  it('keeps the newest message of failures that are the same, and when they came first and last', async () => {
    const database = await databases.fresh(kind);
    const writer = createWriterOn(database);
    for (const hours of [2, 3, 1]) {
      const at = START + hours * HOUR;
      await writer.add(
        rowWith({ ...FAILURE, at, message: `after ${hours} h`, traceId: `${hours}`.repeat(32) }),
      );
      await rollUpAll(database);
    }
    const errors = await database.read((queries) =>
      queries
        .selectFrom('error_totals')
        .select([
          'step',
          'reason',
          'fingerprint',
          'message',
          'trace_id',
          'count',
          'first_seen_at',
          'last_seen_at',
        ])
        .where('step', '=', 'day')
        .execute(),
    );
    const day = {
      step: 'day',
      reason: 'exception',
      fingerprint: FAILURE.fingerprint,
      message: 'after 3 h',
      trace_id: '3'.repeat(32),
      count: 3,
      first_seen_at: START + HOUR,
      last_seen_at: START + 3 * HOUR,
    };
    expect(errors).toEqual([day, day]);
  });

  it('that breaks off changes nothing, and is made up for by the next one', async () => {
    const database = await databases.fresh(kind);
    const random = randomFrom(3);
    const rows = Array.from({ length: 100 }, (_, i) => randomRow(random, START + i * HOUR));
    await createWriterOn(database).add(...rows);
    await rollUp(database, 40);
    const before = await totalsOf(database);
    await expect(rollUp(crashing(database), 40)).rejects.toThrow('died');
    expect(await totalsOf(database)).toEqual(before);
    await rollUpAll(database, 40);
    for (const account of ACCOUNTS) {
      expect(await storedLedger(database, account)).toEqual(expectedLedger(account, rows));
    }
  });

  it('counts every failure also when a bug makes up new ones without end', async () => {
    const database = await databases.fresh(kind);
    const writer = createWriterOn(database);
    const fails = Array.from({ length: 1_100 }, (_, i) =>
      rowWith({ ...FAILURE, at: START + i, fingerprint: i.toString(16).padStart(12, '0') }),
    );
    await writer.add(...fails);
    while ((await rollUp(database, 300)) > 0);
    await writer.add(fails[0]!, fails[1_099]!);
    await rollUp(database, 300);
    const errors = await database.read((queries) =>
      queries
        .selectFrom('error_totals')
        .select(['fingerprint', 'message', 'count', 'last_seen_at'])
        .where('step', '=', 'all')
        .orderBy('count', 'desc')
        .execute(),
    );
    expect(errors).toHaveLength(1_001);
    expect(errors[0]).toEqual({
      fingerprint: '',
      message: 'Other errors',
      count: 101,
      last_seen_at: START + 1_099,
    });
    expect(errors[1]).toMatchObject({ fingerprint: '0'.repeat(12), count: 2 });
  });

  it('does not pass over a row that comes after the newest ones were removed', async () => {
    const database = await databases.fresh(kind);
    const writer = createWriterOn(database);
    await writer.add(rowWith({ userId: '1' }), rowWith({ userId: '2' }));
    expect(await forgetUser(database, hashUser('2'))).toBe(1);
    await writer.add(rowWith({ userId: '3' }));
    expect(await pending(database)).toBe(1);
    await rollUpAll(database);
    expect((await allTime(database)).ok).toBe(3);
  });

  it('says how many rows wait, and does one piece of them at a time', async () => {
    const database = await databases.fresh(kind);
    expect(await pending(database)).toBe(0);
    expect(await rollUp(database, 10)).toBe(0);
    await createWriterOn(database).add(...Array.from({ length: 25 }, () => rowWith()));
    expect(await pending(database)).toBe(25);
    expect(await rollUp(database, 10)).toBe(10);
    expect(await pending(database)).toBe(15);
    expect(await rollUp(database, 20)).toBe(15);
    expect(await rollUpGuild(database, GUILDS[0]!, 10)).toBe(10);
    expect(await rollUpGuild(database, GUILDS[0]!, 20)).toBe(15);
    expect(await rollUpGuild(database, GUILDS[0]!, 20)).toBe(0);
    expect(await rollUpGuild(database, GUILDS[1]!, 20)).toBe(0);
  });

  it('counts what came in a direct message everywhere, and in no server', async () => {
    const database = await databases.fresh(kind);
    await createWriterOn(database).add(rowWith({ guildId: null }), rowWith({ guildId: GUILDS[1]! }));
    await rollUpAll(database);
    const guilds = await database.read((queries) =>
      queries
        .selectFrom('totals')
        .select((eb) => eb.cast<string>('guild_id', 'text').as('guild_id'))
        .select(['step', 'start_at', 'ok'])
        .where(sql<SqlBool>`guild_id <> 0`)
        .where('series_id', '=', ALL_RUNS)
        .execute(),
    );
    expect(guilds).toEqual([{ guild_id: GUILDS[1], step: 'day', start_at: START - (START % DAY), ok: 1 }]);
    expect((await allTime(database)).ok).toBe(2);
  });
});

it('waits for a row whose id was handed out before that of one which is there already', async () => {
  const database = await databases.fresh('postgres');
  const other = await databases.again();
  let isSlow = false;
  let inserted = (): void => undefined;
  let mayCommit = (): void => undefined;
  const isInserted = new Promise<void>((resolve) => (inserted = resolve));
  const commit = new Promise<void>((resolve) => (mayCommit = resolve));
  const slow: Database = {
    ...database,
    write: (work) =>
      database.write(async (queries) => {
        const result = await work(queries);
        if (isSlow) inserted();
        if (isSlow) await commit;
        return result;
      }),
  };
  const late = createWriterOn(slow, { writerId: 'late' });
  await late.add(rowWith());
  await rollUpAll(database);
  isSlow = true;
  const committed = late.add(rowWith());
  await isInserted;
  await createWriterOn(other, { writerId: 'other' }).add(rowWith());
  expect(await rollUp(other, 10)).toBe(0);
  mayCommit();
  await committed;
  expect(await rollUp(other, 10)).toBe(2);
  expect((await allTime(other)).ok).toBe(3);
});

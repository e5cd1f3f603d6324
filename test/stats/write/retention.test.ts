import type { Database } from '../../../src/stats/database/database';
import type { InvocationRow } from '../../../src/stats/invocation-row';
import { forgetGuild, forgetUser } from '../../../src/stats/write/forget';
import { prune } from '../../../src/stats/write/retention';
import { rollUp } from '../../../src/stats/write/roll-up';
import { rollUpGuild } from '../../../src/stats/write/roll-up-guild';
import {
  ACCOUNTS,
  createDatabases,
  createWriterOn,
  crashing,
  DAY,
  expectedLedger,
  FAILURE,
  GUILDS,
  hashUser,
  ofGuild,
  randomFrom,
  randomRow,
  rollUpAll,
  rowWith,
  START,
  storedLedger,
  totalsOf,
} from './support';

const databases = createDatabases('retention');
const NOW = START + 20 * DAY;
const history = (count: number, seed: number) => {
  const random = randomFrom(seed);
  return Array.from({ length: count }, () => randomRow(random, START + Math.floor(random() * 20 * DAY)));
};
const singles = (database: Database) =>
  database.read((queries) =>
    queries
      .selectFrom('invocations')
      .select(['at', 'user_hash'])
      .select((eb) => eb.cast<string | null>('guild_id', 'text').as('guild_id'))
      .execute(),
  );
const guildTotals = (database: Database, guildId: string) =>
  database.read(async (queries) => [
    ...(await queries.selectFrom('totals').select(['step', 'start_at']).where(ofGuild(guildId)).execute()),
    ...(await queries
      .selectFrom('error_totals')
      .select(['step', 'start_at'])
      .where(ofGuild(guildId))
      .execute()),
  ]);

describe.each(['sqlite', 'postgres'] as const)('in %s', (kind) => {
  it('single rows go after their time, and not before the totals of everywhere hold them', async () => {
    const database = await databases.fresh(kind);
    const rows = history(200, 1);
    await createWriterOn(database).add(...rows);
    while (await prune(database, { before: START + 10 * DAY, limit: 30 }));
    expect(await singles(database)).toHaveLength(200);
    await rollUp(database, 1_000);
    while (await prune(database, { before: START + 10 * DAY, limit: 30 }));
    const kept = rows.filter(({ at }) => at >= START + 10 * DAY);
    expect(new Set((await singles(database)).map(({ at }) => at))).toEqual(new Set(kept.map(({ at }) => at)));
  });

  it('a quiet server, whose rows were never rolled up, keeps its counts of all time', async () => {
    const database = await databases.fresh(kind);
    const rows = history(300, 6);
    await createWriterOn(database).add(...rows);
    await rollUp(database, 1_000);
    await rollUpGuild(database, GUILDS[1]!, 20);
    const before = await totalsOf(database);
    const half = { before: START + 10 * DAY, limit: 300 };
    await expect(prune(crashing(database), half)).rejects.toThrow('died');
    expect(await totalsOf(database)).toEqual(before);
    for (const days of [10, 20]) {
      while (await prune(database, { before: START + days * DAY, limit: 30 }));
      for (const account of ACCOUNTS) {
        expect(await storedLedger(database, account)).toEqual(expectedLedger(account, rows));
      }
    }
    expect(await singles(database)).toEqual([]);
    expect((await guildTotals(database, GUILDS[0]!)).every(({ step }) => step === 'all')).toBe(true);
  });

  it('what a user did stays in the totals of a quiet server when the user is forgotten', async () => {
    const database = await databases.fresh(kind);
    const rows = Array.from({ length: 700 }, (_, i) =>
      rowWith({ at: START + i * 1_000, userId: String(i % 2), ...(i % 10 === 0 ? FAILURE : {}) }),
    );
    await createWriterOn(database).add(...rows);
    await rollUpGuild(database, GUILDS[0]!, 100);
    await expect(forgetUser(crashing(database), hashUser('1'))).rejects.toThrow('died');
    expect(await forgetUser(database, hashUser('1'))).toBe(350);
    expect(await singles(database)).toHaveLength(350);
    for (const account of ACCOUNTS) {
      expect(await storedLedger(database, account)).toEqual(expectedLedger(account, rows));
    }
    await rollUpAll(database);
    for (const account of ACCOUNTS) {
      expect(await storedLedger(database, account)).toEqual(expectedLedger(account, rows));
    }
  });

  it('old days of a server become one row, so that it takes no more room every day', async () => {
    const database = await databases.fresh(kind);
    const rows = history(400, 2);
    await createWriterOn(database).add(...rows);
    await rollUpAll(database);
    while (await prune(database, { before: START + 15 * DAY + 1, limit: 30 }));
    for (const guildId of GUILDS) {
      const totals = await guildTotals(database, guildId);
      const days = totals.filter(({ step }) => step === 'day').map(({ start_at }) => start_at);
      expect(Math.min(...days)).toBe(START + 15 * DAY);
      expect(totals.some(({ step }) => step === 'all')).toBe(true);
    }
    for (const account of ACCOUNTS) {
      expect(await storedLedger(database, account)).toEqual(expectedLedger(account, rows));
    }
  });

  it('a fold that breaks off changes nothing', async () => {
    const database = await databases.fresh(kind);
    await createWriterOn(database).add(...history(100, 3));
    await rollUpAll(database);
    const before = await totalsOf(database);
    await expect(prune(crashing(database), { before: NOW, limit: 1_000 })).rejects.toThrow('died');
    expect(await totalsOf(database)).toEqual(before);
  });

  it('processes that have not written for a week are not remembered', async () => {
    const database = await databases.fresh(kind);
    const day = async (writerId: string, at: number) =>
      createWriterOn(database, { writerId, now: () => at }).add(rowWith());
    await day('long gone', NOW - 8 * DAY);
    await day('away', NOW - 6 * DAY);
    await day('here', NOW);
    await prune(database, { before: 0, limit: 10 });
    const writers = await database.read((queries) => queries.selectFrom('writers').select('id').execute());
    expect(writers.map(({ id }) => id).sort()).toEqual(['away', 'here']);
  });

  it('a user who wants to be forgotten is in no row any more, and no count is less for it', async () => {
    const database = await databases.fresh(kind);
    const rows = history(300, 4);
    await createWriterOn(database).add(...rows);
    await rollUp(database, 50);
    const theirs = rows.filter(({ userId }) => userId === '7').length;
    expect(theirs).toBeGreaterThan(5);
    let pieces = 0;
    const removed = await forgetUser(database, hashUser('7'), (work) => {
      pieces += 1;
      return work();
    });
    expect(removed).toBe(theirs);
    expect(pieces).toBeGreaterThan(3);
    expect((await singles(database)).filter(({ user_hash }) => user_hash === hashUser('7'))).toEqual([]);
    expect(await singles(database)).toHaveLength(300 - theirs);
    for (const account of ACCOUNTS) {
      expect(await storedLedger(database, account)).toEqual(expectedLedger(account, rows));
    }
    expect(await forgetUser(database, hashUser('7'))).toBe(0);
    expect(await forgetUser(await databases.fresh(kind), hashUser('7'))).toBe(0);
  });

  it('the newest error of its kind says nothing any more of a user who was forgotten', async () => {
    const database = await databases.fresh(kind);
    const traceId = 'b'.repeat(32);
    const theirs = { ...FAILURE, userId: '7', traceId, at: START + 2, message: 'It broke for captain Nemo' };
    const other = { ...FAILURE, fingerprint: 'ba9876543210', userId: '8', at: START + 1 };
    await createWriterOn(database).add(rowWith({ ...FAILURE, at: START }), rowWith(theirs), rowWith(other));
    await rollUpAll(database);
    expect(await forgetUser(database, hashUser('7'))).toBe(1);
    const errors = await database.read((queries) =>
      queries.selectFrom('error_totals').select(['message', 'trace_id', 'count', 'fingerprint']).execute(),
    );
    expect(JSON.stringify(errors)).not.toMatch(/Nemo|bbbb/);
    expect(errors.filter(({ fingerprint }) => fingerprint === 'ba9876543210').length).toBeGreaterThan(2);
    expect(errors.filter(({ message }) => message === 'Forgotten').map(({ count }) => count)).toContain(2);
  });

  it('a server that is left is in no row and no total any more, but in those of everywhere', async () => {
    const database = await databases.fresh(kind);
    const [guildId = ''] = GUILDS;
    const rows = [...history(300, 5), rowWith({ ...FAILURE, guildId })];
    await createWriterOn(database).add(...rows);
    for (const each of GUILDS) await rollUpGuild(database, each, 30);
    const theirs = rows.filter((row) => row.guildId === guildId).length;
    await expect(forgetGuild(crashing(database), guildId)).rejects.toThrow('died');
    expect(await forgetGuild(database, guildId)).toBe(theirs);
    expect(await guildTotals(database, guildId)).toEqual([]);
    expect((await singles(database)).filter((row) => row.guild_id === guildId)).toEqual([]);
    for (const account of ACCOUNTS) {
      const expected = account.guildId === guildId ? {} : expectedLedger(account, rows);
      expect(await storedLedger(database, account)).toEqual(expected);
    }
    await expect(forgetGuild(database, '0')).rejects.toThrow(RangeError);
  });

  it('what happens in a server while it is forgotten is counted once', async () => {
    const database = await databases.fresh(kind);
    const other = await databases.again();
    const [guildId = ''] = GUILDS;
    const before = history(60, 7);
    await createWriterOn(database).add(...before);
    await rollUpGuild(database, guildId, 1_000);
    const writer = createWriterOn(other, { writerId: 'other' });
    const meanwhile: InvocationRow[] = [];
    await forgetGuild(database, guildId, async (work) => {
      const result = await work();
      const row = rowWith({ ...FAILURE, guildId, at: START + meanwhile.length });
      meanwhile.push(row);
      await writer.add(row);
      await rollUpGuild(other, guildId, 10);
      return result;
    });
    for (const account of ACCOUNTS) {
      const rows = account.guildId === guildId ? meanwhile : [...before, ...meanwhile];
      expect(await storedLedger(database, account)).toEqual(expectedLedger(account, rows));
    }
  });
});

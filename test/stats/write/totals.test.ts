import type { Database } from '../../../src/stats/database/database';
import type { InvocationRow } from '../../../src/stats/invocation-row';
import { forgetGuild, forgetUser } from '../../../src/stats/write/forget';
import { prune } from '../../../src/stats/write/retention';
import { pending, rollUp, rollUpPieces } from '../../../src/stats/write/roll-up';
import { rollUpGuild } from '../../../src/stats/write/roll-up-guild';
import {
  ACCOUNTS,
  createDatabases,
  createWriterOn,
  DAY,
  expectedLedger,
  GUILDS,
  hashUser,
  randomFrom,
  randomRow,
  rollUpAll,
  skipIds,
  START,
  storedLedger,
} from './support';

const databases = createDatabases('totals');

/** Fails unless totals and tail come to exactly these rows, for every stretch of time and server. */
async function expectExactly(
  database: Database,
  rows: readonly InvocationRow[],
  goneFrom: ReadonlyMap<string, number> = new Map(),
): Promise<void> {
  for (const account of ACCOUNTS) {
    const kept = rows.slice(goneFrom.get(account.guildId) ?? 0);
    expect({ ...account, ledger: await storedLedger(database, account) }).toEqual({
      ...account,
      ledger: expectedLedger(account, kept),
    });
  }
}

/** Everywhere, or one server. */
function rollUpSome(database: Database, random: () => number, most: number): Promise<number> {
  const limit = 1 + Math.floor(random() * most);
  const guildId = [null, null, ...GUILDS][Math.floor(random() * 5)];
  return guildId ? rollUpGuild(database, guildId, limit) : rollUp(database, limit);
}

/** A bot's life in no order: rows, some of them days late, roll-ups in pieces, retention, people and servers that go. */
async function live(database: Database, seed: number, rounds: number): Promise<void> {
  const random = randomFrom(seed);
  const writer = createWriterOn(database);
  const rows: InvocationRow[] = [];
  const goneFrom = new Map<string, number>();
  const upTo = (most: number): number => 1 + Math.floor(random() * most);
  for (let round = 0; round < rounds; round += 1) {
    const now = START + round * 0.3 * DAY;
    const deed = random();
    if (deed < 0.45) {
      const late = random() < 0.3 ? 15 * DAY : 3_000_000;
      const batch = Array.from({ length: upTo(30) }, () =>
        randomRow(random, now - Math.floor(random() * late)),
      );
      rows.push(...batch);
      if (random() < 0.1) await skipIds(database);
      await writer.add(...batch);
    } else if (deed < 0.75) await rollUpSome(database, random, 25);
    else if (deed < 0.92) await prune(database, { before: now - 5 * DAY, limit: upTo(20) });
    else if (deed < 0.97) await forgetUser(database, hashUser(String(upTo(20))));
    else {
      const guildId = GUILDS[upTo(3) - 1]!;
      await forgetGuild(database, guildId);
      goneFrom.set(guildId, rows.length);
    }
    if (round % 10 === 9) await expectExactly(database, rows, goneFrom);
  }
  await rollUpAll(database, 50);
  while (await prune(database, { before: START + rounds * DAY, limit: 40 }));
  await expectExactly(database, rows, goneFrom);
  const left = await database.read((queries) => queries.selectFrom('invocations').select('id').execute());
  expect(left).toEqual([]);
}

it.each([1, 2, 3])(
  'every run is counted exactly once in SQLite, whatever happens when: life %i',
  async (seed) => {
    await live(await databases.fresh('sqlite'), seed, 100);
  },
);

it('every run is counted exactly once in PostgreSQL, whatever happens when', async () => {
  await live(await databases.fresh('postgres'), 5, 80);
});

it('a fleet that writes, rolls up and prunes all at once loses and doubles nothing', async () => {
  const one = await databases.fresh('postgres');
  const processes = [one, await databases.again()];
  const random = randomFrom(9);
  const rows: InvocationRow[] = [];
  const writing = processes.map(async (database, i) => {
    const writer = createWriterOn(database, { writerId: `process ${i}` });
    for (let batch = 0; batch < 40; batch += 1) {
      const some = Array.from({ length: 10 }, () =>
        randomRow(random, START + Math.floor(random() * 3 * DAY)),
      );
      rows.push(...some);
      await writer.add(...some);
    }
  });
  let written = false;
  const chores = processes.flatMap((database) =>
    [0, 1].map(async () => {
      while (!written) {
        await rollUpSome(database, random, 30);
        await prune(database, { before: START + DAY, limit: 20 });
      }
    }),
  );
  await Promise.all(writing);
  written = true;
  await Promise.all(chores);
  await expectExactly(one, rows);
  await rollUpAll(one);
  await expectExactly(one, rows);
  expect(await pending(one)).toBe(0);
});

describe.each(['sqlite', 'postgres'] as const)('two processes with one database in %s', (kind) => {
  it('that roll up everywhere at once count each run once', async () => {
    const one = await databases.fresh(kind);
    const other = await databases.again();
    const random = randomFrom(11);
    const rows = Array.from({ length: 60 }, (_, i) => randomRow(random, START + i * 1_000));
    await createWriterOn(one).add(...rows);
    // The one has counted everything when the other, which counts half of it, is faster.
    const begun = rollUpPieces(one, 1_000);
    for (let piece = 0; piece < 4; piece += 1) expect((await begun.next()).done).toBe(false);
    expect(await rollUp(other, 30)).toBe(30);
    let last = await begun.next();
    while (!last.done) last = await begun.next();
    expect(last.value).toBe(0);
    await expectExactly(one, rows);
    expect(await pending(one)).toBe(30);
    const both = await Promise.allSettled([rollUp(one, 1_000), rollUp(other, 1_000)]);
    expect(both.map((done) => (done.status === 'fulfilled' ? done.value : 0)).sort()).toEqual([0, 30]);
    await expectExactly(one, rows);
  });

  it('that roll up the same server at once count each run once', async () => {
    const one = await databases.fresh(kind);
    const other = await databases.again();
    const random = randomFrom(12);
    const rows = Array.from({ length: 200 }, (_, i) => randomRow(random, START + i * 1_000));
    await createWriterOn(one).add(...rows);
    for (let round = 0; round < 8; round += 1) {
      await Promise.allSettled([one, other].map((database) => rollUpGuild(database, GUILDS[0]!, 10)));
    }
    await expectExactly(one, rows);
    await rollUpAll(other);
    await expectExactly(one, rows);
  });
});

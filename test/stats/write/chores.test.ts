import type { Database } from '../../../src/stats/database/database';
import { createChores } from '../../../src/stats/write/chores';
import { pending } from '../../../src/stats/write/roll-up';
import { sweep } from '../../../src/stats/write/sweep';
import { createDatabases, createWriterOn, DAY, GUILDS, HOUR, rowWith, START } from './support';

const databases = createDatabases('chores');
const [busy = '', quiet = '', late = ''] = GUILDS;
const rowsOf = (guildId: string | null, count: number) =>
  Array.from({ length: count }, (_, i) => rowWith({ guildId, at: START + i * 1_000 }));

/** Servers that were rolled up, and how far. */
const marks = async (database: Database): Promise<Record<string, number>> => {
  const rows = await database.read((queries) =>
    queries
      .selectFrom('roll_ups')
      .select((eb) => ['last_id', eb.cast<string>('guild_id', 'text').as('guild_id')])
      .execute(),
  );
  return Object.fromEntries(rows.map(({ guild_id, last_id }) => [guild_id, last_id]));
};

describe.each(['sqlite', 'postgres'] as const)('the chores in %s', (kind) => {
  let clock = START;
  const start = () => createChores({ retentionDays: 30, now: () => clock });
  const doAll = async (chores: ReturnType<typeof start>, database: Database): Promise<number> => {
    let pieces = 1;
    while (await chores.doOne(database)) pieces += 1;
    return pieces;
  };

  it('roll a server up when it has rows enough, and leave a quiet one alone', async () => {
    const database = await databases.fresh(kind);
    const writer = createWriterOn(database);
    const chores = start();
    const write = async (rows: ReturnType<typeof rowsOf>) => {
      await writer.add(...rows);
      chores.wrote(rows);
      await doAll(chores, database);
    };
    await write([...rowsOf(quiet, 10), ...rowsOf(busy, 499), ...rowsOf(null, 600)]);
    expect(await marks(database)).toEqual({ 0: 0 });
    await write(rowsOf(busy, 1));
    expect(await marks(database)).toEqual({ 0: 0, [busy]: 1_110 });
    await write(rowsOf(busy, 499));
    expect(await marks(database)).toEqual({ 0: 0, [busy]: 1_110 });
  });

  it('find the servers whose rows were written before a restart', async () => {
    const database = await databases.fresh(kind);
    await createWriterOn(database).add(...rowsOf(busy, 2_100), ...rowsOf(quiet, 499), ...rowsOf(late, 500));
    const chores = start();
    await doAll(chores, database);
    expect(await marks(database)).toEqual({ 0: 0 });
    clock += 90_000;
    await doAll(chores, database);
    expect(await marks(database)).toEqual({ 0: 3_099, [busy]: 2_100, [late]: 3_099 });
  });

  it('look at a few servers at a time, and at each once', async () => {
    const database = await databases.fresh(kind);
    await createWriterOn(database).add(
      ...GUILDS.flatMap((guildId) => rowsOf(guildId, 3)),
      ...rowsOf(null, 5),
    );
    const found: string[] = [];
    let pieces = 0;
    for (let after: string | null = '0'; after !== null; pieces += 1) {
      const swept = await sweep(database, { after, limit: 2, enough: 3 });
      found.push(...swept.due);
      after = swept.next;
    }
    expect(pieces).toBe(2);
    expect(found).toEqual([late, quiet, busy]);
    expect((await sweep(database, { after: '0', limit: 9, enough: 4 })).due).toEqual([]);
  });

  it('let others write between the pieces of a roll-up, and go on after the database was opened anew', async () => {
    const database = await databases.fresh(kind);
    const writer = createWriterOn(database);
    const chores = start();
    await writer.add(...rowsOf(null, 3_000));
    clock += 60_000;
    expect(await chores.doOne(database)).toBe(true);
    expect(await chores.doOne(database)).toBe(true);
    await writer.add(...rowsOf(null, 10));
    const anew = await databases.again();
    expect(await doAll(chores, anew)).toBeGreaterThan(5);
    expect(await pending(anew)).toBe(0);
  });

  it('do not give up a roll-up for good when the database fails in the middle of it', async () => {
    const database = await databases.fresh(kind);
    const chores = start();
    await createWriterOn(database).add(...rowsOf(null, 10));
    clock += 60_000;
    let fails = true;
    const failing: Database = {
      ...database,
      read: (work) => (fails ? Promise.reject(new Error('away')) : database.read(work)),
    };
    await expect(chores.doOne(failing)).rejects.toThrow('away');
    expect(chores.current()).toBe('roll-up everywhere');
    fails = false;
    await doAll(chores, failing);
    expect(await pending(database)).toBe(0);
  });

  it('remove what has left retention once an hour', async () => {
    const database = await databases.fresh(kind);
    const chores = start();
    const rows = rowsOf(busy, 700);
    await createWriterOn(database).add(...rows);
    chores.wrote(rows);
    await doAll(chores, database);
    clock += 31 * DAY + HOUR;
    await doAll(chores, database);
    const left = await database.read((queries) => queries.selectFrom('invocations').select('id').execute());
    expect(left).toEqual([]);
  });
});

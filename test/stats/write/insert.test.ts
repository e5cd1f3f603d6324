import type { Database } from '../../../src/stats/database/database';
import type { InvocationRow } from '../../../src/stats/invocation-row';
import { createInserter } from '../../../src/stats/write/insert';
import {
  crashing,
  createDatabases,
  createWriterOn,
  FAILURE,
  hashUser,
  losingAnswers,
  randomFrom,
  randomRow,
  rowWith,
  START,
} from './support';

const databases = createDatabases('insert');
const stored = (database: Database) =>
  database.read((queries) =>
    queries
      .selectFrom('invocations')
      .innerJoin('series', 'series.id', 'invocations.series_id')
      .innerJoin('releases', 'releases.id', 'invocations.release_id')
      .select(['at', 'command', 'kind', 'outcome', 'reason', 'fingerprint', 'message', 'user_hash'])
      .select(['duration_seconds', 'ack_seconds', 'trace_id', 'shard', 'version', 'commit_hash'])
      .select((eb) => eb.cast<string | null>('guild_id', 'text').as('guild_id'))
      .orderBy('invocations.id')
      .execute(),
  );
const asStored = (row: InvocationRow): object => ({
  at: row.at,
  command: row.command,
  kind: row.kind,
  outcome: row.outcome,
  reason: row.reason,
  fingerprint: row.fingerprint,
  message: row.message,
  user_hash: hashUser(row.userId),
  duration_seconds: row.durationSeconds,
  ack_seconds: row.ackSeconds,
  trace_id: row.traceId,
  shard: row.shard,
  version: '1.2.3',
  commit_hash: 'abc',
  guild_id: row.guildId,
});

describe.each(['sqlite', 'postgres'] as const)('a batch that goes into %s', (kind) => {
  it('is there with all that is known of each run, however many there are', async () => {
    const database = await databases.fresh(kind);
    const random = randomFrom(5);
    const rows = Array.from({ length: 203 }, (_, i) => randomRow(random, START + i));
    const writer = createWriterOn(database);
    await writer.add(...rows);
    await writer.add(rowWith(FAILURE));
    expect(await stored(database)).toEqual([...rows, rowWith(FAILURE)].map(asStored));
  });

  it('is counted once when it is sent again, because nobody knew whether it had arrived', async () => {
    const database = await databases.fresh(kind);
    await createWriterOn(database).add(rowWith());
    const restarted = losingAnswers(database);
    const options = {
      hashUser,
      now: Date.now,
      writerId: 'writer',
      release: { version: '1', commit: 'b', startedAt: 0 },
    };
    const batch = { seq: 2, rows: [rowWith()] };
    await expect(createInserter({ ...options, database: restarted }).write(batch)).rejects.toThrow('broke');
    const inserter = createInserter({ ...options, database });
    await inserter.write(batch);
    await inserter.write(batch);
    expect(await stored(database)).toHaveLength(2);
    await inserter.write({ ...batch, seq: 3 });
    await createWriterOn(database, { writerId: 'another process' }).add(rowWith());
    expect(await stored(database)).toHaveLength(4);
  });

  it('is there wholly or not at all, and can be sent again after it failed', async () => {
    const database = await databases.fresh(kind);
    let broken = true;
    const flaky: Database = {
      ...database,
      write: (work) => (broken ? crashing(database) : database).write(work),
    };
    const writer = createWriterOn(flaky);
    const batch = { seq: 1, rows: [rowWith({ command: 'new' }), rowWith()] };
    await expect(writer.write(batch)).rejects.toThrow('died');
    expect(await stored(database)).toEqual([]);
    broken = false;
    await writer.write(batch);
    expect(await stored(database)).toEqual(batch.rows.map(asStored));
  });

  it('counts one command as one, whichever process met it first', async () => {
    const database = await databases.fresh(kind);
    const first = createWriterOn(database, { writerId: 'first' });
    const second = createWriterOn(await databases.again(), { writerId: 'second' });
    for (const command of ['a', 'b', 'c']) {
      await first.add(rowWith({ command }));
      await second.add(rowWith({ command }), rowWith({ command, kind: 'text' }));
    }
    const series = await database.read((queries) => queries.selectFrom('series').selectAll().execute());
    expect(series).toHaveLength(1 + 6);
    expect(await stored(database)).toHaveLength(9);
  });

  it('does not fill the database with series when commands have names without end', async () => {
    const database = await databases.fresh(kind);
    const writer = createWriterOn(database);
    const rows = Array.from({ length: 2_050 }, (_, i) => rowWith({ command: `made-up-${i}` }));
    await writer.add(...rows);
    await writer.add(...rows.toReversed());
    const others = (await stored(database)).filter(({ command }) => command === '_other');
    expect(others).toHaveLength(102);
    expect(await stored(database)).toHaveLength(4_100);
  });

  it('does not name a user who had themselves forgotten while it was on its way', async () => {
    const database = await databases.fresh(kind);
    const clock = { now: START };
    const writer = createWriterOn(database, { now: () => clock.now });
    expect(writer.forget('7')).toBe(hashUser('7'));
    await writer.add(rowWith({ userId: '7' }), rowWith({ userId: '8' }));
    await writer.add(rowWith({ userId: '7', receivedAt: START + 1 }));
    expect((await stored(database)).map((row) => row.user_hash)).toEqual([
      null,
      hashUser('8'),
      hashUser('7'),
    ]);
  });

  it('is not refused for a duration that no clock should give', async () => {
    const database = await databases.fresh(kind);
    await createWriterOn(database).add(rowWith({ durationSeconds: NaN, ackSeconds: Infinity }));
    expect(await stored(database)).toMatchObject([{ duration_seconds: 0, ack_seconds: 0 }]);
  });
});

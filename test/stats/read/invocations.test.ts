import { sql } from 'kysely';
import type { InvocationRow } from '../../../src/stats/invocation-row';
import { readInvocations } from '../../../src/stats/read/invocations';
import type { InvocationsQuery, StoredInvocation } from '../../../src/stats/stats';
import { OUTCOME_KINDS } from '../../../src/telemetry/event';
import {
  createDatabases,
  DAY,
  hashUser,
  KINDS_OF_DATABASES,
  randomFrom,
  randomHistory,
  RELEASE,
  rowAt,
  START,
  type Databases,
  type Filled,
} from './support';

const NOW = START + 75 * DAY;
const GUILD = '900000000000000001';

/** As it is to come out again. */
function storedOf(row: InvocationRow): StoredInvocation {
  const { at, command, kind, outcome, reason, fingerprint, message } = row;
  const { guildId, userId, durationSeconds, ackSeconds, traceId, shard } = row;
  return {
    at: new Date(at).toISOString(),
    command,
    kind,
    outcome,
    reason,
    fingerprint,
    message,
    guildId,
    userHash: hashUser(userId),
    traceId,
    shard,
    durationMs: Math.round(durationSeconds * 1e6) / 1e3,
    ackMs: ackSeconds === null ? null : Math.round(ackSeconds * 1e6) / 1e3,
    ...RELEASE,
  };
}

function matches(
  row: InvocationRow,
  { trace, outcome, command, guildId }: Omit<InvocationsQuery, 'limit'>,
): boolean {
  return (
    (trace === undefined || row.traceId.startsWith(trace)) &&
    (outcome === undefined || row.outcome === outcome) &&
    (command === undefined || row.command === command || row.command.startsWith(`${command} `)) &&
    (guildId === undefined || row.guildId === guildId)
  );
}

describe.each(KINDS_OF_DATABASES)('single invocations from %s', (kind) => {
  let databases: Databases;
  let history: Filled;
  /** In the order of their times, so that the newest written is the newest. */
  const rows = randomHistory(600, NOW, randomFrom(31)).sort((a, b) => a.at - b.at);
  beforeAll(async () => {
    databases = await createDatabases(kind);
    history = await databases.open('history');
    await history.write(rows);
  });
  afterAll(() => databases.close());

  /** Asks on a clock that moves on by so much each time it is looked at. */
  const ask = (query: InvocationsQuery, { database } = history, tickMs = 0) => {
    let now = 0;
    return readInvocations(database, query, { monotonic: () => (now += tickMs) });
  };

  it('are the newest of which everything is true that is asked for', async () => {
    const commands = [undefined, 'ping', 'ticket', 'ticket:close', 'nothing'];
    for (const outcome of [undefined, ...OUTCOME_KINDS]) {
      for (const command of commands) {
        for (const guildId of [undefined, GUILD, '1']) {
          const query = {
            ...(outcome === undefined ? {} : { outcome }),
            ...(command === undefined ? {} : { command }),
            ...(guildId === undefined ? {} : { guildId }),
          };
          const expected = rows.filter((row) => matches(row, query)).toReversed();
          for (const limit of [1, 7, 500]) {
            expect(await ask({ ...query, limit })).toEqual(expected.slice(0, limit).map(storedOf));
          }
        }
      }
    }
  });

  it('are found by the reference that a user was shown, or by the whole trace id, whatever the outcome', async () => {
    for (const outcome of OUTCOME_KINDS) {
      const row = rows.find((candidate) => candidate.outcome === outcome)!;
      for (const trace of [row.traceId, row.traceId.slice(0, 8), row.traceId.slice(0, 8).toUpperCase()]) {
        expect(await ask({ trace, limit: 50 })).toEqual([storedOf(row)]);
        expect(await ask({ trace, outcome, limit: 50 })).toEqual([storedOf(row)]);
        expect(await ask({ trace, guildId: '1', limit: 50 })).toEqual([]);
      }
    }
    expect(await ask({ trace: 'ffffffff', limit: 50 })).toEqual([]);
  });

  it.each(['0000000', "' or 1=1 --", 'zzzzzzzz', '0'.repeat(33), '%'])(
    'are not searched for %j, which is no trace id',
    async (trace) => {
      expect(await ask({ trace, limit: 50 })).toEqual([]);
    },
  );

  it('are none in a database where there are none', async () => {
    const empty = await databases.open('empty');
    expect(await ask({ limit: 50 }, empty)).toEqual([]);
    expect(await ask({ outcome: 'failed', limit: 50 }, empty)).toEqual([]);
    expect(await ask({ trace: '4bf92f35', limit: 50 }, empty)).toEqual([]);
  });

  it('are newest first by when they settled, also where one was written late', async () => {
    const filled = await databases.open('late');
    await filled.write([rowAt(NOW), rowAt(NOW - DAY), rowAt(NOW - 1)]);
    const times = (await ask({ limit: 50 }, filled)).map(({ at }) => Date.parse(at));
    expect(times).toEqual([NOW, NOW - 1, NOW - DAY]);
  });

  it('are searched as far back as there are any, for as long as somebody waits and no longer', async () => {
    const filled = await databases.open('gaps');
    await filled.write([rowAt(NOW, { traceId: 'a'.repeat(32) })]);
    await copyTo(filled, 220_001, 'b'.repeat(32));
    const search = { trace: 'aaaaaaaa', limit: 1 };
    expect(await ask(search, filled)).toHaveLength(1);
    expect(await ask(search, filled, 600)).toHaveLength(1);
    expect(await ask(search, filled, 1000)).toEqual([]);
    expect(await ask({ trace: 'bbbbbbbb', limit: 1 }, filled, 1000)).toHaveLength(1);
  });
});

/** Writes the first row once more, under an id that is far away. */
function copyTo({ database }: Filled, id: number, traceId: string): Promise<unknown> {
  const overriding = sql.raw(database.kind === 'postgres' ? 'overriding system value' : '');
  return database.write((queries) =>
    sql`insert into invocations (id, at, series_id, outcome, duration_seconds, trace_id, shard, release_id)
      ${overriding} select cast(${id} as bigint), at, series_id, outcome, duration_seconds, ${traceId}, shard, release_id
      from invocations where id = 1`.execute(queries),
  );
}

import type { InvocationRow } from '../../../src/stats/invocation-row';
import { readChanges } from '../../../src/stats/read/changes';
import { createKeptDays } from '../../../src/stats/read/kept-days';
import type { Tallies } from '../../../src/stats/read/tallies';
import type { Release } from '../../../src/stats/release';
import type { ChangesQuery, ReleaseChanges } from '../../../src/stats/stats';
import { prune } from '../../../src/stats/write/retention';
import { rollUp } from '../../../src/stats/write/roll-up';
import { rollUpGuild } from '../../../src/stats/write/roll-up-guild';
import { exactChanges } from './changes-reference';
import {
  createDatabases,
  DAY,
  HOUR,
  KINDS_OF_DATABASES,
  randomFrom,
  randomHistory,
  rowAt,
  START,
  type Databases,
  type Filled,
} from './support';

const GUILD = '900000000000000001';
const QUERIES: readonly ChangesQuery[] = [
  {},
  { command: 'ping' },
  { command: 'ticket' },
  { command: 'ticket close' },
  { command: 'nothing' },
  { guildId: GUILD },
  { guildId: '900000000000000002', command: 'ticket' },
  { guildId: '1' },
];
/** In the middle of an hour. */
const NOW = START + 75 * DAY + 13 * HOUR + 1_234_567;
const A = { version: '1.0.0', commit: 'aaaaaaa' };
const B = { version: '1.1.0', commit: 'bbbbbbb' };

/** A history in which much got worse with a release: some commands fail and some take longer, and there are new errors. */
function historyAround(startedAt: number, count: number, seed: number): InvocationRow[] {
  const random = randomFrom(seed);
  // No two at the same time: which of them is the newest would be anybody's guess.
  const rows = randomHistory(count, NOW, random).map((row, index) => ({
    ...row,
    at: Math.floor(row.at / 4096) * 4096 + index,
  }));
  return rows.map((row, index) => {
    const healed = random() < 0.8 ? HEALED : {};
    if (row.at < startedAt) return { ...row, ...healed };
    const slow = row.command === 'ping' ? { durationSeconds: row.durationSeconds * 10 } : {};
    const bug = 5 + Math.floor(random() * 2);
    const isBroken = row.command.startsWith('ticket') && random() < 0.6;
    const broken = {
      outcome: 'failed',
      reason: 'exception',
      fingerprint: `${bug}23456789abc`,
      message: `bug ${bug}, seen in ${index}`,
    } as const;
    return { ...row, ...slow, ...(isBroken ? broken : healed) };
  });
}

const HEALED = { outcome: 'ok', reason: null, fingerprint: null, message: null } as const;

const failure = (at: number, changes: Partial<InvocationRow> = {}): InvocationRow =>
  rowAt(at, {
    outcome: 'failed',
    reason: 'exception',
    fingerprint: 'f'.repeat(12),
    message: 'm',
    ...changes,
  });

/** The first midnight in the seven days before. */
const midnightIn = (startedAt: number): number => Math.ceil((startedAt - 7 * DAY) / DAY) * DAY;

const fingerprintsOf = (changes: ReleaseChanges | null): string[] | undefined =>
  changes?.newErrors.map(({ fingerprint }) => fingerprint);

async function rollUpAll({ database }: Filled): Promise<void> {
  while ((await rollUp(database, 1000)) > 0);
  for (const end of [1, 2, 3])
    while ((await rollUpGuild(database, `90000000000000000${end}`, 1000)) === 1000);
}

describe.each(KINDS_OF_DATABASES)('what changed with a release, from %s', (kind) => {
  let databases: Databases;
  beforeAll(async () => {
    databases = await createDatabases(kind);
  });
  afterAll(() => databases.close());

  // Kept from one question to the next, as the reading thread does.
  const kept = createKeptDays<Tallies>();
  const ask = (
    { database }: Filled,
    release: Release,
    query: ChangesQuery = {},
    now = NOW,
  ): Promise<ReleaseChanges | null> => readChanges(database, query, { now, release, kept });

  it.each([
    ['days ago', NOW - 3 * DAY],
    ['within this hour', NOW - 20 * 60_000],
    ['weeks ago, on the hour', START + 50 * DAY],
  ])(
    'is all that is new or worse and nothing else, however far the roll-ups have come: started %s',
    async (name, startedAt) => {
      const filled = await databases.open(`random_${name.replace(/\W/g, '_')}`);
      const rows = historyAround(startedAt, 900, 71);
      const old = filled.start({ ...A, startedAt: START });
      await old(rows.filter(({ at }) => at < startedAt));
      const release = { ...B, startedAt };
      await filled.start(release)(rows.filter(({ at }) => at >= startedAt));
      const check = async () => {
        const given = { newErrors: 0, worseErrors: 0, worseCommands: 0 };
        for (const query of QUERIES) {
          const changes = await ask(filled, release, query);
          const expected = exactChanges(rows, query, startedAt);
          expect({ query, changes }).toEqual({ query, changes: expected && { ...B, ...expected } });
          given.newErrors += changes?.newErrors.length ?? 0;
          given.worseErrors += changes?.worseErrors.length ?? 0;
          given.worseCommands += changes?.worseCommands.length ?? 0;
        }
        expect(Math.min(...Object.values(given))).toBeGreaterThan(0);
      };
      await check();
      await rollUp(filled.database, 420);
      await rollUpGuild(filled.database, GUILD, 100);
      await check();
      await rollUpAll(filled);
      await check();
    },
  );

  it.each([
    ['lies in the week before it', NOW - 12 * DAY, NOW - 15 * DAY],
    ['has passed its start', NOW - 12 * DAY, NOW - 5 * DAY],
  ])('is right to the hour once single rows are gone: retention %s', async (name, startedAt, before) => {
    const filled = await databases.open(`pruned_${name.replace(/\W/g, '_')}`);
    const rows = historyAround(startedAt, 700, 77);
    await filled.start({ ...A, startedAt: START })(rows.filter(({ at }) => at < startedAt));
    const release = { ...B, startedAt };
    await filled.start(release)(rows.filter(({ at }) => at >= startedAt));
    await rollUpAll(filled);
    while (await prune(filled.database, { before, limit: 200 }));
    for (const query of QUERIES) {
      const expected = exactChanges(rows, query, startedAt, before);
      const changes = await ask(filled, release, query);
      expect({ query, changes }).toEqual({ query, changes: expected && { ...B, ...expected } });
      if (before > startedAt && query.guildId !== undefined) expect(changes).toBeNull();
    }
  });

  it('is nothing while there is nothing to compare: the first release of all, one that was not used, a new server', async () => {
    const filled = await databases.open('nothing');
    const first = { ...A, startedAt: NOW - 2 * DAY };
    expect(await ask(filled, first)).toBeNull();
    const keyPress = rowAt(NOW - 1.5 * DAY, { guildId: '8', kind: 'autocomplete' });
    await filled.start(first)([rowAt(NOW - 2 * DAY + 5), keyPress, failure(NOW - DAY)]);
    expect(await ask(filled, first)).toBeNull();
    const second = { ...B, startedAt: NOW - HOUR };
    expect(await ask(filled, second)).toBeNull();
    await filled.start(second)([failure(NOW - HOUR + 1, { guildId: '7' })]);
    for (const rolledUp of [false, true]) {
      if (rolledUp) await rollUpAll(filled);
      expect(await ask(filled, second)).toMatchObject({ ...B, newErrors: [], worseErrors: [] });
      expect(await ask(filled, second, { guildId: GUILD })).not.toBeNull();
      expect(await ask(filled, second, { guildId: '7' })).toBeNull();
      expect(await ask(filled, second, { guildId: '8' })).toBeNull();
      expect(await ask(filled, second, { command: 'other' })).toBeNull();
    }
  });

  it('is told of a bot that nobody had used for weeks before', async () => {
    const filled = await databases.open('unused');
    const startedAt = NOW - HOUR;
    await filled.start({ ...A, startedAt: START })([rowAt(NOW - 40 * DAY), failure(NOW - 39.5 * DAY)]);
    const release = { ...B, startedAt };
    await filled.start(release)([failure(NOW - 9), failure(NOW - 8, { fingerprint: 'e'.repeat(12) })]);
    for (const rolledUp of [false, true]) {
      if (rolledUp) await rollUpAll(filled);
      for (const query of [{}, { guildId: GUILD }, { command: 'ping' }]) {
        const changes = await ask(filled, release, query);
        expect(fingerprintsOf(changes)).toEqual(['e'.repeat(12)]);
        expect(changes?.comparedSince).toBe(new Date(midnightIn(startedAt)).toISOString());
      }
    }
  });

  it('knows what a server had run and met before it left retention', async () => {
    const filled = await databases.open('folded');
    await filled.start({ ...A, startedAt: START })([
      rowAt(NOW - 40 * DAY),
      failure(NOW - 39.5 * DAY),
      rowAt(NOW - 20 * DAY, { guildId: '7' }),
    ]);
    const release = { ...B, startedAt: NOW - HOUR };
    await filled.start(release)([failure(NOW - 9), failure(NOW - 8, { fingerprint: 'e'.repeat(12) })]);
    await rollUpAll(filled);
    while (await prune(filled.database, { before: NOW - 30 * DAY, limit: 200 }));
    expect(fingerprintsOf(await ask(filled, release, { guildId: GUILD }))).toEqual(['e'.repeat(12)]);
  });

  it('begins anew when an older release is back, and not with a restart or a second process', async () => {
    const filled = await databases.open('back');
    const [first, second, third] = [NOW - 9 * DAY, NOW - 6 * DAY, NOW - 2 * DAY];
    const since = async (release: Release) => (await ask(filled, release))?.startedAt;
    await filled.write([rowAt(first - DAY)]);
    await filled.start({ ...A, startedAt: first })([rowAt(first + 1), failure(first + 2)]);
    await filled.start({ ...B, startedAt: second })([failure(second + 1, { fingerprint: 'b'.repeat(12) })]);
    expect(await since({ ...B, startedAt: second })).toBe(new Date(second).toISOString());
    expect(fingerprintsOf(await ask(filled, { ...B, startedAt: second }))).toEqual(['b'.repeat(12)]);

    await filled.start({ ...B, startedAt: second + DAY })([rowAt(second + DAY + 1)]);
    expect(await since({ ...B, startedAt: second + DAY })).toBe(new Date(second).toISOString());

    const back = { ...A, startedAt: third };
    expect(await since(back)).toBeUndefined(); // Not what had been new in it nine days ago.
    await filled.start(back)([failure(third + 1), failure(third + 2, { fingerprint: 'b'.repeat(12) })]);
    for (const again of [back, { ...A, startedAt: third + DAY }]) {
      await filled.start(again)([rowAt(again.startedAt + 1)]);
      expect(await ask(filled, again)).toMatchObject({
        startedAt: new Date(third).toISOString(),
        newErrors: [],
        worseErrors: [],
      });
    }
    // One of the other release that was started before it, and connects anew.
    await filled.start({ ...B, startedAt: second + DAY })([rowAt(NOW)]);
    expect(await since(back)).toBe(new Date(third).toISOString());
    expect(await since({ ...B, startedAt: second + DAY })).toBe(new Date(second).toISOString());
  });

  it('takes an error for known wherever it was met before: in another command, another server, while a key was pressed', async () => {
    const filled = await databases.open('elsewhere');
    const startedAt = NOW - DAY;
    const other = GUILD.replace(/.$/, '7');
    const known = { command: 'tickets', pressed: 'd'.repeat(12), fresh: 'e'.repeat(12) };
    await filled.start({ ...A, startedAt: START })([
      failure(NOW - 9 * DAY, { command: known.command }),
      ...[GUILD, other].map((guildId) => rowAt(NOW - 8.5 * DAY, { guildId })),
      failure(NOW - 8 * DAY, { fingerprint: known.pressed, kind: 'autocomplete' }),
    ]);
    const release = { ...B, startedAt };
    await filled.start(release)(
      [GUILD, other].flatMap((guildId, server) => [
        failure(NOW - 5, { guildId }),
        failure(NOW - 4, { guildId, fingerprint: known.pressed }),
        ...(server === 0 ? [failure(NOW - 3, { guildId, fingerprint: known.fresh })] : []),
      ]),
    );
    for (const rolledUp of [false, true]) {
      if (rolledUp) await rollUpAll(filled);
      expect(fingerprintsOf(await ask(filled, release))).toEqual([known.fresh]);
      expect(fingerprintsOf(await ask(filled, release, { guildId: GUILD }))).toEqual([known.fresh]);
      expect(fingerprintsOf(await ask(filled, release, { guildId: other }))).toEqual([]);
      expect(fingerprintsOf(await ask(filled, release, { command: 'ping' }))).toEqual([known.fresh]);
    }
  });

  it('begins with the process where a start lies in the future: a clock was ahead', async () => {
    const filled = await databases.open('ahead');
    await filled.start({ ...A, startedAt: START })([rowAt(NOW - 3 * DAY)]);
    await filled.start({ ...B, startedAt: NOW + 2 * DAY })([rowAt(NOW - 2 * DAY)]);
    const restarted = { ...B, startedAt: NOW - DAY };
    expect(await ask(filled, restarted)).toBeNull();
    await filled.start(restarted)([failure(NOW - DAY + 1)]);
    expect(await ask(filled, restarted)).toMatchObject({
      startedAt: new Date(NOW - DAY).toISOString(),
      runs: { before: 2, since: 1 },
    });
    expect(fingerprintsOf(await ask(filled, restarted))).toEqual(['f'.repeat(12)]);
  });

  it('shows a new error behind ten old ones that are more frequent, and none of those that were too many to keep apart', async () => {
    const filled = await databases.open('behind');
    const startedAt = NOW - DAY;
    const bugs = Array.from({ length: 15 }, (_, bug) => (bug === 14 ? '' : String(bug).padStart(12, '0')));
    const all = (at: number) =>
      bugs.flatMap((fingerprint) => [1, 2, 3].map((n) => failure(at + n, { fingerprint })));
    await filled.start({ ...A, startedAt: START })(
      all(NOW - 3 * DAY).filter(({ fingerprint }) => fingerprint !== ''),
    );
    const release = { ...B, startedAt };
    await filled.start(release)([...all(NOW - HOUR), failure(NOW - HOUR)]);
    for (const rolledUp of [false, true]) {
      if (rolledUp) await rollUpAll(filled);
      expect(await ask(filled, release)).toMatchObject({
        newErrors: [{ fingerprint: 'f'.repeat(12), count: 1, countBefore: 0, commands: ['ping'] }],
        worseErrors: [],
      });
    }
  });

  it('tells of ten new errors at most, the most frequent first and the newer of two', async () => {
    const filled = await databases.open('many');
    await filled.start({ ...A, startedAt: START })([rowAt(NOW - 3 * DAY)]);
    const release = { ...B, startedAt: NOW - DAY };
    const hex = (bug: number): string => bug.toString(16).repeat(12);
    const once = Array.from({ length: 14 }, (_, bug) => failure(NOW - HOUR + bug, { fingerprint: hex(bug) }));
    await filled.start(release)([...once, failure(NOW - 2, { fingerprint: hex(3) })]);
    const expected = [3, 13, 12, 11, 10, 9, 8, 7, 6, 5].map(hex);
    expect(fingerprintsOf(await ask(filled, release))).toEqual(expected);
    await rollUpAll(filled);
    expect(fingerprintsOf(await ask(filled, release))).toEqual(expected);
  });

  it('tells that a command takes half as long again, and nothing of what hardly anybody would notice', async () => {
    const filled = await databases.open('slow');
    const runs = (at: number, command: string, durationSeconds: number) =>
      Array.from({ length: 100 }, (_, n) => rowAt(at + n, { command, durationSeconds }));
    const before = NOW - 3 * DAY;
    await filled.start({ ...A, startedAt: START })([...runs(before, 'a', 1), ...runs(before, 'b', 1)]);
    const release = { ...B, startedAt: NOW - DAY };
    await filled.start(release)([...runs(NOW - HOUR, 'a', 1.4), ...runs(NOW - HOUR, 'b', 1.6)]);
    const slower = { command: 'b', kind: 'chat_input', worse: 'p95_ms', before: 1000, since: 1600 };
    for (const rolledUp of [false, true]) {
      if (rolledUp) await rollUpAll(filled);
      expect((await ask(filled, release))?.worseCommands).toEqual([{ ...slower, invocations: 100 }]);
    }
  });

  it('tells of an error that no totals kept apart', async () => {
    const filled = await databases.open('nowhere');
    await filled.start({ ...A, startedAt: START })([rowAt(NOW - 3 * DAY)]);
    const release = { ...B, startedAt: NOW - 20 * 60_000 };
    await filled.start(release)([failure(NOW - 60_000)]);
    await rollUpAll(filled);
    await filled.database.write((queries) => queries.deleteFrom('error_totals').execute());
    const firstSeen = new Date(NOW - 60_000).toISOString();
    expect((await ask(filled, release))?.newErrors).toMatchObject([{ count: 1, firstSeen }]);
  });

  it('takes no error for more frequent that may only not have been kept apart before', async () => {
    const filled = await databases.open('overflow');
    const startedAt = NOW - DAY;
    const many = (count: number, at: number, fingerprint: string) =>
      Array.from({ length: count }, (_, n) => failure(at + n, { fingerprint }));
    await filled.start({ ...A, startedAt: START })([
      ...many(40, NOW - 3 * DAY, ''),
      failure(NOW - 2 * DAY),
      failure(NOW - 2 * DAY, { fingerprint: 'e'.repeat(12) }),
    ]);
    const release = { ...B, startedAt };
    const after = [...many(40, NOW - HOUR, 'f'.repeat(12)), ...many(400, NOW - HOUR, 'e'.repeat(12))];
    await filled.start(release)(after);
    expect((await ask(filled, release))?.worseErrors).toEqual([]);
    await filled.write(Array.from({ length: 2000 }, (_, n) => rowAt(NOW - 2 * DAY + n)));
    const { worseErrors } = (await ask(filled, release))!;
    expect(worseErrors.map(({ fingerprint }) => fingerprint)).toEqual(['e'.repeat(12), 'f'.repeat(12)]);
  });
});

import type { InvocationRow } from '../../../src/stats/invocation-row';
import { createKeptDays, type KeptDays } from '../../../src/stats/read/kept-days';
import { periodSpan } from '../../../src/stats/read/range';
import { readSummary } from '../../../src/stats/read/summary';
import type { Tallies } from '../../../src/stats/read/tallies';
import { PERIODS, type StatsQuery, type StatsSummary } from '../../../src/stats/stats';
import { prune } from '../../../src/stats/write/retention';
import { rollUp } from '../../../src/stats/write/roll-up';
import { rollUpGuild } from '../../../src/stats/write/roll-up-guild';
import {
  acksOf,
  askedRows,
  countBy,
  exactCounts,
  exactErrors,
  percentileError,
  quantileError,
  runsAmong,
} from './reference';
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
import { skipIds } from '../write/support';

const KNOWN = ['never', 'ping', 'ticket close', 'ticket never', 'ticket open', 'tickets'];
const NOW = START + 75 * DAY + 13 * HOUR + 1_234_567;
const GUILD = '900000000000000001';
const QUERIES: readonly Omit<StatsQuery, 'period'>[] = [
  {},
  { command: 'ping' },
  { command: 'ticket' },
  { command: 'ticket close' },
  { command: 'nothing' },
  { guildId: GUILD },
  { guildId: '900000000000000002', command: 'ticket' },
  { guildId: '1' },
];

/** Checks a summary against the rows, as far as its counts go. */
function expectRight(summary: StatsSummary, rows: readonly InvocationRow[], query: StatsQuery): void {
  const span = periodSpan(query.period, NOW);
  const asked = askedRows(rows, query, span);
  const runs = runsAmong(asked);
  const { totals } = summary;
  expect(totals).toMatchObject({
    ...exactCounts(runs),
    refusals: countBy(
      runs.filter(({ outcome }) => outcome === 'refused'),
      ({ reason }) => reason ?? '',
    ),
    failures: countBy(
      runs.filter(({ outcome }) => outcome === 'failed'),
      ({ reason }) => reason ?? '',
    ),
  });
  expect(
    percentileError(
      totals,
      runs.map(({ durationSeconds }) => durationSeconds),
    ),
  ).toBeLessThan(0.0201);
  const acks = runs.flatMap(({ ackSeconds }) => ackSeconds ?? []);
  expect(percentileError(acksOf(totals), acks)).toBeLessThan(0.0201);
  expectCommands(summary, asked);
  expect(summary.topErrors).toEqual(exactErrors(asked).slice(0, 10));
  const used = new Set(runs.map(({ command }) => command));
  const known = askedRows(
    KNOWN.map((command) => rowAt(NOW, { command })),
    { ...(query.command === undefined ? {} : { command: query.command }) },
    span,
  );
  expect(summary.unused).toEqual(known.map(({ command }) => command).filter((command) => !used.has(command)));
}

function expectCommands({ commands }: StatsSummary, asked: readonly InvocationRow[]): void {
  const counts = commands.map(({ invocations }) => invocations);
  expect(counts).toEqual(counts.toSorted((a, b) => b - a));
  expect(new Set(commands.map(({ command, kind }) => `${command} ${kind}`)).size).toBe(commands.length);
  expect(commands.length).toBe(
    Object.keys(countBy(asked, ({ command, kind }) => `${command} ${kind}`)).length,
  );
  for (const given of commands) {
    const rows = asked.filter(({ command, kind }) => command === given.command && kind === given.kind);
    const lastUsed = new Date(Math.max(...rows.map(({ at }) => at))).toISOString();
    expect(given).toMatchObject({ ...exactCounts(rows), lastUsed });
    expect(
      percentileError(
        given,
        rows.map(({ durationSeconds }) => durationSeconds),
      ),
    ).toBeLessThan(0.0201);
  }
}

function expectPrevious({ previous }: StatsSummary, rows: readonly InvocationRow[], query: StatsQuery): void {
  if (previous === null) return;
  const { from } = periodSpan(query.period, NOW);
  const runs = runsAmong(askedRows(rows, query, { from: Date.parse(previous.since), to: from }));
  const { invocations, failed, errorRate } = exactCounts(runs);
  expect(previous).toMatchObject({ invocations, failed, errorRate });
  const seconds = runs.map(({ durationSeconds }) => durationSeconds);
  expect(quantileError(previous.p95Ms, seconds, 0.95)).toBeLessThan(0.0201);
}

describe.each(KINDS_OF_DATABASES)('a summary from %s', (kind) => {
  let databases: Databases;
  beforeAll(async () => {
    databases = await createDatabases(kind);
  });
  afterAll(() => databases.close());

  // Kept from one question to the next, as the reading thread does: what is added late has to show all the same.
  const kept = new Map<Filled, KeptDays<Tallies>>();
  function ask(filled: Filled, query: StatsQuery, now = NOW): Promise<StatsSummary> {
    const days = kept.get(filled) ?? createKeptDays<Tallies>();
    kept.set(filled, days);
    return readSummary(filled.database, query, { now, known: KNOWN, kept: days });
  }

  it('counts every invocation once, however far the roll-ups have come and however late a row was', async () => {
    const random = randomFrom(3);
    const filled = await databases.open('history');
    const rows = randomHistory(1500, NOW, random);
    for (let written = 0; written < rows.length; written += 500) {
      await filled.write(rows.slice(written, written + 500));
      for (const period of PERIODS) {
        for (const query of QUERIES) {
          const summary = await ask(filled, { ...query, period });
          expectRight(summary, rows.slice(0, written + 500), { ...query, period });
          expectPrevious(summary, rows.slice(0, written + 500), { ...query, period });
        }
      }
      await rollUp(filled.database, 190 + written / 2);
      await rollUpGuild(filled.database, GUILD, 310 + written / 4);
      if (written === 0) await skipIds(filled.database);
    }
  });

  it('counts a hundred users exactly and thousands within 2 %, each once however often they came', async () => {
    const filled = await databases.open('users');
    const of = (command: string, users: number) =>
      Array.from({ length: users * 2 }, (_, index) =>
        rowAt(NOW - 3 * DAY + index * 1000, { command, userId: `${index % users}` }),
      );
    await filled.write([...of('few', 100), ...of('many', 2500)]);
    while ((await rollUp(filled.database, 1000)) > 0);
    const { commands, totals } = await ask(filled, { period: '7d' });
    expect(commands.map(({ users }) => users)).toEqual([expect.any(Number), 100]);
    for (const users of [commands[0]!.users, totals.users])
      expect(Math.abs(users / 2500 - 1)).toBeLessThan(0.0201);
  });

  it('compares with the stretch before it, and with nothing where the statistics do not reach back', async () => {
    const filled = await databases.open('previous');
    const now = START + 10 * DAY + 1000;
    await filled.write([
      rowAt(now - 49 * HOUR),
      rowAt(now - 47.5 * HOUR, { outcome: 'failed', reason: 'exception', fingerprint: 'f', message: 'm' }),
      rowAt(now - 24.5 * HOUR),
      rowAt(now - 2 * HOUR, { guildId: null }),
      rowAt(now - 1.5 * HOUR, { kind: 'autocomplete' }),
    ]);
    for (const rolledUp of [false, true]) {
      if (rolledUp) await rollUp(filled.database, 100);
      if (rolledUp) await rollUpGuild(filled.database, GUILD, 100);
      for (const scope of [{}, { guildId: GUILD }, { command: 'ping' }]) {
        const of = async (period: StatsQuery['period']) =>
          (await ask(filled, { ...scope, period }, now)).previous;
        // Begun on the full hour: 24 h and 1 s long, like the stretch before it.
        expect(await of('24h')).toMatchObject({
          since: new Date(now - 2 * (DAY + 1000)).toISOString(),
          invocations: 2,
          failed: 1,
          errorRate: 0.5,
          p95Ms: 250,
        });
        // From two hours ago, to the millisecond; key presses are none of it.
        expect(await of('1h')).toMatchObject({ invocations: 'guildId' in scope ? 0 : 1, failed: 0 });
        expect(await of('7d')).toBeNull();
        expect(await of('all')).toBeNull();
      }
    }
  });

  it('says since when it counts: the period, or the first invocation of all if that is later', async () => {
    const filled = await databases.open('since');
    const now = START + 10 * DAY + 1000;
    const since = async (query: StatsQuery) => Date.parse((await ask(filled, query, now)).since);
    expect(await since({ period: '7d' })).toBe(now);
    await filled.write([rowAt(now - 2 * DAY - 1), rowAt(now - 5)]);
    for (const rolledUp of [false, true]) {
      if (rolledUp) await rollUp(filled.database, 100);
      expect(await since({ period: '1h' })).toBe(now - HOUR);
      expect(await since({ period: '24h' })).toBe(now - 1000 - DAY);
      expect(await since({ period: '7d' })).toBe(now - 2 * DAY - 1);
      expect(await since({ period: 'all', guildId: GUILD })).toBe(now - 2 * DAY - 1);
    }
  });

  it('keeps everything but single rows after they left retention, and says where a server begins then', async () => {
    const filled = await databases.open('pruned');
    const rows = randomHistory(700, NOW, randomFrom(17));
    await filled.write(rows);
    await rollUp(filled.database, 1000);
    await rollUpGuild(filled.database, GUILD, 1000);
    const before = NOW - 10 * DAY;
    while (await prune(filled.database, { before, limit: 200 }));
    for (const period of PERIODS) {
      for (const query of QUERIES) {
        const summary = await ask(filled, { ...query, period });
        const isCut = query.guildId !== undefined && period === '30d';
        if (!isCut) expectRight(summary, rows, { ...query, period });
        if (isCut) expect(Date.parse(summary.since)).toBeGreaterThanOrEqual(before);
        if (query.guildId !== undefined && period === '7d') expect(summary.previous).toBeNull();
        expectPrevious(summary, rows, { ...query, period });
      }
    }
  });

  it('shows at most ten errors, and those that were too many to keep apart as they are', async () => {
    const filled = await databases.open('errors');
    const failure = (index: number, fingerprint: string) =>
      rowAt(NOW - DAY + index, {
        outcome: 'failed',
        reason: 'exception',
        fingerprint,
        message: fingerprint || 'Other errors',
      });
    await filled.write(
      Array.from({ length: 60 }, (_, index) => failure(index, index % 2 === 0 ? '' : `f${index % 24}`)),
    );
    await rollUp(filled.database, 40);
    const { topErrors } = await ask(filled, { period: '7d' });
    expect(topErrors).toHaveLength(10);
    expect(topErrors[0]).toMatchObject({ fingerprint: '', message: 'Other errors', count: 30 });
  });
});

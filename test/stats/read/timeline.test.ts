import type { InvocationRow } from '../../../src/stats/invocation-row';
import { periodSpan } from '../../../src/stats/read/range';
import { readTimeline } from '../../../src/stats/read/timeline';
import { PERIODS, type Period, type StatsQuery, type Timeline } from '../../../src/stats/stats';
import { prune } from '../../../src/stats/write/retention';
import { rollUp } from '../../../src/stats/write/roll-up';
import { rollUpGuild } from '../../../src/stats/write/roll-up-guild';
import { askedRows, exactCounts, runsAmong } from './reference';
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
} from './support';
import { skipIds } from '../write/support';

const NOW = START + 75 * DAY + 13 * HOUR + 1_234_567;
const GUILD = '900000000000000001';
const QUERIES: readonly Omit<StatsQuery, 'period'>[] = [
  {},
  { command: 'ticket' },
  { command: 'nothing' },
  { guildId: GUILD },
  { guildId: GUILD, command: 'ping' },
];
/** Steps everywhere, and steps of one server. */
const STEPS: Readonly<Record<Period, readonly [number, number]>> = {
  '1h': [HOUR / 12, HOUR / 12],
  '24h': [HOUR, HOUR],
  '7d': [HOUR, DAY],
  '30d': [HOUR, DAY],
  all: [DAY, DAY],
};

function expectRight({ stepMs, points }: Timeline, rows: readonly InvocationRow[], query: StatsQuery): void {
  expect(stepMs).toBe(STEPS[query.period][query.guildId === undefined ? 0 : 1]);
  expect(points.at(-1)!.start).toBe(Math.floor(NOW / stepMs) * stepMs);
  const span = periodSpan(query.period, NOW);
  const runs = runsAmong(askedRows(rows, query, span));
  const expected = points.map(({ start }, index) => {
    expect(start).toBe(points[0]!.start + index * stepMs);
    const { ok, refused, failed } = exactCounts(runs.filter(({ at }) => at >= start && at < start + stepMs));
    return { start, ok, refused, failed };
  });
  expect(points).toEqual(expected);
  const sum = points.reduce((total, { ok, refused, failed }) => total + ok + refused + failed, 0);
  expect(sum).toBe(runs.length);
}

describe.each(KINDS_OF_DATABASES)('a timeline from %s', (kind) => {
  let databases: Databases;
  beforeAll(async () => {
    databases = await createDatabases(kind);
  });
  afterAll(() => databases.close());

  it('has every invocation in the step that it settled in, and adds up to the summary', async () => {
    const { database, write } = await databases.open('history');
    const rows = randomHistory(900, NOW, randomFrom(23));
    for (let written = 0; written < rows.length; written += 300) {
      await write(rows.slice(written, written + 300));
      for (const period of PERIODS) {
        for (const query of QUERIES) {
          const timeline = await readTimeline(database, { ...query, period }, { now: NOW });
          expectRight(timeline, rows.slice(0, written + 300), { ...query, period });
        }
      }
      await rollUp(database, 240);
      await rollUpGuild(database, GUILD, 270);
      if (written === 0) await skipIds(database);
    }
  });

  it('draws nothing before anything was counted, and zeros where nothing was', async () => {
    const { database, write } = await databases.open('gaps');
    const read = (query: StatsQuery) => readTimeline(database, query, { now: NOW });
    for (const period of PERIODS) expect((await read({ period })).points).toEqual([]);
    await write([rowAt(NOW - 3 * DAY)]);
    const lengths = { '1h': 13, '24h': 25, '7d': 169, '30d': 721, all: 4 };
    for (const period of PERIODS) {
      const { points } = await read({ period });
      expect(points).toHaveLength(lengths[period]);
      const isWithin = !['1h', '24h'].includes(period);
      expect(points.filter(({ ok }) => ok > 0)).toHaveLength(isWithin ? 1 : 0);
    }
    expect((await read({ period: 'all', guildId: '1' })).points).toEqual([
      { start: Math.floor(NOW / DAY) * DAY, ok: 0, refused: 0, failed: 0 },
    ]);
  });

  it.each([
    [749, DAY, 750],
    [750, 7 * DAY, 108],
    [4000, 7 * DAY, 572],
    [6000, 30 * DAY, 201],
  ])('of %i days takes steps that leave a picture to be seen', async (days, stepMs, length) => {
    const { database, write } = await databases.open(`days-${days}`);
    await write([rowAt(NOW - days * DAY), rowAt(NOW - 40 * DAY), rowAt(NOW)]);
    await rollUp(database, 2);
    const timeline = await readTimeline(database, { period: 'all' }, { now: NOW });
    expect(timeline.stepMs).toBe(stepMs);
    expect(timeline.points).toHaveLength(length);
    expect(timeline.points.reduce((sum, { ok }) => sum + ok, 0)).toBe(3);
  });

  it('puts what a faster clock settled in the future into the last step', async () => {
    const { database, write } = await databases.open('future');
    await write([rowAt(NOW), rowAt(NOW + 2 * HOUR), rowAt(NOW + 2 * DAY)]);
    for (const rolledUp of [false, true]) {
      if (rolledUp) await rollUp(database, 10);
      for (const period of PERIODS) {
        const { points } = await readTimeline(database, { period }, { now: NOW });
        expect(points.at(-1)!.ok).toBe(3);
      }
    }
  });

  it('of everywhere keeps its shape when single invocations are gone', async () => {
    const { database, write } = await databases.open('pruned');
    const rows = randomHistory(500, NOW, randomFrom(29));
    await write(rows);
    await rollUp(database, 500);
    await rollUpGuild(database, GUILD, 500);
    while (await prune(database, { before: NOW - 5 * DAY, limit: 100 }));
    for (const period of PERIODS) {
      expectRight(await readTimeline(database, { period }, { now: NOW }), rows, { period });
    }
    const { points } = await readTimeline(database, { period: 'all', guildId: GUILD }, { now: NOW });
    expect(points[0]!.start).toBeGreaterThanOrEqual(Math.floor((NOW - 5 * DAY) / DAY) * DAY);
  });
});

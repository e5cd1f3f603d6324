import type { InvocationRow } from '../../../src/stats/invocation-row';
import { readErrors } from '../../../src/stats/read/period-errors';
import { PERIODS, type ErrorsAnswer, type StatsQuery } from '../../../src/stats/stats';
import { prune } from '../../../src/stats/write/retention';
import { rollUp } from '../../../src/stats/write/roll-up';
import { rollUpGuild } from '../../../src/stats/write/roll-up-guild';
import { exactPeriodErrors } from './errors-reference';
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
const QUERIES: readonly Omit<StatsQuery, 'period'>[] = [
  {},
  { command: 'ping' },
  { command: 'ticket' },
  { command: 'nothing' },
  { guildId: GUILD },
  { guildId: '900000000000000002', command: 'ticket close' },
  { guildId: '1' },
];
/** In the middle of an hour. */
const NOW = START + 75 * DAY + 13 * HOUR + 1_234_567;

const failure = (at: number, bug: number, changes: Partial<InvocationRow> = {}): InvocationRow =>
  rowAt(at, {
    outcome: 'failed',
    reason: 'exception',
    fingerprint: bug.toString(16).padStart(12, '0'),
    message: `bug ${bug}`,
    ...changes,
  });

/** Failures of seventy bugs, some of which came late. No two at the same time: which is the newest would be anybody's guess. */
function historyOfBugs(count: number, seed: number): InvocationRow[] {
  const random = randomFrom(seed);
  return randomHistory(count, NOW, random)
    .map((row, index) => ({ ...row, at: Math.floor(row.at / 4096) * 4096 + index }))
    .map((row, index) => {
      if (row.outcome !== 'failed') return row;
      const bug = Math.floor(random() ** 2 * 70);
      const isEarly = bug % 7 === 0 && row.at > NOW - 2 * HOUR;
      return failure(row.at, isEarly ? 70 + (index % 3) : bug, {
        ...{ command: row.command, kind: row.kind, guildId: row.guildId, traceId: row.traceId },
        ...{ reason: row.reason, message: `bug ${bug}, seen in ${index}` },
      });
    });
}

async function rollUpAll({ database }: Filled): Promise<void> {
  while ((await rollUp(database, 1000)) > 0);
  for (const end of [1, 2, 3])
    while ((await rollUpGuild(database, `90000000000000000${end}`, 1000)) === 1000);
}

describe.each(KINDS_OF_DATABASES)('what failed in a period, from %s', (kind) => {
  let databases: Databases;
  beforeAll(async () => {
    databases = await createDatabases(kind);
  });
  afterAll(() => databases.close());

  const ask = ({ database }: Filled, query: StatsQuery, now = NOW): Promise<ErrorsAnswer> =>
    readErrors(database, query, { now });

  it('is every error once, with all that happened, however far the roll-ups have come', async () => {
    const filled = await databases.open('errors_random');
    const rows = historyOfBugs(800, 23);
    await filled.write(rows);
    const check = async (): Promise<void> => {
      const given = { others: 0, trends: 0, fresh: 0 };
      for (const period of PERIODS) {
        for (const asked of QUERIES) {
          const query = { ...asked, period };
          const { groups, others } = await ask(filled, query);
          expect({ query, groups, others }).toEqual({ query, ...exactPeriodErrors(rows, query, NOW) });
          given.others += others.errors;
          given.trends += groups.filter(({ halves }) => typeof halves === 'object' && halves !== null).length;
          given.fresh += groups.filter(({ halves }) => halves === 'new').length;
        }
      }
      expect(Math.min(...Object.values(given))).toBeGreaterThan(0);
    };
    await check();
    await rollUp(filled.database, 470);
    await rollUpGuild(filled.database, GUILD, 100);
    await check();
    await rollUpAll(filled);
    await check();
  });

  it('keeps its counts when single rows are gone, and its halves to the hour', async () => {
    const filled = await databases.open('errors_pruned');
    // Also around the middle of thirty days, which is in the middle of an hour.
    const aroundMiddle = Array.from({ length: 20 }, (_, n) =>
      failure(NOW - 15 * DAY + (n - 10) * 120_001, n % 5),
    );
    const rows = [...aroundMiddle, ...historyOfBugs(600, 29)];
    await filled.write(rows);
    await rollUpAll(filled);
    const before = NOW - 10 * DAY;
    while (await prune(filled.database, { before, limit: 200 }));
    for (const period of PERIODS) {
      for (const asked of QUERIES) {
        const query = { ...asked, period };
        if (query.guildId !== undefined && period === '30d') continue; // Its days went with its rows.
        const { groups, others } = await ask(filled, query);
        expect({ query, groups, others }).toEqual({ query, ...exactPeriodErrors(rows, query, NOW, before) });
      }
    }
  });

  it('counts one bug of twelve commands once and whole, and says how many more there are than it lists', async () => {
    const filled = await databases.open('errors_many');
    const twelve = Array.from({ length: 36 }, (_, n) =>
      failure(NOW - DAY / 2 + n, 1, { command: `c${String(n % 12).padStart(2, '0')}` }),
    );
    const rare = Array.from({ length: 600 }, (_, n) => failure(NOW - HOUR + n, 100 + n));
    await filled.write([...twelve, ...rare, failure(NOW - 9, 2, { kind: 'autocomplete' })]);
    for (const rolledUp of [false, true]) {
      if (rolledUp) await rollUpAll(filled);
      for (const scope of [{}, { guildId: GUILD }]) {
        const { groups, others } = await ask(filled, { period: '24h', ...scope });
        expect(groups[0]).toMatchObject({ count: 36, message: 'bug 1' });
        expect(groups[0]!.commands).toHaveLength(12);
        expect(groups[1]).toMatchObject({ message: 'bug 2', commands: ['ping'] });
        expect(groups).toHaveLength(24);
        expect(others).toEqual({ errors: 578, count: 578 });
      }
    }
  });

  it('has those that were too many to be kept apart last, as one', async () => {
    const filled = await databases.open('errors_overflow');
    const once = Array.from({ length: 1010 }, (_, n) => failure(NOW - DAY / 2 + n, 100 + n));
    await filled.write([...once, failure(NOW - 7, 1), failure(NOW - 6, 1)]);
    await rollUpAll(filled);
    const { groups, others } = await ask(filled, { period: 'all' });
    expect(groups).toHaveLength(25);
    expect(groups.at(-1)).toMatchObject({ fingerprint: '', message: 'Other errors' });
    const listed = groups.reduce((sum, { count }) => sum + count, 0);
    expect({ errors: others.errors, count: listed + others.count }).toEqual({ errors: 976, count: 1012 });
  });

  it('tells no trend of what it has not seen for a whole period, nor of an error that is new', async () => {
    const filled = await databases.open('errors_young');
    const early = failure(NOW - 50 * 60_000, 2, { command: 'stats' });
    await filled.write([early, failure(NOW - 10, 1), failure(NOW - 5, 1)]);
    const halves = async (): Promise<unknown> =>
      (await ask(filled, { period: '1h' })).groups.map(({ message, halves }) => [message, halves]);
    const EARLIER = { earlier: 1, later: 0 };
    expect(await halves()).toEqual([
      ['bug 1', null],
      ['bug 2', null],
    ]);
    await filled.write([rowAt(NOW - 9 * DAY)]);
    expect(await halves()).toEqual([
      ['bug 1', 'new'],
      ['bug 2', EARLIER],
    ]);
    await filled.write([failure(NOW - 8 * DAY, 1)]);
    expect(await halves()).toEqual([
      ['bug 1', { earlier: 0, later: 2 }],
      ['bug 2', EARLIER],
    ]);
    await rollUpAll(filled);
    expect(await halves()).toEqual([
      ['bug 1', { earlier: 0, later: 2 }],
      ['bug 2', EARLIER],
    ]);
  });
});

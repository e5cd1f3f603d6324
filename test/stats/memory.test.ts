import type { Period } from '../../src/stats/stats';
import {
  DAY,
  exactQuantile,
  failed,
  HOUR,
  logNormal,
  memoryStats,
  MINUTE,
  OK,
  REFUSED,
  settled,
  START,
} from './support';

describe('the counts', () => {
  it('tell every outcome of every command, kind by kind, and leave key presses out of the totals', async () => {
    const { stats } = memoryStats();
    for (const outcome of [OK, OK, REFUSED, failed(new Error('boom'))]) stats.record(settled({ outcome }));
    stats.record(settled({ command: 'ticket close', kind: 'autocomplete', userId: 'user-2' }));
    const { totals, commands } = await stats.summary({ period: '24h' });
    expect(totals).toMatchObject({ invocations: 4, ok: 2, refused: 1, failed: 1, errorRate: 0.25, users: 1 });
    expect(commands).toEqual([
      expect.objectContaining({
        command: 'ping',
        kind: 'chat_input',
        invocations: 4,
        errorRate: 0.25,
        users: 1,
      }),
      expect.objectContaining({ command: 'ticket close', kind: 'autocomplete', invocations: 1, failed: 0 }),
    ]);
    expect(commands[0]?.lastUsed).toBe(new Date(START).toISOString());
  });

  it('time failures and refusals too, so that an outage shows in the percentiles', async () => {
    const { stats } = memoryStats();
    const seconds = logNormal(5_000, 3);
    const outcomes = [OK, REFUSED, failed('boom')];
    seconds.forEach((durationSeconds, i) =>
      stats.record(settled({ durationSeconds, outcome: outcomes[i % 3]! })),
    );
    const { totals } = await stats.summary({ period: '1h' });
    for (const [ms, q] of [
      [totals.p50Ms, 0.5],
      [totals.p95Ms, 0.95],
      [totals.p99Ms, 0.99],
    ] as const) {
      const exact = exactQuantile(seconds, q) * 1000;
      expect(Math.abs((ms ?? NaN) - exact) / exact).toBeLessThan(0.0106);
    }
  });

  it('are those of one server where one is asked for', async () => {
    const { stats } = memoryStats();
    stats.record(settled({ guildId: 'guild-1' }));
    stats.record(settled({ guildId: 'guild-2', userId: 'user-2', outcome: failed('boom') }));
    stats.record(settled({ guildId: null }));
    const of = async (guildId: string): Promise<unknown> =>
      (await stats.summary({ period: 'all', guildId })).totals;
    expect(await of('guild-1')).toMatchObject({ invocations: 1, failed: 0, users: 1 });
    expect(await of('guild-2')).toMatchObject({ invocations: 1, failed: 1, users: 1 });
    expect(await of('guild-3')).toMatchObject({ invocations: 0, p95Ms: null, errorRate: 0, users: 0 });
    expect((await stats.summary({ period: 'all' })).totals).toMatchObject({ invocations: 3, users: 2 });
    expect((await stats.summary({ period: 'all', guildId: 'guild-1' })).topErrors).toEqual([]);
  });

  it('are those of a command by its path, or of all below a bare name, but not of its namesakes', async () => {
    const { stats } = memoryStats();
    for (const command of ['ticket close', 'ticket open', 'tickets', 'ping'])
      stats.record(settled({ command }));
    const of = async (command: string): Promise<number> =>
      (await stats.summary({ period: '24h', command })).totals.invocations;
    expect(await of('ticket close')).toBe(1);
    expect(await of('ticket')).toBe(2);
    expect(await of('tick')).toBe(0);
  });

  it('go on when a user cannot be hashed', async () => {
    const { stats } = memoryStats({
      hashUser: () => {
        throw new Error('no key');
      },
    });
    stats.record(settled());
    expect((await stats.summary({ period: '24h' })).totals).toMatchObject({ invocations: 1, users: 0 });
  });

  it('stay in bounded memory when names are without end, and lose none of them', async () => {
    const { stats } = memoryStats();
    for (let i = 0; i < 1_500; i += 1) stats.record(settled({ command: `c${i}` }));
    const { totals, commands } = await stats.summary({ period: '24h' });
    expect(totals.invocations).toBe(1_500);
    expect(commands[0]).toMatchObject({ command: '_other', invocations: 500 });
    expect(stats.commandNames()).toHaveLength(1_000);
  });
});

describe('the periods', () => {
  const LENGTHS: readonly (readonly [Period, number, number])[] = [
    ['1h', HOUR, MINUTE],
    ['24h', DAY, 20 * MINUTE],
    ['7d', 7 * DAY, 2 * HOUR],
    ['30d', 30 * DAY, 12 * HOUR],
  ];

  it.each(LENGTHS)(
    '%s holds what happened at its very edge and drops it one step later',
    async (period, length, step) => {
      const { stats, clock } = memoryStats();
      clock.now = START + 100 * DAY;
      stats.record(settled());
      const count = async (): Promise<number> => (await stats.summary({ period })).totals.invocations;
      clock.now = START + 100 * DAY + length;
      expect(await count()).toBe(1);
      clock.now += step - 1;
      expect(await count()).toBe(1);
      clock.now += 1;
      expect(await count()).toBe(0);
      expect((await stats.summary({ period })).totals.users).toBe(0);
      expect((await stats.summary({ period: 'all' })).totals).toMatchObject({ invocations: 1, users: 1 });
    },
  );

  it('say when they begin, or when the statistics do if that is later', async () => {
    const { stats, clock } = memoryStats();
    const since = async (period: Period): Promise<string> => (await stats.summary({ period })).since;
    clock.now = START + 2 * HOUR + 30_000;
    expect(await since('1h')).toBe(new Date(START + HOUR).toISOString());
    expect(await since('24h')).toBe(new Date(START).toISOString());
    expect(await since('all')).toBe(new Date(START).toISOString());
  });

  it('never lose a count as minutes become hours, days and all time', async () => {
    const { stats, clock } = memoryStats();
    const seconds = logNormal(3_000, 5);
    for (const [i, durationSeconds] of seconds.entries()) {
      clock.now = START + i * 23 * MINUTE; // 48 days
      const outcome = i % 10 === 0 ? failed(`boom ${i}`) : OK;
      stats.record(settled({ durationSeconds, outcome, command: `c${i % 7}`, userId: `u${i % 40}` }));
    }
    const { totals, commands, topErrors } = await stats.summary({ period: 'all' });
    expect(totals).toMatchObject({ invocations: 3_000, ok: 2_700, failed: 300, users: 40 });
    expect(commands.reduce((sum, { invocations }) => sum + invocations, 0)).toBe(3_000);
    expect(topErrors.reduce((sum, { count }) => sum + count, 0)).toBe(300);
    const exact = exactQuantile(seconds, 0.95) * 1000;
    expect(Math.abs((totals.p95Ms ?? NaN) - exact) / exact).toBeLessThan(0.0106);
    for (const [period, length] of LENGTHS) {
      const { since, totals: inPeriod } = await stats.summary({ period });
      const expected = seconds.filter((_, i) => START + i * 23 * MINUTE >= Date.parse(since)).length;
      expect(inPeriod.invocations).toBe(expected);
      expect(Date.parse(since)).toBeLessThanOrEqual(clock.now - length);
    }
  });

  it('hold through a clock that is set back', async () => {
    const { stats, clock } = memoryStats();
    clock.now = START + 3 * HOUR;
    stats.record(settled());
    clock.now = START + 2 * HOUR;
    stats.record(settled());
    expect((await stats.summary({ period: '1h' })).totals.invocations).toBe(2);
    clock.now = START + 5 * DAY;
    expect((await stats.summary({ period: '7d' })).totals.invocations).toBe(2);
  });
});

describe('the errors', () => {
  it('show one bug as one row, with the newest message and reference', async () => {
    const { stats, clock } = memoryStats();
    stats.record(settled({ outcome: failed(new Error('No member 123')) }));
    clock.now += 5 * HOUR;
    stats.record(settled({ outcome: failed(new Error('No member 456')), traceId: 'deadbeef00000000' }));
    stats.record(settled({ outcome: failed(new Error('Another')) }));
    expect((await stats.summary({ period: '24h' })).topErrors).toEqual([
      {
        command: 'ping',
        reason: 'exception',
        message: 'No member 456',
        count: 2,
        lastSeen: new Date(clock.now).toISOString(),
        reference: 'deadbeef',
      },
      expect.objectContaining({ message: 'Another', count: 1, reference: '4bf92f35' }),
    ]);
    expect((await stats.summary({ period: '1h' })).topErrors[0]?.count).toBe(1);
  });

  it('show no secret, and refusals are none of them', async () => {
    const { stats } = memoryStats();
    stats.record(settled({ outcome: failed(new Error('bad key s3cret')) }));
    stats.record(settled({ outcome: REFUSED }));
    const { topErrors } = await stats.summary({ period: '24h' });
    expect(topErrors.map(({ message }) => message)).toEqual(['bad key [redacted]']);
  });

  it('stay in bounded memory when every message is new, and each is still counted', async () => {
    const { stats } = memoryStats();
    const word = (i: number): string =>
      String.fromCharCode(97 + (i % 26), 97 + (Math.floor(i / 26) % 26), 120);
    for (let i = 0; i < 400; i += 1) stats.record(settled({ outcome: failed(`no ${word(i)}`) }));
    const { topErrors, totals } = await stats.summary({ period: '24h' });
    expect(totals.failed).toBe(400);
    expect(topErrors).toHaveLength(10);
    expect(topErrors[0]).toMatchObject({ message: 'Other messages', count: 300 });
  });
});

describe('the known commands', () => {
  const names = [
    { command: 'ping', kind: 'chat_input' },
    { command: 'ticket close', kind: 'chat_input' },
    { command: 'ticket close', kind: 'autocomplete' },
  ] as const;

  it('are sorted, complete from the start, and unused until somebody runs them', async () => {
    const { stats } = memoryStats();
    stats.record({ type: 'commands_loaded', loaded: 2, failed: 0, names });
    expect(stats.commandNames()).toEqual(['ping', 'ticket close']);
    expect((await stats.summary({ period: '24h' })).unused).toEqual(['ping', 'ticket close']);
    stats.record(settled({ command: 'ticket close', kind: 'autocomplete' }));
    stats.record(settled());
    expect((await stats.summary({ period: '24h' })).unused).toEqual(['ticket close']);
    expect((await stats.summary({ period: '24h', command: 'ping' })).unused).toEqual([]);
  });

  it('include what was used without being announced, but never the nameless', () => {
    const { stats } = memoryStats();
    stats.record(settled({ command: 'legacy' }));
    stats.record(settled({ command: '_other' }));
    expect(stats.commandNames()).toEqual(['legacy']);
  });
});

import { parseEntry } from '../../src/log-reader/entry';
import { createSummariser, type LogSummary } from '../../src/log-reader/summary';
import { summaryText } from '../../src/log-reader/summary-text';
import type { LogLevel } from '../../src/logging/logger';
import { at, line, settled } from './support';

const summaryOf = (...lines: readonly string[]): LogSummary => summaryAt(null, ...lines);

function summaryAt(level: LogLevel | null, ...lines: readonly string[]): LogSummary {
  const summariser = createSummariser(level);
  summariser.add(lines.map(parseEntry).filter((entry) => entry !== null));
  return summariser.summary();
}

const failure = (number: number, message: string, reference: string): string =>
  settled(number, {
    level: 'error',
    outcome: 'failed',
    trace_id: reference.padEnd(32, '0'),
    duration_ms: 90,
    error: { name: 'QueryError', message, stack: `QueryError: ${message}\n    at x` },
  });

const lines = [
  settled(1),
  settled(2, { duration_ms: 20 }),
  settled(3, { outcome: 'refused', duration_ms: 0 }),
  failure(4, 'no row 17 of 1180000000000000003', 'aaaaaaaa'),
  failure(5, 'no row 18 of 1180000000000000004', 'bbbbbbbb'),
  settled(6, { command: '통계', kind: 'button' }),
  line(7, { level: 'error', logger: 'rest', message: 'away' }),
  line(8, { level: 'warn' }),
];

describe('a summary', () => {
  it('counts each command by outcome, with mean and p95 over all of its runs', () => {
    const { commands } = summaryOf(...lines);
    expect(commands).toEqual([
      {
        command: 'stats',
        kind: 'chat_input',
        count: 5,
        ok: 2,
        refused: 1,
        failed: 2,
        errorRate: 0.4,
        meanMs: 42,
        p95Ms: 88.88,
      },
      {
        command: '통계',
        kind: 'button',
        count: 1,
        ok: 1,
        refused: 0,
        failed: 0,
        errorRate: 0,
        meanMs: 10,
        p95Ms: 10,
      },
    ]);
  });

  it('says p95 within 2 % over many runs', () => {
    const { commands } = summaryOf(
      ...Array.from({ length: 1000 }, (_, i) => settled(i, { duration_ms: i + 1 })),
    );
    expect(commands[0]?.p95Ms).toBeGreaterThan(950 * 0.98);
    expect(commands[0]?.p95Ms).toBeLessThan(950 * 1.02);
  });

  it.each([
    ['as they were written', lines],
    ['the newest file first', lines.toReversed()],
  ])('takes errors that differ in numbers and ids for one, with where to look: %s', (_, given) => {
    const { errors, levels, from, to } = summaryOf(...given);
    expect(errors).toEqual([
      {
        name: 'QueryError',
        message: 'no row # of #',
        count: 2,
        firstSeen: at(4),
        lastSeen: at(5),
        references: ['bbbbbbbb', 'aaaaaaaa'],
      },
      { name: 'rest', message: 'away', count: 1, firstSeen: at(7), lastSeen: at(7), references: [] },
    ]);
    expect({ levels, from, to }).toEqual({
      levels: { error: 3, warn: 1, info: 4, debug: 0 },
      from: at(1),
      to: at(8),
    });
  });

  it('stays small under endless different errors and commands, and loses none of the counts', () => {
    const words = (i: number): string =>
      `w${String.fromCharCode(97 + (i % 26), 97 + ((i / 26) % 26), 97 + i / 676)}`;
    const { errors, commands } = summaryOf(
      ...Array.from({ length: 3000 }, (_, i) => failure(i, words(i), 'cccccccc')),
      ...Array.from({ length: 3000 }, (_, i) => settled(i, { command: words(i) })),
    );
    expect(errors.length).toBe(1001);
    expect(commands.length).toBe(1001);
    expect(errors.reduce((sum, { count }) => sum + count, 0)).toBe(3000);
    expect(commands.reduce((sum, { count }) => sum + count, 0)).toBe(6000);
  });

  it('stands in even columns, wide characters included, and lets no control character through', () => {
    const text = summaryText(summaryOf(...lines, line(9, { level: 'error', logger: 'x\u001b[31m' })));
    expect(text).toContain(
      'Lines: 9 (error 4, warn 1, info 4, debug 0), 2026-01-31 10:00:01 – 2026-01-31 10:00:09 UTC',
    );
    expect(text).toMatch(/^command +count +ok +refused +failed +err % +mean ms +p95 ms$/m);
    expect(text).toMatch(/^stats {14}5 {3}2 {8}1 {7}2 {3}40\.0 {5}42\.0 {4}88\.9$/m);
    expect(text).toMatch(/^통계 \(button\) {6}1 {3}1 {8}0 {7}0 {4}0\.0 {5}10\.0 {4}10\.0$/m);
    expect(text).toContain(
      [
        '',
        'Errors: 3 (numbers and ids shown as #)',
        'count  error',
        '       first – last seen (UTC), newest references',
        '    2  QueryError: no row # of #',
        '       2026-01-31 10:00:04 – 10:00:05, bbbbbbbb aaaaaaaa',
        '    1  x\\u001b[31m: line #',
        '       2026-01-31 10:00:09',
        '    1  rest: away',
        '       2026-01-31 10:00:07',
        '',
      ].join('\n'),
    );
    expect(text).not.toContain('\u001b');
  });

  it('names both days of an error that went on over midnight, and explains # only where there is one', () => {
    const away = (timestamp: string) =>
      line(1, { timestamp, level: 'error', logger: 'rest', message: 'away' });
    const text = summaryText(summaryOf(away('2026-01-30T23:59:00.000Z'), away('2026-01-31T00:01:00.000Z')));
    expect(text).toContain('\nErrors: 1\n');
    expect(text).toContain('\n       2026-01-30 23:59:00 – 2026-01-31 00:01:00\n'.trimEnd());
  });

  it.each([
    ['error', 'warn'],
    ['info', 'debug'],
  ] as const)('claims no share of failures where successes were not asked for: %s, %s', (...levels) => {
    for (const level of levels) {
      const summary = summaryAt(level, failure(1, 'no row', 'aaaaaaaa'));
      const failedOnly = levels[0] === 'error';
      expect(summary.commands[0]).toMatchObject({ failed: 1, errorRate: failedOnly ? null : 1 });
      const [heading, columns, row] = summaryText(summary).split('\n').slice(-3);
      expect(heading).toBe(failedOnly ? 'Commands, failed runs only: 1' : 'Commands: 1');
      expect(columns).toMatch(
        failedOnly
          ? /^command +failed +mean ms +p95 ms$/
          : /^command +count +ok +refused +failed +err % +mean ms +p95 ms$/,
      );
      expect(row).toMatch(
        failedOnly ? /^stats +1 +90\.0 +[\d.]+$/ : /^stats +1 +0 +0 +1 +100\.0 +90\.0 +[\d.]+$/,
      );
    }
  });
});

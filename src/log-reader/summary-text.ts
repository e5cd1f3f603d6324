import { LOG_LEVELS } from '../logging/logger';
import { escapeControls } from '../logging/formats/escape';
import { inColumns } from './columns';
import type { CommandTotal } from './command-totals';
import type { ErrorTotal } from './error-totals';
import type { LogSummary } from './summary';

/** The headings of a summary. */
export interface SummaryWords {
  readonly lines: string;
  readonly errors: string;
  readonly commands: string;
  readonly failedRuns: string;
  readonly error: string;
  readonly count: string;
  readonly seen: string;
  readonly folded: string;
  readonly command: string;
  readonly ok: string;
  readonly refused: string;
  readonly failed: string;
  readonly errorRate: string;
  readonly mean: string;
  readonly p95: string;
}

/** The headings of the command line. */
export const ENGLISH: SummaryWords = {
  lines: 'Lines',
  errors: 'Errors',
  commands: 'Commands',
  failedRuns: 'Commands, failed runs only',
  error: 'error',
  count: 'count',
  seen: 'first – last seen (UTC), newest references',
  folded: 'numbers and ids shown as #',
  command: 'command',
  ok: 'ok',
  refused: 'refused',
  failed: 'failed',
  errorRate: 'err %',
  mean: 'mean ms',
  p95: 'p95 ms',
};

/** Writes a summary for a person: totals by level, by error, by command, in columns. */
export function summaryText(summary: LogSummary, words: SummaryWords = ENGLISH): string {
  const { lines, from, to, levels } = summary;
  const counts = LOG_LEVELS.map((level) => `${level} ${levels[level]}`).join(', ');
  const span = from === null || to === null ? '' : `, ${shortTime(from)} – ${shortTime(to)} UTC`;
  return [
    `${words.lines}: ${lines} (${counts})${span}`,
    ...(summary.errors.length === 0 ? [] : errorLines(summary.errors, words)),
    ...(summary.commands.length === 0 ? [] : commandLines(summary, words)),
  ].join('\n');
}

/** Two lines an error: one of both would be too wide for Discord, and for many a terminal. */
function errorLines(errors: readonly ErrorTotal[], words: SummaryWords): readonly string[] {
  const isFolded = errors.some(({ message }) => message.includes('#'));
  const rows = errors.flatMap(({ name, message, count, firstSeen, lastSeen, references }) => [
    [String(count), escapeControls(`${name}: ${message}`)],
    ['', [span(firstSeen, lastSeen), references.join(' ')].filter((part) => part !== '').join(', ')],
  ]);
  return [
    '',
    `${words.errors}: ${errors.length}${isFolded ? ` (${words.folded})` : ''}`,
    ...inColumns([[words.count, words.error], ['', words.seen], ...rows], ['right', 'left']),
  ];
}

function commandLines({ commands, failedOnly }: LogSummary, words: SummaryWords): readonly string[] {
  const all: readonly Column[] = [
    [words.command, nameOf],
    [words.count, ({ count }) => String(count)],
    [words.ok, ({ ok }) => String(ok ?? '–')],
    [words.refused, ({ refused }) => String(refused ?? '–')],
    [words.failed, ({ failed }) => String(failed)],
    [words.errorRate, ({ errorRate }) => (errorRate === null ? '–' : (errorRate * 100).toFixed(1))],
    [words.mean, ({ meanMs }) => meanMs?.toFixed(1) ?? '–'],
    [words.p95, ({ p95Ms }) => p95Ms?.toFixed(1) ?? '–'],
  ];
  const ofFailed = [words.command, words.failed, words.mean, words.p95];
  const columns = failedOnly ? all.filter(([heading]) => ofFailed.includes(heading)) : all;
  const rows = commands.map((one) => columns.map(([, cellOf]) => cellOf(one)));
  return [
    '',
    `${failedOnly ? words.failedRuns : words.commands}: ${commands.length}`,
    ...inColumns(
      [columns.map(([heading]) => heading), ...rows],
      columns.map((_, index) => (index === 0 ? 'left' : 'right')),
    ),
  ];
}

type Column = readonly [heading: string, cellOf: (total: CommandTotal) => string];

function nameOf({ command, kind }: CommandTotal): string {
  return escapeControls(kind === 'chat_input' || kind === '' ? command : `${command} (${kind})`);
}

/** From when to when, the day once where it is the same. */
function span(first: string, last: string): string {
  const [from, to] = [shortTime(first), shortTime(last)];
  if (from === to) return from;
  return `${from} – ${from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to}`;
}

/** To the second. */
export function shortTime(timestamp: string): string {
  return escapeControls(timestamp.slice(0, 19).replace('T', ' '));
}

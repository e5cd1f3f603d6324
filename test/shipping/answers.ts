import type { LogLine } from '../support/bot';
import { at } from './values';

/** What the recipes of docs/logs.md must answer, worked out without jq: rows of cells, by the recipes' titles. */

type Row = readonly (string | number)[];
type Answer = (
  lines: readonly LogLine[],
  chosen: { readonly user: string; readonly trace: string },
) => readonly Row[];

export const ANSWERS: Readonly<Record<string, Answer>> = {
  'What one user did': (lines, { user }) =>
    settled(lines)
      .filter(({ user_id }) => user_id === user)
      .map((line) => [
        ...cells(line, 'timestamp', 'command', 'kind', 'outcome', 'reason'),
        milliseconds(line),
      ]),

  'What fails most': (lines) =>
    byCount(
      groups(
        lines.filter(({ level, error }) => level === 'error' && error !== undefined),
        'error.name',
        'error.message',
      ),
    ).map((group) => [
      group.length,
      ...cells(group[0], 'error.name', 'error.message'),
      reference(group.at(-1)),
    ]),

  'Mean and p95 duration by command': (lines) =>
    groups(settled(lines), 'command').map((group) => {
      const sorted = group.map(milliseconds).sort((a, b) => a - b);
      const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
      // The least value that 95 of 100 do not exceed.
      const p95 = sorted.find((_, index) => (index + 1) / sorted.length >= 0.95) ?? 0;
      return [...cells(group[0], 'command'), group.length, Math.round(mean), Math.round(p95)];
    }),

  'How often each command fails': (lines) =>
    groups(settled(lines), 'command').flatMap((group) => {
      const failed = group.filter(({ outcome }) => outcome === 'failed').length;
      const percent = Math.round((failed / group.length) * 100);
      return failed === 0 ? [] : [[...cells(group[0], 'command'), failed, group.length, `${percent} %`]];
    }),

  'The ten slowest': (lines) =>
    [...settled(lines)]
      .sort((a, b) => milliseconds(b) - milliseconds(a))
      .slice(0, 10)
      .map((line) => [milliseconds(line), ...cells(line, 'command', 'outcome', 'timestamp', 'trace_id')]),

  'The story of one trace': (lines, { trace }) =>
    lines
      .filter((line) => cells(line, 'trace_id', 'parent_trace_id').some((id) => id.startsWith(trace)))
      .map((line) => cells(line, 'timestamp', 'level', 'logger', 'message', 'error.message')),

  'Failures a minute': (lines) => {
    const counts = new Map<string, number>();
    for (const { timestamp } of lines.filter(({ outcome }) => outcome === 'failed')) {
      const minute = String(timestamp).slice(0, 'YYYY-MM-DDTHH:MM'.length);
      counts.set(minute, (counts.get(minute) ?? 0) + 1);
    }
    return [...counts];
  },

  'Who was late, where no answer came in time': (lines) =>
    groups(
      lines.filter((line) => line.late_by !== undefined),
      'late_by',
      'command',
    ).map((group) => {
      const attempts = group.map((line) => Number(at(line, 'first_attempt_ms') ?? 0));
      return [...cells(group[0], 'late_by', 'command'), group.length, Math.round(Math.max(...attempts))];
    }),

  'Who was refused, and why': (lines) =>
    byCount(
      groups(
        lines.filter(({ outcome }) => outcome === 'refused'),
        'reason',
        'command',
        'user_id',
      ),
    ).map((group) => [group.length, ...cells(group[0], 'reason', 'command', 'user_id')]),
};

function settled(lines: readonly LogLine[]): readonly LogLine[] {
  return lines.filter(({ event }) => event === 'command_settled');
}

function milliseconds(line: LogLine): number {
  return typeof line.duration_ms === 'number' ? line.duration_ms : NaN;
}

function reference(line: LogLine | undefined): string {
  return String(line?.trace_id).slice(0, 8);
}

/** As they stand in a table whose cells are separated by tabs. */
function cells(line: LogLine | undefined, ...paths: readonly string[]): string[] {
  return paths.map((path) => {
    const value = at(line, path) ?? '';
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  });
}

/** Lines that are alike in all of these, ordered by them. */
function groups(lines: readonly LogLine[], ...paths: readonly string[]): LogLine[][] {
  const found = new Map<string, LogLine[]>();
  for (const line of lines) {
    const key = JSON.stringify(paths.map((path) => at(line, path)));
    found.set(key, [...(found.get(key) ?? []), line]);
  }
  return [...found.values()].sort(([a], [b]) => {
    const differing = paths.find((path) => at(a, path) !== at(b, path)) ?? '';
    return String(at(a, differing)) < String(at(b, differing)) ? -1 : 1;
  });
}

function byCount(grouped: LogLine[][]): LogLine[][] {
  return grouped.sort((a, b) => b.length - a.length);
}

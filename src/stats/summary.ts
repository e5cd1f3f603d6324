import type { ErrorRow } from './error-table';
import type { Reading } from './scope';
import type { CommandStats, Counts, ErrorStats, StatsQuery, StatsSummary } from './stats';
import { createTally, mergeTally, type Series, type Tally } from './tally';

const TOP_ERRORS = 10;
const NOBODY: ReadonlySet<string> = new Set();

/**
 * Answers a query from what was read for its period.
 * @param known Full paths of the commands that can be used, sorted.
 */
export function summarize(reading: Reading, query: StatsQuery, known: readonly string[]): StatsSummary {
  const matches = (command: string): boolean => matchesCommand(command, query.command);
  const used = [...reading.tallies].filter(([series]) => matches(series.command));
  const commands = used.map(([series, tally]) =>
    commandStats(series, tally, reading.users.get(series) ?? NOBODY),
  );
  const runs = used.filter(([{ kind }]) => kind !== 'autocomplete');
  const run = new Set(runs.map(([{ command }]) => command));
  return {
    period: query.period,
    since: new Date(reading.since).toISOString(),
    totals: totals(runs, reading.users),
    commands: commands.sort(byUse),
    topErrors: topErrors([...reading.errors.values()].filter(({ command }) => matches(command))),
    unused: known.filter((command) => matches(command) && !run.has(command)),
  };
}

/** Whether a command is asked for: by its full path, or by the first words of it. */
function matchesCommand(command: string, asked: string | undefined): boolean {
  return asked === undefined || command === asked || command.startsWith(`${asked} `);
}

function totals(used: readonly (readonly [Series, Tally])[], users: Reading['users']): Counts {
  const total = createTally();
  const everyone = new Set<string>();
  for (const [series, tally] of used) {
    mergeTally(total, tally);
    for (const user of users.get(series) ?? NOBODY) everyone.add(user);
  }
  return counts(total, everyone.size);
}

function commandStats(series: Series, tally: Tally, users: ReadonlySet<string>): CommandStats {
  return {
    command: series.command,
    kind: series.kind,
    ...counts(tally, users.size),
    lastUsed: new Date(tally.lastUsed).toISOString(),
  };
}

function counts({ ok, refused, failed, latency }: Tally, users: number): Counts {
  const invocations = ok + refused + failed;
  return {
    invocations,
    ok,
    refused,
    failed,
    errorRate: invocations === 0 ? 0 : failed / invocations,
    p50Ms: milliseconds(latency.quantile(0.5)),
    p95Ms: milliseconds(latency.quantile(0.95)),
    p99Ms: milliseconds(latency.quantile(0.99)),
    users,
  };
}

/** To four digits: the rest would pretend a precision that the sketch does not have. */
function milliseconds(seconds: number | null): number | null {
  return seconds === null ? null : Number((seconds * 1000).toPrecision(4));
}

function byUse(a: CommandStats, b: CommandStats): number {
  return b.invocations - a.invocations || compare(a.command, b.command) || compare(a.kind, b.kind);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function topErrors(rows: readonly ErrorRow[]): ErrorStats[] {
  return rows
    .toSorted((a, b) => b.count - a.count || b.lastSeen - a.lastSeen)
    .slice(0, TOP_ERRORS)
    .map(({ command, reason, message, count, lastSeen, reference }) => ({
      command,
      reason,
      message,
      count,
      lastSeen: new Date(lastSeen).toISOString(),
      reference,
    }));
}

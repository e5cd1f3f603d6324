import { LOG_LEVELS, type LogLevel } from '../logging/logger';
import { reaches, zeroByLevel } from '../logging/levels';
import type { LogEntry } from './entry';
import { createCommandTotals, type CommandTotal } from './command-totals';
import { createErrorTotals, type ErrorTotal } from './error-totals';

/** What many lines come to. */
export interface LogSummary {
  readonly lines: number;
  /** Timestamps of the oldest and the newest line; null where there is none. */
  readonly from: string | null;
  readonly to: string | null;
  readonly levels: Readonly<Record<LogLevel, number>>;
  /** The most frequent first. */
  readonly errors: readonly ErrorTotal[];
  /** Whether the commands are counted by their failed runs alone: the lines of the others were not asked for. */
  readonly failedOnly: boolean;
  /** The most used first. */
  readonly commands: readonly CommandTotal[];
}

export interface Summariser {
  /** Counts lines, in whatever order they come. */
  add(entries: readonly LogEntry[]): void;
  summary(): LogSummary;
}

/**
 * Counts within bounded memory, however many lines there are.
 *
 * @param level what was asked for: lines at least this severe, all of them without it.
 */
export function createSummariser(level: LogLevel | null = null): Summariser {
  // Runs that did not fail are settled by lines of this level.
  const failedOnly = level !== null && !reaches('info', level);
  const levels = zeroByLevel();
  const errors = createErrorTotals();
  const commands = createCommandTotals(failedOnly);
  let from: string | null = null;
  let to: string | null = null;
  return {
    add: (entries) => {
      for (const entry of entries) {
        levels[entry.level] += 1;
        if (from === null || entry.timestamp < from) from = entry.timestamp;
        if (to === null || entry.timestamp > to) to = entry.timestamp;
        if (entry.level === 'error') errors.add(entry);
        commands.add(entry);
      }
    },
    summary: () => ({
      lines: LOG_LEVELS.reduce((sum, level) => sum + levels[level], 0),
      from,
      to,
      levels: { ...levels },
      errors: errors.totals(),
      failedOnly,
      commands: commands.totals(),
    }),
  };
}

import type { LogLevel } from './logger';

/** Where lines go. A level of the files is that of `bot-….log`: errors are also in files of their own. */
export type LogDestination = 'console' | 'file';

/** A level for each destination. */
export type LogLevels = Readonly<Record<LogDestination, LogLevel>>;

/** How severe a level is: 0 is the worst. The numbers are winston's. */
export const SEVERITY: Readonly<Record<LogLevel, number>> = { error: 0, warn: 1, info: 2, debug: 3 };

/** Whether a line of this level is written where that level holds. */
export function reaches(level: LogLevel, holding: LogLevel): boolean {
  return SEVERITY[level] <= SEVERITY[holding];
}

/**
 * How far down a logger's lines go, as numbers: a line is written where its own is not above. They change only when a
 * level does, so that a line which nobody wants costs one comparison.
 */
export interface LevelGate extends Record<LogDestination, number> {
  /** The higher of them: above it, no destination takes the line. */
  any: number;
}

/** Sets a gate to these levels. */
export function setGate(gate: LevelGate, levels: LogLevels): void {
  gate.console = SEVERITY[levels.console];
  gate.file = SEVERITY[levels.file];
  gate.any = Math.max(gate.console, gate.file);
}

/** A count for each level, at zero. */
export function zeroByLevel(): Record<LogLevel, number> {
  return { error: 0, warn: 0, info: 0, debug: 0 };
}

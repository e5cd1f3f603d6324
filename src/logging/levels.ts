import type { LogLevel } from './logger';

/** Levels of the destinations. Assign to change them while the program runs: they are read at each line. */
export interface LogLevels {
  console: LogLevel;
  file: LogLevel;
}

/** How severe a level is: 0 is the worst. The numbers are winston's. */
export const SEVERITY: Readonly<Record<LogLevel, number>> = { error: 0, warn: 1, info: 2, debug: 3 };

/** Whether a line of this level goes to a destination at that one. */
export function reaches(level: LogLevel, destination: LogLevel): boolean {
  return SEVERITY[level] <= SEVERITY[destination];
}

/** A count for each level, at zero. */
export function zeroByLevel(): Record<LogLevel, number> {
  return { error: 0, warn: 0, info: 0, debug: 0 };
}

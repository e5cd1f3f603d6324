import type { LogDestination, LogLevels } from './levels';
import type { LogLevel } from './logger';

/** Levels that are changed for some minutes: which of the changes that run holds where. */

/** How long a change may run. */
export const CHANGE_MINUTES = { least: 1, most: 1440, usual: 10 } as const;

interface LevelTarget {
  /** Null: all of them, and those that are to come. `command`: every `command.…`, likewise. */
  readonly logger: string | null;
  readonly destinations: readonly LogDestination[];
}

export interface LevelRequest extends LevelTarget {
  readonly level: LogLevel;
  /** Held within `CHANGE_MINUTES`. */
  readonly minutes: number;
  /** Who asks for it: a user's id, or a signal. */
  readonly by: string;
}

/** A change that runs. Those of its destinations that a newer one has taken over are not in it any more. */
export interface LevelChange extends LevelTarget {
  readonly level: LogLevel;
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly endsAt: number;
}

/** The change that runs by this request, from now on. */
export function changeOf(
  { logger, destinations, level, minutes, by }: LevelRequest,
  now: number,
): LevelChange {
  const { least, most, usual } = CHANGE_MINUTES;
  const held = Math.min(Math.max(Number.isFinite(minutes) ? minutes : usual, least), most);
  return freeze({ logger, destinations: [...destinations], level, by, endsAt: now + held * 60_000 });
}

/** Whether a change of this target is one of that logger, or of those, too. */
export function covers(target: string | null, logger: string | null): boolean {
  return target === null || target === logger || (logger ?? '').startsWith(`${target}.`);
}

/**
 * What runs once this change does too. It takes the place of every earlier one of its logger or of those below it, and
 * one of all loggers takes the place of every other: none of them comes back when it ends.
 */
export function withChange(running: readonly LevelChange[], newest: LevelChange): readonly LevelChange[] {
  const left = running.map((earlier): LevelChange => {
    if (!covers(newest.logger, earlier.logger)) return earlier;
    const destinations = earlier.destinations.filter((one) => !newest.destinations.includes(one));
    return freeze({ ...earlier, destinations });
  });
  return [...left.filter(({ destinations }) => destinations.length > 0), newest];
}

/**
 * The levels of a logger: of the change with the most of its name, its own or that of its group, or else of that of all
 * loggers, or else of the settings. Null asks for those of a logger that has no change of its own.
 */
export function levelsOf(
  logger: string | null,
  running: readonly LevelChange[],
  settings: LogLevels,
): LogLevels {
  const levelAt = (destination: LogDestination): LogLevel => {
    const [nearest] = running
      .filter((one) => one.destinations.includes(destination) && covers(one.logger, logger))
      .sort((a, b) => (b.logger?.length ?? -1) - (a.logger?.length ?? -1));
    return nearest?.level ?? settings[destination];
  };
  return { console: levelAt('console'), file: levelAt('file') };
}

/** Commands are handed the changes. */
function freeze(change: LevelChange): LevelChange {
  Object.freeze(change.destinations);
  return Object.freeze(change);
}

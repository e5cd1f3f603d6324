import { CHANGE_MINUTES } from './level-changes';
import type { LevelControl } from './level-control';

/** All loggers to debug for the usual time, or, while that runs, an end to it. `by` names who asks, such as a signal. */
export function toggleDebug(levels: LevelControl, by: string): void {
  if (levels.reset(by, (change) => change.by === by).length > 0) return;
  const destinations = ['console', 'file'] as const;
  levels.change({ level: 'debug', logger: null, destinations, minutes: CHANGE_MINUTES.usual, by });
}

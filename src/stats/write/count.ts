import { ALL_RUNS, EVERYWHERE } from '../database/schema';
import { addToTally, mergeTally } from '../tally';
import { DAY_MS, floorTo, HOUR_MS } from '../time-steps';
import { createCells, type Cells, type Place } from './cells';
import { createErrorCells, type ErrorCell, type ErrorCells } from './error-totals';
import type { RolledUpRow } from './rows';

/** A server, or EVERYWHERE, and a step of time. */
export type Stretch = Pick<Place, 'guildId' | 'step' | 'startAt'>;
/** The shortest stretch of time that a row is counted in; null if it is in none. */
export type ShortestOf = (row: RolledUpRow) => Stretch | null;

/** What rows come to, in every place that they belong to. */
export interface Counted {
  readonly cells: Cells;
  readonly errors: ErrorCells;
}

/**
 * Counts rows. Each is counted by its series in the shortest stretch of time; the longer ones, and ALL_RUNS, are put
 * together from those in the end, for that costs less than to count each row there too.
 */
export interface Counter {
  add(row: RolledUpRow): void;
  /** About how many places the rows are in. */
  size(): number;
  /**
   * Nothing can be added any more.
   * @param autocompletion series that are not among ALL_RUNS.
   */
  finish(autocompletion: ReadonlySet<number>): Counted;
}

export const hourEverywhere: ShortestOf = ({ at }) => ({
  guildId: EVERYWHERE,
  step: 'hour',
  startAt: floorTo(at, HOUR_MS),
});

export const dayOfGuild: ShortestOf = ({ at, guild_id }) =>
  guild_id === null ? null : { guildId: guild_id, step: 'day', startAt: floorTo(at, DAY_MS) };

export const allTimeOfGuild: ShortestOf = ({ guild_id }) =>
  guild_id === null ? null : { guildId: guild_id, step: 'all', startAt: 0 };

export function createCounter(shortestOf: ShortestOf): Counter {
  const cells = createCells();
  const errors = createErrorCells();
  return {
    add(row) {
      const shortest = shortestOf(row);
      if (shortest === null) return;
      addToTally(cells.at({ ...shortest, seriesId: row.series_id }), row);
      if (row.outcome !== 'failed') return;
      for (const stretch of [shortest, ...longerThan(shortest)]) errors.add(errorOf(row, stretch));
    },
    size: () => cells.size() + errors.size(),
    finish(autocompletion) {
      for (const { seriesId, tally, ...shortest } of cells.sorted()) {
        for (const stretch of longerThan(shortest)) mergeTally(cells.at({ ...stretch, seriesId }), tally);
        if (autocompletion.has(seriesId)) continue;
        for (const stretch of [shortest, ...longerThan(shortest)]) {
          mergeTally(cells.at({ ...stretch, seriesId: ALL_RUNS }), tally);
        }
      }
      return { cells, errors };
    },
  };
}

function longerThan({ guildId, step, startAt }: Stretch): readonly Stretch[] {
  if (step !== 'hour') return [];
  return [
    { guildId, step: 'day', startAt: floorTo(startAt, DAY_MS) },
    { guildId, step: 'all', startAt: 0 },
  ];
}

function errorOf(row: RolledUpRow, { guildId, step, startAt }: Stretch): ErrorCell {
  return {
    guildId,
    step,
    startAt,
    seriesId: row.series_id,
    reason: row.reason ?? '',
    fingerprint: row.fingerprint ?? '',
    message: row.message ?? '',
    traceId: row.trace_id ?? '',
    count: 1,
    firstSeenAt: row.at,
    lastSeenAt: row.at,
  };
}

import type { Step } from '../database/schema';
import { createTally, type Tally } from '../tally';

/** What a row of totals counts: a server (or EVERYWHERE), a stretch of time, and a series. */
export interface Place {
  readonly guildId: string;
  readonly step: Step;
  /** Milliseconds since the epoch; 0 for `all`. */
  readonly startAt: number;
  readonly seriesId: number;
}

export interface Cell extends Place {
  readonly tally: Tally;
}

/** Tallies by place, made where they are missing. */
export interface Cells {
  at(place: Place): Tally;
  size(): number;
  /** In one order, whoever asks: those who change the same rows do not wait for each other in a circle. */
  sorted(): readonly Cell[];
}

export function createCells(): Cells {
  const cells = new Map<string, Cell>();
  return {
    at(place) {
      const key = keyOf(place);
      const known = cells.get(key);
      if (known !== undefined) return known.tally;
      const { guildId, step, startAt, seriesId } = place;
      const tally = createTally();
      cells.set(key, { guildId, step, startAt, seriesId, tally });
      return tally;
    },
    size: () => cells.size,
    sorted: () => [...cells.keys()].sort().flatMap((key) => cells.get(key) ?? []),
  };
}

function keyOf({ guildId, step, startAt, seriesId }: Place): string {
  return `${guildId} ${step} ${startAt} ${seriesId}`;
}

import { ofGuild } from '../mark';
import { ceilTo, DAY_MS, floorTo } from '../time-steps';
import { cutWhere, STEP_MS, type Piece, type Span } from './range';
import { beginningOf, isEverywhere, totalSeriesOf, within, type Scope } from './scope';
import { readSingles, type SingleRow } from './tallies';

/** The two stretches of time that a release is judged by. */
export interface Stretches {
  /** Since it was started; open towards the future. */
  readonly since: Span;
  readonly before: Span;
}

const COMPARED_MS = 7 * DAY_MS;
/** A stretch that is longer begins at midnight (UTC): whole days are read once, and kept. */
const TO_THE_MILLISECOND_MS = 2 * DAY_MS;

/**
 * Null where the statistics do not reach back behind the start. Where single rows are gone only whole hours are known: what
 * lies between one and the end of a stretch is missing then, its runs like its errors, so that their rates stay right.
 */
export function stretchesOf(scope: Scope, startedAt: number): Stretches | null {
  const beginning = beginningOf(scope);
  if (beginning === null || beginning >= startedAt) return null;
  const from = Math.max(startedAt - COMPARED_MS, beginning);
  const isLong = startedAt - from > TO_THE_MILLISECOND_MS;
  return {
    since: { from: startedAt, to: Infinity },
    before: { from: isLong ? ceilTo(from, DAY_MS) : from, to: startedAt },
  };
}

/** What happened in a stretch, as far as it takes to look into it. */
export interface Stretch {
  readonly pieces: readonly Piece[];
  readonly singles: readonly SingleRow[];
}

export async function readStretch(scope: Scope, span: Span): Promise<Stretch> {
  const pieces = cutWhere(span, isEverywhere(scope));
  return { pieces, singles: await readSingles(scope, span, pieces) };
}

/** Whether people ran anything before that time, as far back as is known. */
export async function ranBefore(scope: Scope, at: number): Promise<boolean> {
  const everywhere = isEverywhere(scope);
  const start = floorTo(at, STEP_MS[everywhere ? 'hour' : 'day']);
  const total = await scope.queries
    .selectFrom('totals')
    .select('id')
    .where('series_id', 'in', totalSeriesOf(scope))
    .where(ofGuild(scope.guildId))
    // A server's `all` holds what has left retention.
    .where('step', 'in', everywhere ? ['hour'] : ['day', 'all'])
    .where(within('start_at', { from: -Infinity, to: start }))
    .limit(1)
    .executeTakeFirst();
  if (total !== undefined) return true;
  const edge: Piece = { source: 'singles', from: start, to: at };
  const singles = await readSingles(scope, { from: -Infinity, to: at }, [edge]);
  return singles.some(({ series_id }) => scope.series.get(series_id)?.kind !== 'autocomplete');
}

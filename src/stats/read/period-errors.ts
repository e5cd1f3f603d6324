import type { Database } from '../database/database';
import type { ErrorsAnswer, Period, PeriodError, StatsQuery } from '../stats';
import { floorTo, HOUR_MS } from '../time-steps';
import { everything } from './counted';
import { describeErrors } from './described-errors';
import {
  addCounts,
  byCount,
  countErrors,
  firstSightsOf,
  type ErrorCount,
  type ErrorCounts,
} from './error-counts';
import { FAILED } from './find';
import { periodSpan, piecesOf, type Span } from './range';
import { beginningOf, isEverywhere, openScope, sinceOf, type Scope } from './scope';
import type { Stretch } from './stretches';
import { readSingles } from './tallies';

/** As many as a menu in Discord takes, beside a choice of all. */
const MOST_ERRORS = 24;

/** What failed in a period. Answers from one state of the database. Rejects with the database's error. */
export function readErrors(
  database: Database,
  { period, ...asked }: StatsQuery,
  { now }: { readonly now: number },
): Promise<ErrorsAnswer> {
  return database.read(async (queries) => {
    const scope = await openScope(queries, database.kind, asked);
    const span = periodSpan(period, now);
    const counted = everything(scope);
    const middle = middleOf(scope, span, now);
    const stretches = await readFailures(scope, period, middle === null ? [span] : splitAt(span, middle));
    const counts: ErrorCounts[] = [];
    for (const stretch of stretches) counts.push(await countErrors(scope, stretch, counted));
    const { listed, others } = mostFrequent([...addCounts(counts).values()]);
    const [earlier] = counts;
    const halves =
      middle === null || earlier === undefined
        ? NO_HALVES
        : await readHalves(scope, listed, { middle, earlier });
    const described = await describeErrors(scope, together(stretches), listed, counted);
    return {
      period,
      since: new Date(sinceOf(scope, span, now)).toISOString(),
      groups: described.map(({ error, facts }) => ({
        ...facts,
        count: error.count,
        firstSeen: new Date(error.first_seen_at).toISOString(),
        lastSeen: new Date(error.last_seen_at).toISOString(),
        halves: halves.get(error.fingerprint) ?? (middle === null ? null : 'new'),
      })),
      others,
    };
  });
}

/** Null where half of a period would be compared with less. Where single rows are gone only whole hours are known. */
function middleOf(scope: Scope, { from }: Span, now: number): number | null {
  const beginning = beginningOf(scope);
  if (from === -Infinity || beginning === null || beginning > from) return null;
  const middle = Math.floor((from + now) / 2);
  return middle < (scope.reach.singles ?? Infinity) ? floorTo(middle, HOUR_MS) : middle;
}

function splitAt({ from, to }: Span, middle: number): readonly Span[] {
  return [
    { from, to: middle },
    { from: middle, to },
  ];
}

async function readFailures(scope: Scope, period: Period, spans: readonly Span[]): Promise<Stretch[]> {
  const stretches: Stretch[] = [];
  for (const span of spans) {
    const pieces = piecesOf(period, span, isEverywhere(scope));
    stretches.push({ pieces, singles: await readSingles(scope, span, pieces, FAILED) });
  }
  return stretches;
}

function together(stretches: readonly Stretch[]): Stretch {
  return {
    pieces: stretches.flatMap(({ pieces }) => pieces),
    singles: stretches.flatMap(({ singles }) => singles),
  };
}

/** Those that were too many to be kept apart are no one error: they come last, whatever their number. */
function mostFrequent(errors: readonly ErrorCount[]): {
  readonly listed: readonly ErrorCount[];
  readonly others: ErrorsAnswer['others'];
} {
  const apart = errors.filter(({ fingerprint }) => fingerprint !== '').sort(byCount);
  const more = apart.slice(MOST_ERRORS);
  return {
    listed: [...apart.slice(0, MOST_ERRORS), ...errors.filter(({ fingerprint }) => fingerprint === '')],
    others: { errors: more.length, count: more.reduce((sum, { count }) => sum + count, 0) },
  };
}

type Halves = ReadonlyMap<string, PeriodError['halves']>;
const NO_HALVES: Halves = new Map();

/** Where a period is halved, and what was counted until then. */
interface Earlier {
  readonly middle: number;
  readonly earlier: ErrorCounts;
}

/** By fingerprint; none of those that were never seen in the earlier half, nor before. */
async function readHalves(
  scope: Scope,
  errors: readonly ErrorCount[],
  { middle, earlier }: Earlier,
): Promise<Halves> {
  const halves = errors.map(({ fingerprint, count }) => {
    const before = earlier.get(fingerprint)?.count ?? 0;
    return { fingerprint, earlier: before, later: count - before };
  });
  const maybeNew = halves.filter((error) => error.earlier === 0).map(({ fingerprint }) => fingerprint);
  const firstSights = await firstSightsOf(scope, maybeNew);
  const isKnown = (error: { readonly fingerprint: string; readonly earlier: number }): boolean =>
    error.earlier > 0 || (firstSights.get(error.fingerprint) ?? middle) < middle;
  return new Map(halves.filter(isKnown).map(({ fingerprint, ...counts }) => [fingerprint, counts]));
}

import type { Database } from '../database/database';
import { DAY_MS, floorTo } from '../time-steps';
import type { CommandStats, StatsQuery, StatsSummary } from '../stats';
import { createTally, mergeTally, type Tally } from '../tally';
import { commandStatsOf, totalsOf } from './counts';
import { readTopErrors } from './errors';
import type { KeptDays } from './kept-days';
import { readPrevious } from './previous';
import { periodSpan, piecesOf } from './range';
import { isEverywhere, matchesCommand, openScope, runsOf, sinceOf, totalSeriesOf, type Scope } from './scope';
import { readSingles, readTallies, type Tallies } from './tallies';

export interface SummaryOptions {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Full paths of the commands that can be used, sorted. */
  readonly known: readonly string[];
  readonly kept: KeptDays<Tallies>;
}

/** Answers from one state of the database. Rejects with the database's error. */
export function readSummary(
  database: Database,
  query: StatsQuery,
  { now, known, kept }: SummaryOptions,
): Promise<StatsSummary> {
  return database.read(async (queries) => {
    const { period } = query;
    const scope = await openScope(queries, database.kind, query);
    const span = periodSpan(period, now);
    const pieces = piecesOf(period, span, isEverywhere(scope));
    const singles = await readSingles(scope, span, pieces);
    const tallies = await readTallies(scope, pieces, singles, { kept, today: floorTo(now, DAY_MS) });
    return {
      period,
      since: new Date(sinceOf(scope, span, now)).toISOString(),
      totals: totalsOf(totalTally(scope, tallies)),
      previous: await readPrevious(scope, period, span, now),
      commands: commandsOf(scope, tallies),
      topErrors: await readTopErrors(scope, pieces, singles),
      unused: unusedOf(scope, tallies, query.command, known),
    };
  });
}

function totalTally(scope: Scope, tallies: Tallies): Tally {
  const total = createTally();
  for (const id of totalSeriesOf(scope)) {
    const tally = tallies.get(id);
    if (tally) mergeTally(total, tally);
  }
  return total;
}

function commandsOf({ series }: Scope, tallies: Tallies): CommandStats[] {
  const commands: CommandStats[] = [];
  for (const [id, tally] of tallies) {
    const counted = series.get(id);
    if (counted) commands.push(commandStatsOf(counted, tally));
  }
  return commands.sort(byUse);
}

function byUse(a: CommandStats, b: CommandStats): number {
  return b.invocations - a.invocations || compare(a.command, b.command) || compare(a.kind, b.kind);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function unusedOf(
  scope: Scope,
  tallies: Tallies,
  asked: string | undefined,
  known: readonly string[],
): string[] {
  const used = runsOf(scope).filter(({ id }) => tallies.has(id));
  const run = new Set(used.map(({ command }) => command));
  return known.filter((command) => matchesCommand(command, asked) && !run.has(command));
}

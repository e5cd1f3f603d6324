import type { Database, Queries } from '../database/database';
import { beginsAt, type Release } from '../release';
import type { ChangesQuery, ReleaseChanges } from '../stats';
import { DAY_MS, floorTo } from '../time-steps';
import { readChangedErrors } from './changed-errors';
import type { KeptDays } from './kept-days';
import { openScope, runsOf, type Scope } from './scope';
import { ranBefore, readStretch, stretchesOf } from './stretches';
import { readTallies, type Tallies } from './tallies';
import { runsIn, worseCommandsOf } from './worse-commands';
import type { Span } from './range';

export interface ChangesOptions {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The one that runs. */
  readonly release: Release;
  readonly kept: KeptDays<Tallies>;
}

/**
 * What is new or worse since the release that runs was started, against up to seven days before. Null where it has
 * written nothing yet, or where it is not known that people ran anything before, there and of what is asked for.
 * Answers from one state of the database. Rejects with the database's error.
 */
export function readChanges(
  database: Database,
  query: ChangesQuery,
  { now, release, kept }: ChangesOptions,
): Promise<ReleaseChanges | null> {
  return database.read(async (queries) => {
    const startedAt = await readStart(queries, release);
    if (startedAt === null) return null;
    const scope = await openScope(queries, database.kind, query);
    const stretches = stretchesOf(scope, startedAt);
    if (stretches === null || !(await ranBefore(scope, startedAt))) return null;
    const today = floorTo(now, DAY_MS);
    const before = await readCounted(scope, stretches.before, { kept, today });
    const since = await readCounted(scope, stretches.since, { kept, today });
    return {
      version: release.version,
      commit: release.commit,
      startedAt: new Date(startedAt).toISOString(),
      comparedSince: new Date(stretches.before.from).toISOString(),
      runs: { before: before.runs, since: since.runs },
      ...(await readChangedErrors(scope, since, before, startedAt)),
      worseCommands: worseCommandsOf(scope, since.tallies, before.tallies),
    };
  });
}

/** Null where this process is the first of its release, or the first since another one, and has written nothing yet. */
async function readStart(queries: Queries, { version, commit, startedAt }: Release): Promise<number | null> {
  const row = await queries
    .selectFrom('releases')
    .select('started_at')
    .where('version', '=', version)
    .where('commit_hash', '=', commit)
    .where((eb) => eb.not(beginsAt(startedAt)))
    .executeTakeFirst();
  return row?.started_at ?? null;
}

async function readCounted(
  scope: Scope,
  span: Span,
  options: { readonly kept: KeptDays<Tallies>; readonly today: number },
) {
  const stretch = await readStretch(scope, span);
  const tallies = await readTallies(scope, stretch.pieces, stretch.singles, options);
  const runs = runsOf(scope).reduce((sum, { id }) => {
    const tally = tallies.get(id);
    return tally === undefined ? sum : sum + runsIn(tally);
  }, 0);
  return { ...stretch, tallies, runs };
}

import type { Database, Queries } from '../database/database';
import type { InvocationsQuery, StoredInvocation } from '../stats';
import { newestFailures, newestFailuresOfAll, newestOfGuild, tracedFailures, type Asked } from './find';
import { readSeries } from './scope';
import { searchNewest } from './search';
import { readByIds } from './stored';

export interface InvocationsOptions {
  /** Milliseconds, from any beginning. */
  readonly monotonic: () => number;
}

const HEXADECIMAL = /^[0-9a-f]{8,32}$/;
/** One trace among all is worth waiting for; other questions are answered while somebody waits in Discord. */
const TRACE_SEARCH_MS = 4000;
const SEARCH_MS = 1200;

/**
 * The newest invocations of which everything is true that is asked for. Failures are found through indexes; others
 * without a server are searched from the newest on, for 4 s by trace and else for 1.2 s: what was found by then is the
 * answer. Of a trace the search ends with the first 50,000 invocations that hold it. Rejects with the database's error.
 */
export async function readInvocations(
  database: Database,
  query: InvocationsQuery,
  { monotonic }: InvocationsOptions,
): Promise<readonly StoredInvocation[]> {
  const asked = await database.read((queries) => readAsked(queries, query));
  if (asked === null) return [];
  const indexed = await database.read((queries) => findIndexed(queries, asked));
  if (indexed !== null) return indexed;
  const { trace, limit } = asked;
  return searchNewest(database, asked, {
    monotonic,
    limitMs: trace === null ? SEARCH_MS : TRACE_SEARCH_MS,
    enough: trace === null ? limit : 1,
  });
}

/** Null where nothing can be found. */
async function readAsked(queries: Queries, query: InvocationsQuery): Promise<Asked | null> {
  const { command, outcome, guildId, limit } = query;
  const trace = query.trace?.toLowerCase() ?? null;
  if (trace !== null && !HEXADECIMAL.test(trace)) return null;
  const series = command === undefined ? null : [...(await readSeries(queries, command)).keys()];
  if (series?.length === 0) return null;
  return { trace, series, outcome: outcome ?? null, guildId: guildId ?? null, limit };
}

/** Null where no index tells: then it is to be searched. */
async function findIndexed(queries: Queries, asked: Asked): Promise<StoredInvocation[] | null> {
  const { trace, series, outcome, guildId } = asked;
  if (trace !== null) {
    const failures = outcome === null || outcome === 'failed' ? await tracedFailures(queries, asked) : [];
    return failures.length > 0 || outcome === 'failed' ? readByIds(queries, failures) : null;
  }
  if (outcome === 'failed') {
    const newest = series === null && guildId === null ? newestFailuresOfAll : newestFailures;
    return readByIds(queries, await newest(queries, asked));
  }
  return guildId === null ? null : readByIds(queries, await newestOfGuild(queries, asked));
}

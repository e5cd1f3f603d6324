import { sql, type SqlBool } from 'kysely';
import type { ErrorFacts } from '../stats';
import type { Counted } from './counted';
import type { ErrorCount } from './error-counts';
import { addGroup, groupedTotalsOf, groupSingles, newestOf, type ErrorGroup } from './error-groups';
import type { Scope } from './scope';
import type { Stretch } from './stretches';

/** Adds what is shown of some errors of a stretch, in their order. */
export async function describeErrors<Found extends ErrorCount>(
  scope: Scope,
  stretch: Stretch,
  errors: readonly Found[],
  counted: Counted,
): Promise<{ readonly error: Found; readonly facts: ErrorFacts }[]> {
  if (errors.length === 0) return [];
  const groups = await readGroups(scope, stretch, errors, counted);
  const described: { readonly error: Found; readonly facts: ErrorFacts }[] = [];
  for (const error of errors) {
    const { fingerprint, last_seen_at } = error;
    const own = groups.filter((group) => group.fingerprint === fingerprint);
    const newest = own.find((group) => group.last_seen_at === last_seen_at);
    const last = newest && (newest.newest ?? (await newestOf(scope, newest)));
    const facts = {
      fingerprint,
      reason: newest?.reason ?? '',
      message: last?.message ?? '',
      commands: commandsOf(scope, own),
      reference: (last?.trace_id ?? '').slice(0, 8),
    };
    described.push({ error, facts });
  }
  return described;
}

/** By series. */
async function readGroups(
  scope: Scope,
  { pieces, singles }: Stretch,
  errors: readonly ErrorCount[],
  counted: Counted,
): Promise<ErrorGroup[]> {
  const wanted = new Set(errors.map(({ fingerprint }) => fingerprint));
  const groups = groupSingles(
    singles.filter(({ series_id, fingerprint }) => wanted.has(fingerprint ?? '') && counted.has(series_id)),
  );
  // Not by the index of fingerprints, which knows no time.
  const condition = sql<SqlBool>`fingerprint || '' in (${sql.join([...wanted])}) and ${counted.condition}`;
  const grouped = groupedTotalsOf(scope, pieces, condition);
  const rows = grouped === null ? [] : (await grouped.execute(scope.queries)).rows;
  for (const row of rows) addGroup(groups, { newest: null, ...row });
  return [...groups.values()];
}

function commandsOf({ series }: Scope, groups: readonly ErrorGroup[]): string[] {
  return [...new Set(groups.flatMap(({ series_id }) => series.get(series_id)?.command ?? []))].sort();
}

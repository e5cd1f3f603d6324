import type { Database, Queries } from '../database/database';
import { createCounter, type ShortestOf } from './count';
import { addToErrorTotals } from './error-totals';
import { markOfItsGuild } from './marks';
import { readAutocompletion, selectRows, type RolledUpRow } from './rows';
import { deleteRows } from './statements';
import { addToTotals } from './totals';

/** A single invocation, and how far the totals of its server reach. */
type RemovedRow = RolledUpRow & { readonly mark: number };

/** Single invocations to remove; whoever asks says which. */
export function selectRemoved(queries: Queries) {
  return selectRows(queries).select(markOfItsGuild().as('mark')).$castTo<RemovedRow>();
}

/**
 * Removes single rows that the totals of everywhere hold. Those that their server's totals do not hold yet are added to
 * them: no mark moves, and none is counted again, since it is gone. Whoever calls it holds the lock on totals since before
 * the rows were read.
 */
export async function removeRows(
  queries: Queries,
  kind: Database['kind'],
  rows: readonly RemovedRow[],
  shortestOf: ShortestOf,
): Promise<void> {
  if (rows.length === 0) return;
  const counter = createCounter(shortestOf);
  for (const row of rows) if (row.id > row.mark) counter.add(row);
  const { cells, errors } = counter.finish(await readAutocompletion(queries));
  await addToTotals(queries, kind, cells);
  await addToErrorTotals(queries, kind, errors);
  await deleteRows(queries, kind, 'invocations', rows);
}

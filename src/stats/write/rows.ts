import type { Queries } from '../database/database';
import type { CountedRow } from '../tally';

/** What is read of a single invocation to count it. */
export interface RolledUpRow extends CountedRow {
  readonly id: number;
  readonly series_id: number;
  readonly guild_id: string | null;
  readonly fingerprint: string | null;
  readonly message: string | null;
  /** Of failures alone. */
  readonly trace_id: string | null;
}

/** Single invocations with what is counted of them; whoever asks says which. */
export function selectRows(queries: Queries) {
  return queries
    .selectFrom('invocations')
    .select(['id', 'at', 'series_id', 'outcome', 'reason', 'fingerprint', 'message'])
    .select(['user_hash', 'duration_seconds', 'ack_seconds'])
    .select((eb) => [
      eb.cast<string | null>('guild_id', 'text').as('guild_id'),
      // Of failures alone: handing over a text costs more than counting the row.
      eb.case().when('outcome', '=', 'failed').then(eb.ref('trace_id')).end().as('trace_id'),
    ])
    .$castTo<RolledUpRow>();
}

/** Series that are not among what people ran. */
export async function readAutocompletion(queries: Queries): Promise<ReadonlySet<number>> {
  const rows = await queries.selectFrom('series').select('id').where('kind', '=', 'autocomplete').execute();
  return new Set(rows.map(({ id }) => id));
}

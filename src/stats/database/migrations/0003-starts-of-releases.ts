import { sql, type QueryExecutorProvider } from 'kysely';

/**
 * Schema 3: when each release was started, and an index that tells when an error was seen for the first time. Of the
 * releases so far only the first row is known, which was written a moment after the run it counts: nothing came before
 * the first of them, so that one begins with time itself.
 */
export async function noteStarts(queries: QueryExecutorProvider): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(queries);
}

const STATEMENTS = [
  'alter table releases add column started_at bigint not null default 0',
  'update releases set started_at = first_seen_at where id > (select min(id) from releases)',
  // What was seen anywhere stands under 0, everywhere.
  `create index error_totals_first_seen on error_totals (fingerprint, first_seen_at) where guild_id = 0`,
];

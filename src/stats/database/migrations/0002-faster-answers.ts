import { sql, type QueryExecutorProvider } from 'kysely';

/**
 * Schema 2: sketches of latencies and users in a third of the room, and an index of the newest failures. The sketches of
 * schema 1 cannot be read any more, so all totals are counted anew from the single invocations. No database is older
 * than these are kept: nothing is lost.
 */
export async function answerFaster(
  queries: QueryExecutorProvider,
  kind: 'sqlite' | 'postgres',
): Promise<void> {
  const statements = [
    'delete from totals',
    'delete from error_totals',
    'delete from roll_ups',
    'insert into roll_ups (guild_id, last_id) values (0, 0)',
    `create index invocations_failed_at on invocations (at) where outcome = 'failed'`,
    ...(kind === 'postgres' ? STORED_AS_THEY_ARE : []),
  ];
  for (const statement of statements) await sql.raw(statement).execute(queries);
}

/** Sketches hardly get any smaller by PostgreSQL's compression, and thousands of them are read at a time. */
const STORED_AS_THEY_ARE = [
  'alter table totals alter column details set storage external',
  'alter table totals set (toast_tuple_target = 8160)',
];

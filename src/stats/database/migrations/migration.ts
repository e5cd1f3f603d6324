import type { QueryExecutorProvider } from 'kysely';

/**
 * One step of the schema, in the transaction of all. It is never changed once it was released, so it knows nothing of
 * today's tables.
 */
export type Migration = (queries: QueryExecutorProvider, kind: 'sqlite' | 'postgres') => Promise<void>;

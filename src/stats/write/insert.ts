import type { Database, Queries } from '../database/database';
import type { InvocationRow } from '../invocation-row';
import { createForgotten } from './forgotten';
import { insertingLock } from './locks';
import type { Release } from '../release';
import { createReleaseId } from './release-id';
import { createSeriesIds } from './series-ids';
import { insertAll, run, insertInto } from './statements';

/** Puts batches of rows into the database. */
export interface Inserter {
  /**
   * Writes a batch, all of it or nothing; one that was written before, under the same or a higher number, is left out.
   * So a batch whose fate is unknown can be sent again. One at a time.
   */
  write(batch: Batch): Promise<void>;
  /** From now on writes what the user did before without the user. Gives the hash that the rows of before have. */
  forget(userId: string): string;
}

export interface Batch {
  /** Larger than that of the batch before. */
  readonly seq: number;
  readonly rows: readonly InvocationRow[];
}

export interface InserterOptions {
  readonly database: Database;
  readonly hashUser: (userId: string) => string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Of this process, and of no other. */
  readonly writerId: string;
  readonly release: Release;
}

const INVOCATIONS = insertInto('invocations', [
  'at',
  'series_id',
  'outcome',
  'reason',
  'fingerprint',
  'message',
  'guild_id',
  'user_hash',
  'duration_seconds',
  'ack_seconds',
  'trace_id',
  'shard',
  'release_id',
]);

function noteBatch(kind: Database['kind']): string {
  const [id, seq, seenAt] = kind === 'postgres' ? ['$1', '$2', '$3'] : ['?', '?', '?'];
  return `insert into writers (id, last_batch, seen_at)
    select ${id}, cast(${seq} as bigint), cast(${seenAt} as bigint) from ${insertingLock(kind)} where true
    on conflict (id) do update set last_batch = excluded.last_batch, seen_at = excluded.seen_at
    where writers.last_batch < excluded.last_batch
    returning last_batch`;
}

export function createInserter(options: InserterOptions): Inserter {
  const { database, hashUser, now, writerId, release } = options;
  const { kind } = database;
  const seriesIdsOf = createSeriesIds(database);
  const releaseId = createReleaseId(database, release, now);
  const forgotten = createForgotten(now);

  function valuesOf(
    row: InvocationRow,
    series_id: number | null,
    release_id: number,
  ): (string | number | null)[] {
    const hash = hashUser(row.userId);
    return [
      row.at,
      series_id,
      row.outcome,
      row.reason,
      row.fingerprint,
      row.message,
      row.guildId,
      forgotten.covers(hash, row.receivedAt) ? null : hash,
      finite(row.durationSeconds),
      row.ackSeconds === null ? null : finite(row.ackSeconds),
      row.traceId,
      row.shard,
      release_id,
    ];
  }

  /**
   * False if the batch was written before. A transaction whose end nobody knows may still be at work: this waits for it.
   */
  async function isNew(queries: Queries, seq: number): Promise<boolean> {
    return (await run(queries, noteBatch(kind), [writerId, seq, now()])).length > 0;
  }

  return {
    async write({ seq, rows }) {
      const seriesIds = await seriesIdsOf(rows);
      const release_id = await releaseId();
      const values = rows.map((row, index) => valuesOf(row, seriesIds[index] ?? null, release_id));
      await database.write(async (queries) => {
        if (await isNew(queries, seq)) await insertAll(queries, kind, INVOCATIONS, values);
      });
    },
    forget(userId) {
      const hash = hashUser(userId);
      forgotten.add(hash);
      return hash;
    },
  };
}

/** SQLite takes what is not a number for null, and then refuses the whole batch. */
function finite(seconds: number): number {
  return Number.isFinite(seconds) ? seconds : 0;
}

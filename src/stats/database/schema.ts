import type { ColumnType, Generated } from 'kysely';

/** The tables, as both databases have them. Times are milliseconds since the epoch; durations are seconds. */

/**
 * A Discord id. It does not fit a JavaScript number, so it goes in as a string, and comes out only through
 * `cast(… as text)`: the type keeps it from being selected as it is.
 */
type Snowflake = ColumnType<never, string, string>;
type NullableSnowflake = ColumnType<never, string | null, string | null>;

/** Steps of time that totals are kept for: hours and days begin on the hour and at midnight, UTC; `all` at 0. */
export type Step = 'hour' | 'day' | 'all';

/** The server that totals of all servers stand under. */
export const EVERYWHERE = '0';
/** The series that everything people ran (all but autocompletion) is counted under once more. */
export const ALL_RUNS = 0;

export interface Tables {
  /** What is counted apart: a command and a kind. Row 0 (`''`, `''`) is ALL_RUNS. */
  readonly series: { readonly id: Generated<number>; readonly command: string; readonly kind: string };
  readonly releases: {
    readonly id: Generated<number>;
    readonly version: string;
    readonly commit_hash: string;
    readonly first_seen_at: number;
    /** When it last took over from another one; see `release.ts`. */
    readonly started_at: number;
  };
  /** Single invocations, for `STATS_RETENTION_DAYS`. */
  readonly invocations: {
    readonly id: Generated<number>;
    readonly at: number;
    readonly series_id: number;
    readonly outcome: string;
    readonly reason: string | null;
    readonly fingerprint: string | null;
    readonly message: string | null;
    readonly guild_id: NullableSnowflake;
    readonly user_hash: string | null;
    readonly duration_seconds: number;
    readonly ack_seconds: number | null;
    readonly trace_id: string;
    readonly shard: number;
    readonly release_id: number;
  };
  /**
   * Sums over a step of time, for good. Everywhere (guild_id 0): hours, days, and one for all time, each holding all
   * that was rolled up so far. A server: days for as long as single invocations are kept, and `all` for older ones; those
   * of a quiet server are not rolled up at all, and come to `all` when they leave retention.
   */
  readonly totals: {
    readonly id: Generated<number>;
    readonly guild_id: Snowflake;
    readonly step: Step;
    readonly start_at: number;
    readonly series_id: number;
    readonly ok: number;
    readonly refused: number;
    readonly failed: number;
    readonly last_used_at: number;
    /** Reasons, latencies and users, as `tally.ts` encodes them. */
    readonly details: Uint8Array;
  };
  /** Failures by fingerprint, over the same steps. */
  readonly error_totals: {
    readonly id: Generated<number>;
    readonly guild_id: Snowflake;
    readonly step: Step;
    readonly start_at: number;
    readonly series_id: number;
    readonly reason: string;
    readonly fingerprint: string;
    /** Of the newest one, like the trace id. */
    readonly message: string;
    readonly trace_id: string;
    readonly count: number;
    readonly first_seen_at: number;
    readonly last_seen_at: number;
  };
  /**
   * How far the totals of a server, or of EVERYWHERE, reach: what is there up to this id is in them, and nothing of
   * what is there beyond it. A server without a row was never rolled up: 0.
   */
  readonly roll_ups: { readonly guild_id: Snowflake; readonly last_id: number };
  /** The newest batch that each process has written, so that one sent twice is written once. */
  readonly writers: { readonly id: string; readonly last_batch: number; readonly seen_at: number };
}

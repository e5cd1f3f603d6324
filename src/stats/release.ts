import { sql, type RawBuilder, type SqlBool } from 'kysely';

/** What runs: every row says which release it was. */
export interface Release {
  readonly version: string;
  readonly commit: string;
  /** When this process was started; milliseconds since the epoch. */
  readonly startedAt: number;
}

/**
 * A condition that holds for the row of a release in `releases` if it begins with this process: another one took over
 * from it before this process was started, and it is back; or it seems to begin later, by the clock of another process,
 * which was ahead or started after this one. A restart moves nothing, in whatever order several processes come to write.
 */
export function beginsAt(startedAt: number): RawBuilder<SqlBool> {
  return sql<SqlBool>`(releases.started_at > ${startedAt} or exists (select 1 from releases as other
    where other.started_at > releases.started_at and other.started_at <= ${startedAt}))`;
}

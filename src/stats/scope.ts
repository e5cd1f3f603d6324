import { History, type Bucket, type Observation } from './history';
import { periodStart } from './periods';
import type { Period } from './stats';
import type { Series } from './tally';
import { UserSightings } from './users';

/** What a scope knows of one period. */
export interface Reading extends Bucket {
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** Distinct users as hashes. */
  readonly users: ReadonlyMap<Series, ReadonlySet<string>>;
}

/** The statistics of one server, or of everywhere. */
export interface Scope {
  /** Counts one observation, and its user if their hash is known. */
  record(observation: Observation, user: string | null): void;
  read(period: Period, now: number): Reading;
  /** Tallies, error rows and users held: the measure of its memory. */
  rows(): number;
}

export interface ScopeOptions {
  /** Where the counting begins; milliseconds since the epoch. */
  readonly startedAt: number;
  /** How many users of a series are remembered, all series together. */
  readonly userLimit: number;
}

export function createScope({ startedAt, userLimit }: ScopeOptions): Scope {
  const history = new History();
  const users = new UserSightings(userLimit);
  return {
    record(observation, user) {
      history.add(observation);
      if (user !== null) users.see(observation.series, user, observation.at);
    },
    read(period, now) {
      const begin = periodStart(period, now);
      return { ...history.read(period, now), since: Math.max(begin, startedAt), users: users.since(begin) };
    },
    rows: () => history.rows + users.size,
  };
}

import type { Observation } from './history';
import { createScope, type Reading, type Scope } from './scope';
import type { Period } from './stats';

/** The statistics of each server. */
export interface GuildScopes {
  record(guildId: string, observation: Observation, user: string | null): void;
  read(guildId: string, period: Period, now: number): Reading;
}

export interface GuildScopesOptions {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Tallies, error rows and users that all servers hold together. */
  readonly rowLimit: number;
}

/**
 * Opens statistics by server in bounded memory. Beyond the limit the server that was quiet for the longest is
 * forgotten whole; should it come back, its statistics begin anew and their `since` says so.
 */
export function createGuildScopes({ startedAt, rowLimit }: GuildScopesOptions): GuildScopes {
  /** Quiet for the longest first. */
  const scopes = new Map<string, Scope>();
  let rows = 0;
  let completeSince = startedAt;

  const create = (): Scope => createScope({ startedAt: completeSince, userLimit: rowLimit });

  function forgetQuietest(at: number): void {
    for (const [guildId, scope] of scopes) {
      if (rows <= rowLimit || scopes.size === 1) return;
      scopes.delete(guildId);
      rows -= scope.rows();
      completeSince = at;
    }
  }

  return {
    record(guildId, observation, user) {
      const scope = scopes.get(guildId) ?? create();
      scopes.delete(guildId);
      scopes.set(guildId, scope);
      const before = scope.rows();
      scope.record(observation, user);
      rows += scope.rows() - before;
      forgetQuietest(observation.at);
    },
    read(guildId, period, now) {
      const scope = scopes.get(guildId) ?? create();
      const before = scope.rows();
      const reading = scope.read(period, now);
      if (scopes.has(guildId)) rows += scope.rows() - before;
      return reading;
    },
  };
}

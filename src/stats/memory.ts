import { OTHER, type InvocationSettled, type Kind, type Outcome, type Sink } from '../telemetry/event';
import { describeError, groupOf } from './describe-error';
import type { ErrorRow } from './error-table';
import { createGuildScopes } from './guild-scopes';
import { createScope } from './scope';
import type { Stats } from './stats';
import { summarize } from './summary';
import type { Series } from './tally';

export interface MemoryStatsOptions {
  /** Milliseconds since the epoch. Counts are put where this stands when they are recorded, as those of `/metrics` are. */
  readonly now: () => number;
  /** Takes secrets out of an error's message. */
  readonly redact: (text: string) => string;
  /** A keyed hash, evenly long for every user. */
  readonly hashUser: (userId: string) => string;
}

/** Distinct commands and kinds; any beyond them are counted as `_other`. */
const SERIES_LIMIT = 1_000;
/** Users of a command remembered everywhere, all commands together. */
const USER_LIMIT = 100_000;
/** Tallies, error rows and users remembered by server, all servers together. */
const GUILD_ROW_LIMIT = 100_000;

/** Opens statistics that live as long as the process, in bounded memory. `record` never throws. */
export function createMemoryStats({ now, redact, hashUser }: MemoryStatsOptions): Stats & Sink {
  const startedAt = now();
  const everywhere = createScope({ startedAt, userLimit: USER_LIMIT });
  const guilds = createGuildScopes({ startedAt, rowLimit: GUILD_ROW_LIMIT });
  const series = createSeriesRegistry();
  let loaded: readonly string[] = [];

  function settle(event: InvocationSettled): void {
    const at = now();
    const { outcome, durationSeconds } = event;
    const counted = series.of(event.command, event.kind);
    const error = errorRow(event, counted.command, at, redact);
    const observation = { series: counted, outcome: outcome.kind, durationSeconds, at, error };
    const user = attempt(() => hashUser(event.userId));
    everywhere.record(observation, user);
    if (event.guildId !== null) guilds.record(event.guildId, observation, user);
  }

  return {
    name: 'stats',
    record(event) {
      if (event.type === 'invocation_settled') settle(event);
      if (event.type === 'commands_loaded') loaded = commandsOf(event.names);
    },
    summary(query) {
      const { guildId, period } = query;
      const reading =
        guildId === undefined ? everywhere.read(period, now()) : guilds.read(guildId, period, now());
      return Promise.resolve(summarize(reading, query, loaded));
    },
    commandNames: () => [...new Set([...loaded, ...series.commands()])].sort(),
  };
}

/** Hands out the one object for each command and kind. */
function createSeriesRegistry(): { of(command: string, kind: Kind): Series; commands(): readonly string[] } {
  const known = new Map<string, Series>();
  const of = (command: string, kind: Kind): Series => {
    const key = `${kind}\n${command}`;
    const found = known.get(key);
    if (found) return found;
    if (known.size >= SERIES_LIMIT && command !== OTHER) return of(OTHER, kind);
    const created = { command, kind };
    known.set(key, created);
    return created;
  };
  return {
    of,
    commands: () => [...known.values()].map(({ command }) => command).filter((command) => command !== OTHER),
  };
}

function commandsOf(names: readonly Series[]): string[] {
  return [...new Set(names.map(({ command }) => command))].sort();
}

function errorRow(
  { outcome, traceId }: { readonly outcome: Outcome; readonly traceId: string },
  command: string,
  at: number,
  redact: (text: string) => string,
): ErrorRow | null {
  if (outcome.kind !== 'failed') return null;
  const message = describeError(outcome.error, redact);
  const reference = traceId.slice(0, 8);
  return {
    command,
    reason: outcome.reason,
    group: groupOf(message),
    message,
    reference,
    lastSeen: at,
    count: 1,
  };
}

/** What cannot be had must not cost the count. */
function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

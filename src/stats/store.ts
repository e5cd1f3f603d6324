import type { Logger } from '../logging/logger';
import { onceAMinute } from '../logging/once-a-minute';
import { COMPONENT_KINDS, type CommandsLoaded, type Kind, type Sink } from '../telemetry/event';
import type { HealthCheck } from '../telemetry/health';
import { rowOf, type Redact } from './invocation-row';
import { createReaderClient } from './reader-client';
import type { Stats } from './stats';
import type { ThreadData } from './threads/protocol';
import { createWriterClient } from './writer-client';

/** The statistics: a sink that never waits for the database, and the questions that the database answers. */
export interface StatsStore extends Sink, Stats {
  /** Opens the database. Returns at once: until it is open, what is counted waits. */
  open(): void;
  /** Removes every row of a user. Gives how many there were. Rejects with a StoreUnavailableError. */
  forgetUser(this: void, userId: string): Promise<number>;
  /** How the database does, for `/healthz`. */
  health(this: void): HealthCheck;
  dropped(this: void): Readonly<Record<string, number>>;
  close(): Promise<void>;
  /** For the process's `exit` event, after which nothing runs: writes what waits, blocking, for at most so long. */
  drainAtExit(this: void, limitMs: number): void;
}

export interface StatsStoreOptions {
  /** Holds the compiled threads, `writer.js` and `reader.js`. */
  readonly threadsDirectory: string;
  readonly data: ThreadData;
  /** Whether the rows of a server go when the bot leaves it. */
  readonly eraseLeftServers: boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Takes secrets out of an error's message, and what was typed. */
  readonly redact: Redact;
  readonly logger: Logger;
}

/** How long a question waits for what was counted before it to be written; the answer counts what is written by then. */
const SETTLING_LIMIT_MS = 500;

export function createStatsStore(options: StatsStoreOptions): StatsStore {
  const { threadsDirectory, data, now, redact, logger, eraseLeftServers } = options;
  const writer = createWriterClient({
    threadsDirectory,
    data,
    now,
    logger,
    onReplaced: () => void reader.restart(),
  });
  const reader = createReaderClient({ threadsDirectory, data, onFault: noteReading });
  let loaded: CommandsLoaded['names'] = [];
  const reading = { fault: null as string | null, isDue: onceAMinute(now) };

  function noteReading(fault: string | null): void {
    reading.fault = fault;
    if (fault === null || !reading.isDue()) return;
    logger.error(`Statistics cannot be read: ${fault}`);
  }

  function health(): HealthCheck {
    const writing = writer.health();
    if (writing.status !== 'ok' || reading.fault === null) return writing;
    return { status: 'fail', detail: `Statistics cannot be read: ${reading.fault}`, values: writing.values };
  }

  /** Asks once what was counted before has been written, so that nobody misses the command they have just used. */
  async function ask<Result>(question: () => Promise<Result>): Promise<Result> {
    await writer.settled(SETTLING_LIMIT_MS);
    return question();
  }

  return {
    name: 'stats',
    open: writer.open,
    record(event) {
      if (event.type === 'invocation_settled') writer.add(rowOf(event, now(), redact));
      if (event.type === 'commands_loaded') loaded = event.names;
      if (event.type === 'guild_left' && eraseLeftServers) writer.forgetGuild(event.guildId);
    },
    summary: (query) => ask(() => reader.summary(query, now(), typedNames(loaded))),
    timeline: (query) => ask(() => reader.timeline(query, now())),
    invocations: (query) => ask(() => reader.invocations(query)),
    errors: (query) => ask(() => reader.errors(query, now())),
    changes: (query) => ask(() => reader.changes(query, now())),
    commandNames: () => [...new Set([...askableNames(loaded), ...writer.knownCommands()])].sort(),
    async forgetUser(userId) {
      // What waits would be written without its user, and missing in the number.
      await writer.settled(SETTLING_LIMIT_MS);
      return writer.forgetUser(userId);
    },
    health,
    dropped: writer.dropped,
    async close() {
      await reader.close();
      await writer.close();
    },
    drainAtExit: writer.drainAtExit,
  };
}

/** They belong to a command, and are none. */
const NOT_TYPED: ReadonlySet<Kind> = new Set([...COMPONENT_KINDS, 'autocomplete'] as const);

/** What can be used by name; neither components nor autocompletion. */
function typedNames(names: CommandsLoaded['names']): string[] {
  const typed = names.filter(({ kind }) => !NOT_TYPED.has(kind));
  return [...new Set(typed.map(({ command }) => command))].sort();
}

/** What has numbers of its own; a command's autocompletion stands under the name of the command. */
function askableNames(names: CommandsLoaded['names']): string[] {
  return names.map(({ command }) => command);
}

import path from 'node:path';
import { botDirectories } from './discord/instrument/bot-directories';
import type { DiscordClient } from './discord/instrument/client';
import { declaredRoutes } from './discord/instrument/names';
import { whenLoggingIn } from './discord/instrument/login';
import type { WatchedClient } from './discord/instrument/instrument-client';
import { openHub, type Hub } from './instrument-hub';
import { SettingsError } from './settings';
import type { Stats } from './stats/stats';

export type { DiscordClient } from './discord/instrument/client';
export type { Stats } from './stats/stats';

/** Telltale for a bot that exists already: the entry of the package. */

export interface InstrumentOptions {
  /**
   * What custom ids look like, so that presses count under a name: `ticket:close:{id}` answers to `ticket:close:42` and
   * counts as `ticket:close`. A custom id without a route counts under the command that it comes of, or as `_other`.
   */
  readonly routes?: readonly string[];
  /** Whether an error that a handler threw says that the user was refused, and nothing is broken. */
  readonly isRefusal?: (error: unknown) => boolean;
}

/** What measures a client. */
export interface Instrumented {
  /** Where the metrics are, once the client logs in; null where there is no server: it is off, or its port was taken. */
  metricsUrl(): Promise<string | null>;
  /** What was counted so far, also by earlier processes. Questions wait until the client logs in. */
  readonly stats: Omit<Stats, 'commandNames'>;
  /** Gives the client all of its own back, and writes what waits to be written. May be called again. */
  close(): Promise<void>;
}

const root = path.resolve(__dirname, '..', '..');
const known = new WeakMap<DiscordClient, Instrumented>();
/** One for all clients of the process, from the first login until the last of them is closed. */
let shared: Hub | null = null;

/**
 * Measures a client of discord.js 14: interactions, gateway, REST. Call it before `client.login`; what the client does
 * stays what it was. It reads its settings from the environment when the client logs in. What goes wrong with the
 * measuring is said in a line on stderr, and the bot runs on.
 *
 * @returns the same for the same client, until that is closed.
 * @throws Error if one of the routes is wrong.
 */
export function instrument(client: DiscordClient, options: InstrumentOptions = {}): Instrumented {
  const before = known.get(client);
  if (before !== undefined) return before;
  const routes = declaredRoutes(options.routes ?? []);
  const isRefusal = options.isRefusal ?? (() => false);
  let watched: { readonly hub: Hub; readonly client: WatchedClient } | null = null;
  let opened: (hub: Hub) => void = () => undefined;
  const opening = new Promise<Hub>((resolve) => {
    opened = resolve;
  });

  const stopWaiting = whenLoggingIn(client, (token) => {
    try {
      const directories = botDirectories(process.argv, process.cwd());
      const { stderr } = process;
      const hub = (shared ??= openHub({ environment: process.env, token, root, directories, stderr }));
      watched = { hub, client: hub.add(client, { routes, isRefusal }) };
      opened(hub);
    } catch (error) {
      process.stderr.write(`Telltale does not measure this bot, which runs on: ${reasonOf(error)}\n`);
    }
  });

  const instrumented: Instrumented = {
    metricsUrl: async () => (await opening).metricsUrl(),
    stats: {
      summary: async (query) => (await opening).stats.summary(query),
      timeline: async (query) => (await opening).stats.timeline(query),
      invocations: async (query) => (await opening).stats.invocations(query),
      errors: async (query) => (await opening).stats.errors(query),
      changes: async (query) => (await opening).stats.changes(query),
    },
    async close() {
      stopWaiting();
      known.delete(client);
      const ended = watched;
      watched = null;
      if (ended === null) return;
      const isLast = ended.hub.remove(ended.client);
      if (!isLast) return;
      if (shared === ended.hub) shared = null;
      await ended.hub.close();
    },
  };
  known.set(client, instrumented);
  return instrumented;
}

/** In one line. */
function reasonOf(error: unknown): string {
  if (error instanceof SettingsError) return error.problems.join(' ');
  return error instanceof Error ? error.message : String(error);
}

import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { Writable } from 'node:stream';
import { findBuildInfo } from './build-info';
import { createCore, exposeAll, healthOf, openHttp, type Core } from './core';
import { destinationsOfInstrumented } from './destinations';
import { typed, type DiscordClient } from './discord/instrument/client';
import {
  instrumentClient,
  type ClientWatchOptions,
  type WatchedClient,
} from './discord/instrument/instrument-client';
import { instrumentSettings } from './instrument-settings';
import type { Environment } from './settings';
import type { HttpServer } from './http/server';
import type { Stats } from './stats/stats';
import { sendAtExit } from './post/post-at-exit';
import { createTraceIds } from './telemetry/trace-id';

/** The composition for clients that are not ours: one log, one store, one server for all clients of a process. */

export interface HubOptions {
  readonly environment: Environment;
  /** Of the first client. Users are hashed with it, and it is kept out of the log. */
  readonly token: string;
  /** The directory of this package. */
  readonly root: string;
  /** Where the bot may be: its version is that on every number and line. */
  readonly directories: readonly string[];
  readonly stderr: NodeJS.WritableStream;
}

export interface Hub {
  readonly stats: Stats;
  add(client: DiscordClient, options: Pick<ClientWatchOptions, 'routes' | 'isRefusal'>): WatchedClient;
  /** Gives whether it was the last. */
  remove(client: WatchedClient): boolean;
  /** Null where there is no server. */
  metricsUrl(): Promise<string | null>;
  /** Writes what waits, and ends all. */
  close(): Promise<void>;
}

/**
 * Opens the hub. Nothing in it keeps the process from ending, or prints to stdout.
 *
 * @throws SettingsError
 */
export function openHub({ environment, token, root, directories, stderr }: HubOptions): Hub {
  const settings = instrumentSettings(environment, token, root);
  const build = findBuildInfo(directories, environment.GIT_COMMIT);
  const core = createCore({ settings, build, root, stdout: nowhere() });
  const clients = new Set<WatchedClient>();
  const isQuiet = /^(?:1|true|yes|on)$/i.test(environment.TELLTALE_QUIET ?? '');
  const say = (text: string): void => void stderr.write(`Telltale: ${text}\n`);
  const newTraceId = createTraceIds(randomBytes);
  for (const sentence of destinationsOfInstrumented(settings, environment)) {
    core.logging.logger('bot').info(sentence);
    if (!isQuiet) say(sentence);
  }
  core.stats.open();
  const forgetUnhandled = recordUnhandled(core);
  const forgetExit = drainAtExit(core, environment, say);
  let http: Promise<HttpServer | null> | null = null;

  /** With the first client: what is exposed says which discord.js it comes from. */
  async function serve(discordjs: string): Promise<HttpServer | null> {
    exposeAll(core, { ...readingsOf(clients), discordjs });
    if (!settings.metrics.enabled) return null;
    try {
      const server = await openHttp(
        core,
        healthOf(core, () => NO_MODULES),
        () => undefined,
      );
      server.unref();
      if (!isQuiet) say(`metrics at ${server.url}/metrics`);
      return server;
    } catch (error) {
      say(`${error instanceof Error ? error.message : String(error)} The bot runs on without /metrics.`);
      return null;
    }
  }

  return {
    stats: core.stats,
    add(client, options) {
      core.discordHosts.add(typed(client).rest.options.api);
      const watched = instrumentClient(client, {
        ...options,
        gateway: core.gateway,
        context: core.context,
        record: core.telemetry.record,
        logger: core.logging.logger,
        blockedSecondsBetween: core.eventLoop.blockedSecondsBetween,
        now: core.now,
        monotonic: () => performance.now(),
        newTraceId,
      });
      clients.add(watched);
      http ??= serve(watched.discordjs);
      return watched;
    },
    remove(client) {
      client.close();
      clients.delete(client);
      return clients.size === 0;
    },
    metricsUrl: async () => {
      const server = await http;
      return server ? `${server.url}/metrics` : null;
    },
    async close() {
      forgetUnhandled();
      forgetExit();
      await (await http)?.close();
      core.eventLoop.close();
      await core.telemetry.close();
      await core.logging.close();
    },
  };
}

/** What an exit may take longer for the statistics; it takes some milliseconds. */
const EXIT_LIMIT_MS = 1000;
/** And for traces and errors; it takes a tenth of a second, unless the other side is away. */
const SENDING_LIMIT_MS = 2000;
const NO_MODULES = { loaded: 0, failed: [] };

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** What the clients say of themselves, as if they were one. */
function readingsOf(clients: ReadonlySet<WatchedClient>) {
  const each = <Value>(read: (client: WatchedClient) => Value): Value[] => [...clients].map(read);
  return {
    caches: () => {
      const all = each((client) => client.caches());
      const total = (cache: string): number => sum(all.map((caches) => caches[cache] ?? 0));
      return { guilds: total('guilds'), channels: total('channels'), users: total('users') };
    },
    rest: {
      invalidRequests: () => sum(each(({ rest }) => rest.invalidRequests())),
      clockOffsetSeconds: () =>
        each(({ rest }) => rest.clockOffsetSeconds()).find((offset) => offset !== null) ?? null,
    },
  };
}

/** Counts what nobody caught. It only looks on: the process ends, or does not, as it would have. */
function recordUnhandled({ telemetry, logging }: Core): () => void {
  const onError = (error: unknown, origin: NodeJS.UncaughtExceptionOrigin): void => {
    const kind = origin === 'unhandledRejection' ? 'rejection' : 'exception';
    telemetry.record({ type: 'unhandled_error', kind, error });
    logging.logger('bot').error(`An unhandled ${kind}.`, { error });
  };
  process.on('uncaughtExceptionMonitor', onError);
  return () => void process.off('uncaughtExceptionMonitor', onError);
}

/**
 * A bot that ends does not wait for us. One that has nothing left to do waits so long for what is to be sent; of one that
 * exits, as most do, the loop does not turn any more.
 */
function drainAtExit(
  { stats, tracing, sentry }: Core,
  environment: Environment,
  say: (text: string) => void,
): () => void {
  const senders = [tracing, sentry].filter((sender) => sender !== null);
  const sayLost = (counts: readonly number[]): void => {
    const lost = senders.flatMap(({ sends }, index) => {
      const count = counts[index] ?? 0;
      return count > 0 ? [`${sends} (${count})`] : [];
    });
    if (lost.length > 0) say(`not taken before the bot ended: ${lost.join(', ')}.`);
  };
  const onExit = (): void => {
    stats.drainAtExit(EXIT_LIMIT_MS);
    const leftovers = senders.map((sender) => sender.leftovers());
    sayLost(sendAtExit(leftovers, SENDING_LIMIT_MS, environment));
  };
  const onIdle = (): void => {
    const flushed = Promise.all(senders.map((sender) => sender.flush(SENDING_LIMIT_MS)));
    void flushed.then(sayLost);
  };
  // Before the thread that writes is kept from writing.
  process.prependListener('exit', onExit);
  process.on('beforeExit', onIdle);
  return () => void process.off('exit', onExit).off('beforeExit', onIdle);
}

/** The console is the bot's. */
function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}

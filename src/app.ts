import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { version as discordjs } from 'discord.js';
import type { BuildInfo } from './build-info';
import { createCharts } from './charts/charts';
import { createBot, type Bot } from './discord/bot';
import { watchGateway } from './discord/gateway';
import { loadCommands, type LoadedCommands } from './discord/loader';
import { shareModules } from './discord/outside-modules';
import { startHttp, type HttpServer } from './http/server';
import { createInvocationContext } from './logging/context';
import type { Logger } from './logging/logger';
import { openLogging, openStats } from './open-parts';
import type { Settings } from './settings';
import type { UnhandledError } from './telemetry/event';
import type { Health } from './telemetry/health';
import { createHealth } from './telemetry/health-report';
import { createCommandMetrics } from './telemetry/sinks/command-metrics';
import { createLogSink } from './telemetry/sinks/log';
import { createMetricsSink } from './telemetry/sinks/metrics';
import { exposeReadings } from './telemetry/sinks/readings';
import { createRegistry } from './telemetry/sinks/registry';
import { createSystemReadings } from './telemetry/system';
import { createTelemetry } from './telemetry/telemetry';
import { createTraceIds } from './telemetry/trace-id';

/** The composition root: the only place that knows every part. */

export interface AppOptions {
  readonly settings: Settings;
  readonly build: BuildInfo;
  /** The directory of this package. */
  readonly root: string;
  /** The process's own. */
  readonly environment: NodeJS.ProcessEnv;
  readonly stdout: NodeJS.WritableStream;
}

export interface App {
  readonly logger: Logger;
  /**
   * Loads the commands, opens the HTTP server and logs in, in this order.
   *
   * @throws ListenError, LoginError
   */
  start(): Promise<void>;
  /** Resolves at the next scrape, or when the time for one is over: a login that was refused is still to be seen. */
  linger(): Promise<void>;
  recordUnhandled(kind: UnhandledError['kind'], error: unknown): void;
  /** Ends everything, in order; what is in flight gets that long. May be called again. */
  stop(drainSeconds: number): Promise<void>;
}

/** Opens the log; everything else waits for `start`. */
export function createApp(options: AppOptions): App {
  const core = createCore(options);
  const { settings, logging, telemetry } = core;
  const logger = logging.logger('bot');
  const opened: { bot?: Bot; http?: HttpServer } = {};
  let scraped: () => void = () => undefined;
  let stopped: Promise<void> | null = null;

  async function start(): Promise<void> {
    core.stats.open();
    const directories = settings.commands.directories ?? [path.join(options.root, 'dist', 'commands')];
    shareModules(directories, options.root, options.environment);
    const loaded = await loadCommands(directories);
    reportModules(loaded, directories, logger);
    const health = healthOf(core, loaded);
    const bot = botOf(core, loaded, health);
    opened.bot = bot;
    exposeAll(core, bot);
    if (settings.metrics.enabled) opened.http = await openHttp(core, health, () => scraped());
    await bot.connect();
  }

  async function stop(drainSeconds: number): Promise<void> {
    await opened.bot?.drain(drainSeconds);
    await opened.bot?.close();
    await opened.http?.close();
    await core.charts.close();
    await telemetry.close();
    logger.info('Stopped.');
    await logging.close();
  }

  return {
    logger,
    start,
    async linger() {
      if (opened.http === undefined) return;
      const scrape = new Promise<void>((resolve) => {
        scraped = resolve;
      });
      await Promise.race([scrape, sleep(settings.metrics.lingerSeconds * 1000, undefined, { ref: false })]);
    },
    recordUnhandled: (kind, error) => telemetry.record({ type: 'unhandled_error', kind, error }),
    stop: (drainSeconds) => (stopped ??= stop(drainSeconds)),
  };
}

/** What every part stands on. */
function createCore({ settings, build, root, stdout }: AppOptions) {
  const now = (): number => Date.now();
  const context = createInvocationContext();
  const logging = openLogging(settings, build, context, stdout);
  const registry = createRegistry();
  const stats = openStats(settings, build, path.join(root, 'dist', 'src', 'stats', 'threads'), logging, now);
  const charts = createCharts({ threadFile: path.join(root, 'dist', 'src', 'charts', 'thread.js') });
  const telemetry = createTelemetry(
    [createMetricsSink(registry), stats, createLogSink(logging.logger('commands'), context)],
    { logger: logging.logger('telemetry'), now },
  );
  const gateway = watchGateway({ record: telemetry.record, now });
  return {
    settings,
    build,
    now,
    startedAt: now(),
    context,
    logging,
    registry,
    stats,
    charts,
    telemetry,
    gateway,
  };
}

type Core = ReturnType<typeof createCore>;

function healthOf(
  { settings, build, logging, stats, telemetry, gateway, now, startedAt }: Core,
  loaded: LoadedCommands,
): Health {
  return createHealth({
    now,
    startedAt,
    ...build,
    diskDirectory: settings.log.directory,
    system: createSystemReadings(),
    shards: gateway.shards,
    readiness: gateway.readiness,
    errorRatio: async () => (await stats.summary({ period: '1h' })).totals,
    sinks: () => [
      ...telemetry.sinks().map(({ name, errors, dropped }) => ({ name, errors, dropped: sumOf(dropped) })),
      { name: 'log files', errors: 0, dropped: logging.counts().dropped },
    ],
    store: stats.health,
    modules: () => loaded,
  });
}

function botOf(core: Core, loaded: LoadedCommands, health: Health): Bot {
  const { settings, context, logging, registry, stats, telemetry, gateway, now } = core;
  return createBot({
    settings,
    loaded,
    gateway,
    context,
    now,
    monotonic: () => performance.now(),
    record: telemetry.record,
    logger: logging.logger,
    commandMetrics: Object.freeze(createCommandMetrics(registry)),
    newTraceId: createTraceIds(randomBytes),
    readModels: {
      // To read and no more: the store is a sink too.
      stats: Object.freeze({
        summary: stats.summary,
        timeline: stats.timeline,
        invocations: stats.invocations,
        commandNames: stats.commandNames,
      }),
      charts: Object.freeze({ draw: core.charts.draw }),
      privacy: Object.freeze({ forgetUser: stats.forgetUser }),
      health: Object.freeze(health),
      shards: gateway.shards,
      modules: () => loaded,
      statsPublic: settings.stats.public,
    },
  });
}

function exposeAll({ settings, build, logging, registry, telemetry, gateway }: Core, bot: Bot): void {
  exposeReadings(registry, {
    build: { ...build, discordjs },
    readiness: gateway.readiness,
    shards: gateway.shards,
    caches: bot.caches,
    logCounts: logging.counts,
    sinks: telemetry.sinks,
    system: createSystemReadings(),
    diskDirectory: settings.log.directory,
  });
}

async function openHttp(core: Core, health: Health, onScrape: () => void): Promise<HttpServer> {
  const { settings, logging, registry, stats, gateway } = core;
  const { host, port, token } = settings.metrics;
  const logger = logging.logger('http');
  const { readiness } = gateway;
  const http = await startHttp({
    host,
    port,
    token,
    health,
    stats,
    logger,
    metrics: registry,
    readiness,
    onScrape,
  });
  logger.info(`Metrics at ${http.url}/metrics, health at ${http.url}/healthz.`);
  return http;
}

function reportModules(
  { loaded, failed }: LoadedCommands,
  directories: readonly string[],
  logger: Logger,
): void {
  if (loaded > 0) logger.info(`Commands loaded: ${loaded}.`);
  else
    logger.warn(
      `No command was found in ${directories.join(', ')}: a module is a file ending in .js, .cjs or .mjs.`,
    );
  for (const { file, reason } of failed) {
    logger.error(`The command module ${file} could not be loaded: ${reason}`, { file });
  }
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { version as discordjs } from 'discord.js';
import { createCharts, type Charts } from './charts/charts';
import { createCore, exposeAll, healthOf, openHttp, type Core, type CoreOptions } from './core';
import { destinationsOf } from './destinations';
import { createBot, type Bot } from './discord/bot';
import type { TraceLinks } from './discord/command';
import { loadCommands, type LoadedCommands } from './discord/loader';
import { shareModules } from './discord/outside-modules';
import type { HttpServer } from './http/server';
import { toggleDebug } from './logging/debug-toggle';
import { createLogSearch } from './log-reader/search';
import type { Logger } from './logging/logger';
import type { UnhandledError } from './telemetry/event';
import type { Health } from './telemetry/health';
import { createCommandMetrics } from './telemetry/sinks/command-metrics';
import { createTraceIds } from './telemetry/trace-id';

/** The composition root: the only place that knows every part. */

export interface AppOptions extends CoreOptions {
  /** The process's own. */
  readonly environment: NodeJS.ProcessEnv;
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
  /** Logs everything for 10 minutes, or, while that runs, ends it. */
  toggleDebug(signal: NodeJS.Signals): void;
  /** Ends everything, in order; what is in flight gets that long. May be called again. */
  stop(drainSeconds: number): Promise<void>;
}

/** Opens the log; everything else waits for `start`. */
export function createApp(options: AppOptions): App {
  const core = createCore(options);
  const charts = createCharts({ threadFile: path.join(options.root, 'dist', 'src', 'charts', 'thread.js') });
  const { settings, logging, telemetry } = core;
  const logger = logging.logger('bot');
  const opened: { bot?: Bot; http?: HttpServer } = {};
  let scraped: () => void = () => undefined;
  let stopped: Promise<void> | null = null;

  async function start(): Promise<void> {
    const { version, commit } = options.build;
    logger.info(`Telltale ${version} (${commit}) starts, as process ${process.pid}.`, { event: 'started' });
    for (const sentence of destinationsOf(settings)) logger.info(sentence);
    core.stats.open();
    const directories = settings.commands.directories ?? [path.join(options.root, 'dist', 'commands')];
    shareModules(directories, options.root, options.environment);
    const loaded = withoutSecrets(await loadCommands(directories), logging.redact);
    reportModules(loaded, directories, logger);
    const health = healthOf(core, () => loaded);
    const bot = botOf(core, charts, loaded, health);
    opened.bot = bot;
    exposeAll(core, { caches: bot.caches, rest: bot.rest, discordjs });
    if (settings.metrics.enabled) opened.http = await openHttp(core, health, () => scraped());
    await bot.connect();
  }

  async function stop(drainSeconds: number): Promise<void> {
    await opened.bot?.drain(drainSeconds);
    await opened.bot?.close();
    await opened.http?.close();
    await charts.close();
    core.eventLoop.close();
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
    toggleDebug: (signal) => toggleDebug(logging.levels, signal),
    stop: (drainSeconds) => (stopped ??= stop(drainSeconds)),
  };
}

function botOf(core: Core, charts: Charts, loaded: LoadedCommands, health: Health): Bot {
  const { settings, context, logging, registry, questions, telemetry, gateway, now } = core;
  return createBot({
    settings,
    loaded,
    gateway,
    context,
    now,
    monotonic: () => performance.now(),
    blockedSecondsBetween: core.eventLoop.blockedSecondsBetween,
    record: telemetry.record,
    logger: logging.logger,
    commandMetrics: Object.freeze(createCommandMetrics(registry)),
    newTraceId: createTraceIds(randomBytes),
    readModels: {
      // To read and no more: the store is a sink too.
      stats: Object.freeze({
        summary: questions.summary,
        timeline: questions.timeline,
        invocations: questions.invocations,
        errors: questions.errors,
        changes: questions.changes,
        commandNames: questions.commandNames,
      }),
      charts: Object.freeze({ draw: charts.draw }),
      privacy: Object.freeze({ forgetUser: questions.forgetUser }),
      logs: Object.freeze(
        createLogSearch({ directory: settings.log.directory, monotonic: () => performance.now() }),
      ),
      health: Object.freeze(health),
      shards: gateway.shards,
      modules: () => loaded,
      logLevels: Object.freeze(logging.levels),
      links: Object.freeze(linksOf(core)),
      statsPublic: settings.stats.public,
    },
  });
}

/** Only to where something is sent. */
function linksOf({ settings: { links }, tracing, sentry }: Core): TraceLinks {
  return {
    trace: tracing === null ? null : links.trace,
    sentry: sentry === null ? null : links.sentry,
    isSampled: (traceId) => tracing?.isSampled(traceId) ?? false,
  };
}

/** Why a module could not be loaded is shown in many places, and says whatever it threw. */
function withoutSecrets(modules: LoadedCommands, redact: (text: string) => string): LoadedCommands {
  const failed = modules.failed.map(({ file, reason }) => ({ file, reason: redact(reason) }));
  return { ...modules, failed };
}

function reportModules(
  { loaded, failed }: LoadedCommands,
  directories: readonly string[],
  logger: Logger,
): void {
  if (loaded > 0) logger.info(`Commands loaded: ${loaded}.`);
  else if (failed.length === 0) {
    logger.warn(
      `No command was found in ${directories.join(', ')}: a module is a file ending in .js, .cjs or .mjs.`,
    );
  }
  for (const { file, reason } of failed) {
    logger.error(`The command module ${file} could not be loaded: ${reason}`, { file });
  }
}

import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { readBuildInfo, type BuildInfo } from './build-info';
import { watchGateway } from './discord/gateway';
import { createDiscordHosts } from './discord/hosts';
import { startHttp, type HttpServer } from './http/server';
import { createInvocationContext } from './logging/context';
import { openLogging, openSentry, openStats } from './open-parts';
import { openTraces } from './open-tracing';
import type { Settings } from './settings';
import type { Sink } from './telemetry/event';
import { createEventLoopWatch } from './telemetry/event-loop';
import type { CommandModules, Health } from './telemetry/health';
import { createHealth } from './telemetry/health-report';
import { redactedHealth } from './telemetry/redacted-health';
import { createLogSink } from './telemetry/sinks/log';
import { createMetricsSink } from './telemetry/sinks/metrics';
import { exposeReadings, type ReadingSources } from './telemetry/sinks/readings';
import { createRegistry } from './telemetry/sinks/registry';
import { createSystemReadings } from './telemetry/system';
import { createTelemetry } from './telemetry/telemetry';

/** What both compositions stand on, a bot of our own (`app`) and a client of somebody else's (`instrument`). */

export interface CoreOptions {
  readonly settings: Settings;
  readonly build: BuildInfo;
  /** The directory of this package. */
  readonly root: string;
  /** The console of the log. */
  readonly stdout: NodeJS.WritableStream;
  /** Sinks of whoever runs the process, told after our own. */
  readonly sinks?: readonly Sink[];
}

/** Opens the log; the database waits for `stats.open`. */
export function createCore({ settings, build, root, stdout, sinks = [] }: CoreOptions) {
  const now = (): number => Date.now();
  const context = createInvocationContext();
  const logging = openLogging(settings, build, context, stdout);
  const registry = createRegistry({ logger: logging.logger('telemetry') });
  const eventLoop = createEventLoopWatch({ monotonic: () => performance.now() });
  const stats = openStats(settings, build, path.join(root, 'dist', 'src', 'stats', 'threads'), logging, now);
  const sentry = openSentry(settings, build, context, logging, now);
  const discordHosts = createDiscordHosts(settings.discord.apiUrl);
  const tracing = openTraces({
    settings,
    build,
    ownVersion: () => readBuildInfo(root, '').version,
    context,
    logging,
    discordHosts,
    now,
  });
  const telemetry = createTelemetry(
    [
      createMetricsSink(registry, tracing?.isKept),
      stats,
      createLogSink(logging.logger('commands'), logging.invocationLog('commands')),
      ...(tracing === null ? [] : [tracing.sink]),
      ...(sentry === null ? [] : [sentry]),
      ...sinks,
    ],
    { logger: logging.logger('telemetry'), now },
  );
  const gateway = watchGateway({ record: telemetry.record, now, logger: logging.logger('gateway') });
  return {
    settings,
    build,
    now,
    startedAt: now(),
    context,
    logging,
    registry,
    eventLoop,
    stats,
    tracing,
    sentry,
    telemetry,
    /** The store, as commands ask it. */
    questions: tracing?.noteQuestions(stats) ?? stats,
    discordHosts,
    gateway,
  };
}

export type Core = ReturnType<typeof createCore>;

/** The report of `/healthz` and `/health`. */
export function healthOf(core: Core, modules: () => CommandModules): Health {
  const { settings, build, logging, stats, telemetry, gateway, now, startedAt } = core;
  const health = createHealth({
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
    modules,
  });
  return redactedHealth(health, logging.redact);
}

/** Adds to the metrics what is read at each scrape. `discordjs` is the version of the client's library. */
export function exposeAll(
  { settings, build, logging, registry, telemetry, gateway }: Core,
  { caches, rest, discordjs }: Pick<ReadingSources, 'caches' | 'rest'> & { readonly discordjs: string },
): void {
  exposeReadings(registry, {
    build: { version: build.version, commit: build.commit, discordjs },
    readiness: gateway.readiness,
    shards: gateway.shards,
    identifyRemaining: gateway.identifyRemaining,
    caches,
    rest,
    logCounts: logging.counts,
    sinks: telemetry.sinks,
    system: createSystemReadings(),
    diskDirectory: settings.log.directory,
  });
}

/**
 * Opens the HTTP server.
 *
 * @throws ListenError
 */
export async function openHttp(core: Core, health: Health, onScrape: () => void): Promise<HttpServer> {
  const { settings, logging, registry, stats, gateway } = core;
  const { host, port, token } = settings.metrics;
  const logger = logging.logger('http');
  const { readiness, liveness } = gateway;
  const http = await startHttp({
    host,
    port,
    token,
    health,
    stats,
    logger,
    metrics: registry,
    readiness,
    liveness,
    onScrape,
  });
  logger.info(`Metrics at ${http.url}/metrics, health at ${http.url}/healthz.`);
  return http;
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

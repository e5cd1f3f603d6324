import { randomUUID } from 'node:crypto';
import type { BuildInfo } from './build-info';
import type { InvocationContext } from './logging/context';
import { createLogging, type Logging } from './logging/logging';
import { secretsOf } from './logging/secrets-of';
import { createSentrySink, type SentrySink } from './sentry/sink';
import { serviceOf } from './service';
import { logLevels, type Settings } from './settings';
import { createStatsStore, type StatsStore } from './stats/store';
import { createUserHash, userHashKey } from './stats/user-hash';

/** Parts of the composition that are more about settings than about each other. */

/** Opens the statistics; their database waits for `open`. */
export function openStats(
  settings: Settings,
  build: BuildInfo,
  threadsDirectory: string,
  logging: Logging,
  now: () => number,
): StatsStore {
  return createStatsStore({
    threadsDirectory,
    data: {
      url: settings.database.url,
      hashKey: userHashKey(settings.discord.token, settings.stats.userHashKey),
      writerId: randomUUID(),
      release: { version: build.version, commit: build.commit, startedAt: now() },
      retentionDays: settings.stats.retentionDays,
    },
    eraseLeftServers: settings.stats.eraseLeftServers,
    now,
    redact: logging.redact,
    logger: logging.logger('stats'),
  });
}

/** Opens what sends errors to Sentry; null where no DSN is set, and then nothing of it is loaded. */
export function openSentry(
  { sentry, discord, stats, profile }: Settings,
  { name, version, commit }: BuildInfo,
  context: InvocationContext,
  logging: Logging,
  now: () => number,
): SentrySink | null {
  if (sentry.dsn === null) return null;
  return createSentrySink({
    open: async (options) => (await import('./sentry/client.js')).openClient(options),
    dsn: sentry.dsn,
    environment: sentry.environment ?? profile,
    release: `${name}@${version}+${commit}`,
    redact: logging.redact,
    hashUser: createUserHash(userHashKey(discord.token, stats.userHashKey)),
    running: () => context.getStore() ?? null,
    logger: logging.logger('telemetry'),
    now,
  });
}

/** Opens the log, which keeps every secret of the settings out of it. */
export function openLogging(
  settings: Settings,
  build: BuildInfo,
  context: InvocationContext,
  stdout: NodeJS.WritableStream,
): Logging {
  const levels = logLevels(settings);
  return createLogging({
    level: levels.console,
    consoleLevel: levels.console,
    fileLevel: levels.file,
    directory: settings.log.directory,
    maxSizeBytes: settings.log.maxSize,
    backupCount: settings.log.backupCount,
    compress: settings.log.compress,
    format: settings.log.format,
    secrets: secretsOf(settings),
    service: serviceOf(settings, build),
    context,
    stdout,
  });
}

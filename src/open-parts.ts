import { randomUUID } from 'node:crypto';
import type { BuildInfo } from './build-info';
import type { InvocationContext } from './logging/context';
import { createLogging, type Logging } from './logging/logging';
import { logLevels, type Settings } from './settings';
import { createStatsStore, type StatsStore } from './stats/store';
import { userHashKey } from './stats/user-hash';

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
      release: { version: build.version, commit: build.commit },
      retentionDays: settings.stats.retentionDays,
    },
    eraseLeftServers: settings.stats.eraseLeftServers,
    now,
    redact: logging.redact,
    logger: logging.logger('stats'),
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
    format: settings.log.format,
    secrets: secretsOf(settings),
    service: { name: 'telltale', version: build.version },
    context,
    stdout,
  });
}

function secretsOf({ discord, metrics, database, stats }: Settings): string[] {
  const { password } = database.url.startsWith('file:') ? { password: '' } : new URL(database.url);
  return [discord.token, metrics.token, stats.userHashKey, password, decodeURIComponent(password)].filter(
    (secret): secret is string => secret !== null && secret !== '',
  );
}

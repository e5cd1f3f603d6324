import { randomBytes, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { BuildInfo } from './build-info';
import type { DiscordHosts } from './discord/hosts';
import type { InvocationContext } from './logging/context';
import type { Logging } from './logging/logging';
import { serviceOf } from './service';
import type { Settings } from './settings';
import { createTraceIds, rootSpanId } from './telemetry/trace-id';
import { keptRatio, tracesUrl } from './trace-settings';
import { resourceOf } from './tracing/resource';
import { openTracing, type Tracing } from './tracing/tracing';

/** From the settings to tracing. */

export interface TracingSources {
  readonly settings: Settings;
  readonly build: BuildInfo;
  /** The version of Telltale, which makes the spans: the build may be somebody else's. */
  readonly ownVersion: () => string;
  readonly context: InvocationContext;
  readonly logging: Pick<Logging, 'redact' | 'logger'>;
  readonly discordHosts: DiscordHosts;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Opens tracing; null where it is off: nothing of it is loaded then, and nothing watched. */
export function openTraces({
  settings,
  build,
  ownVersion,
  context,
  logging,
  discordHosts,
  now,
}: TracingSources): Tracing | null {
  const { tracing, profile, database } = settings;
  const url = tracesUrl(tracing);
  if (url === null) return null;
  const { protocol, headers, timeoutMs, compression, tls, resourceAttributes, queue } = tracing;
  const sdkVersion = ownVersion();
  const resource = resourceOf({
    service: serviceOf(settings, build),
    environment: profile,
    instanceId: randomUUID(),
    sdkVersion,
    host: hostname(),
    process: { pid: process.pid, runtimeVersion: process.versions.node },
    attributes: resourceAttributes,
  });
  const newId = createTraceIds(randomBytes);
  return openTracing({
    otlp: {
      url,
      protocol,
      headers,
      // A batch that is given up is not to go on in the exporter, beside the next one.
      timeoutMs: Math.min(timeoutMs, queue.exportTimeoutMs),
      compression,
      tls,
      resource,
      version: sdkVersion,
    },
    ratio: keptRatio(tracing),
    queue,
    newSpanId: () => rootSpanId(newId()),
    isDiscord: discordHosts.has,
    databaseSystem: database.url.startsWith('file:') ? 'sqlite' : 'postgresql',
    context,
    redact: logging.redact,
    logger: logging.logger('tracing'),
    now,
    monotonic: () => performance.now(),
  });
}

import { randomBytes, randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { BuildInfo } from './build-info';
import type { DiscordHosts } from './discord/hosts';
import type { InvocationContext } from './logging/context';
import type { Logging } from './logging/logging';
import type { Settings } from './settings';
import { createTraceIds, rootSpanId } from './telemetry/trace-id';
import { resourceOf } from './tracing/resource';
import { openTracing, type Tracing } from './tracing/tracing';

/** From the settings to tracing. */

export interface TracingSources {
  readonly settings: Settings;
  readonly build: BuildInfo;
  readonly context: InvocationContext;
  readonly logging: Logging;
  readonly discordHosts: DiscordHosts;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Opens tracing; null where it is off: nothing of it is loaded then, and nothing watched. */
export function openTraces({
  settings,
  build,
  context,
  logging,
  discordHosts,
  now,
}: TracingSources): Tracing | null {
  const { tracing, profile, database } = settings;
  const url = urlOf(tracing);
  if (url === null) return null;
  const { headers, timeoutMs, compression, serviceName, resourceAttributes, queue } = tracing;
  const resource = resourceOf({
    serviceName,
    version: build.version,
    commit: build.commit,
    environment: profile,
    instanceId: randomUUID(),
    attributes: resourceAttributes,
  });
  const newId = createTraceIds(randomBytes);
  return openTracing({
    otlp: {
      url,
      headers,
      // A batch that is given up is not to go on in the exporter, beside the next one.
      timeoutMs: Math.min(timeoutMs, queue.exportTimeoutMs),
      compression,
      resource,
      version: build.version,
    },
    ratio: ratioOf(tracing),
    queue,
    newSpanId: () => rootSpanId(newId()),
    discordHost: discordHosts.api,
    isDiscord: discordHosts.has,
    databaseSystem: database.url.startsWith('file:') ? 'sqlite' : 'postgresql',
    context,
    redact: logging.redact,
    logger: logging.logger('tracing'),
    now,
    monotonic: () => performance.now(),
  });
}

/** An endpoint for traces alone is taken as it is; the general one is the root of several paths. */
function urlOf({ disabled, endpoint, tracesEndpoint }: Settings['tracing']): string | null {
  if (disabled) return null;
  return tracesEndpoint ?? (endpoint === null ? null : `${endpoint}/v1/traces`);
}

/** The part of the traces that is kept whatever comes of them. */
function ratioOf({ sampler, samplerRatio }: Settings['tracing']): number {
  if (sampler.endsWith('always_on')) return 1;
  return sampler.endsWith('always_off') ? 0 : samplerRatio;
}

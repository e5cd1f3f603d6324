import type { LogCounts } from '../../logging/logger';
import type { Readiness, ShardState } from '../health';
import type { SystemReadings } from '../system';
import type { SinkState } from '../telemetry';
import type { MetricRegistry, Reading } from './registry';

/** What is known of the requests to Discord. */
export interface RestReadings {
  /** How far our clock is ahead of Discord's; null until that is known. */
  readonly clockOffsetSeconds: () => number | null;
  /** Requests of the last 10 minutes that count towards a ban. */
  readonly invalidRequests: () => number;
}

/** What is not counted but looked at when a scrape asks. */
export interface ReadingSources {
  readonly build: { readonly version: string; readonly commit: string; readonly discordjs: string };
  readonly readiness: () => Readiness;
  readonly shards: () => readonly ShardState[];
  /** Null before Discord has said so. */
  readonly identifyRemaining: () => number | null;
  /** Entries in the client's caches, by cache; null before there is a client. */
  readonly caches: () => Readonly<Record<string, number>>;
  readonly rest: RestReadings;
  readonly logCounts: () => LogCounts;
  readonly sinks: () => readonly SinkState[];
  readonly system: SystemReadings;
  /** On the file system whose space matters. */
  readonly diskDirectory: string;
}

/** Adds the gauges, and the counters that are counted elsewhere, to the registry. */
export function exposeReadings(registry: MetricRegistry, sources: ReadingSources): void {
  exposeBot(registry, sources);
  exposeShards(registry, sources.shards);
  exposeIdentifyBudget(registry, sources.identifyRemaining);
  exposeRest(registry, sources.rest);
  exposeLosses(registry, sources);
  exposeSystem(registry, sources);
}

function exposeBot(registry: MetricRegistry, { build, readiness, caches }: ReadingSources): void {
  registry.readGauge(
    {
      name: 'bot_build_info',
      help: 'Which build runs; always 1.',
      labels: ['version', 'commit', 'node', 'discordjs'],
    },
    () => [[{ ...build, node: process.version }, 1]],
  );
  registry.readGauge({ name: 'bot_ready', help: '1 while commands can be taken.', labels: [] }, () => [
    [{}, readiness().ready ? 1 : 0],
  ]);
  registry.readGauge({ name: 'discord_guilds', help: 'Servers that the bot is in.', labels: [] }, () => [
    [{}, caches().guilds ?? 0],
  ]);
  registry.readGauge(
    { name: 'discord_cache_entries', help: 'Entries in the caches of the client.', labels: ['cache'] },
    () => Object.entries(caches()).map(([cache, entries]) => [{ cache }, entries] as const),
  );
}

function exposeShards(registry: MetricRegistry, shards: ReadingSources['shards']): void {
  const each = (value: (state: ShardState) => number | null) => (): Reading<'shard'> =>
    shards().flatMap((state) => {
      const reading = value(state);
      return reading === null ? [] : [[{ shard: String(state.shard) }, reading] as const];
    });
  const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);
  const labels = ['shard'] as const;
  registry.readGauge(
    { name: 'discord_shard_up', help: '1 while the connection is up.', labels },
    each(({ up }) => (up ? 1 : 0)),
  );
  registry.readGauge(
    { name: 'discord_shard_latency_seconds', help: 'Of the last heartbeat.', labels },
    each(({ latencySeconds }) => latencySeconds),
  );
  registry.readGauge(
    {
      name: 'discord_shard_last_heartbeat_ack_timestamp_seconds',
      help: 'When Discord last acknowledged a heartbeat.',
      labels,
    },
    each(({ lastHeartbeatAckAt }) => seconds(lastHeartbeatAckAt)),
  );
  registry.readGauge(
    {
      name: 'discord_shard_last_dispatch_timestamp_seconds',
      help: 'When Discord last sent anything that happened.',
      labels,
    },
    each(({ lastDispatchAt }) => seconds(lastDispatchAt)),
  );
}

function exposeIdentifyBudget(
  registry: MetricRegistry,
  remaining: ReadingSources['identifyRemaining'],
): void {
  registry.readGauge(
    {
      name: 'discord_gateway_identify_remaining',
      help: 'Sessions that may still be started today; missing until Discord has said so.',
      labels: [],
    },
    () => {
      const sessions = remaining();
      return sessions === null ? [] : [[{}, sessions]];
    },
  );
}

function exposeRest(registry: MetricRegistry, rest: RestReadings): void {
  registry.readGauge(
    {
      name: 'discord_rest_invalid_requests',
      help: 'Answered with 401, 403 or 429 (shared ones apart) in the last 10 minutes; Discord bans at 10,000.',
      labels: [],
    },
    () => [[{}, rest.invalidRequests()]],
  );
  registry.readGauge(
    {
      name: 'discord_clock_offset_seconds',
      help: 'Our clock minus Discord’s, from the dates of its answers; missing until it is known.',
      labels: [],
    },
    () => {
      const seconds = rest.clockOffsetSeconds();
      return seconds === null ? [] : [[{}, seconds]];
    },
  );
}

function exposeLosses(registry: MetricRegistry, { logCounts, sinks }: ReadingSources): void {
  registry.readCounter({ name: 'log_records_total', help: 'Lines logged.', labels: ['level'] }, () =>
    Object.entries(logCounts().records).map(([level, lines]) => [{ level }, lines] as const),
  );
  registry.readCounter(
    { name: 'log_dropped_total', help: 'Lines that reached no file because of a fault.', labels: [] },
    () => [[{}, logCounts().dropped]],
  );
  registry.readCounter(
    { name: 'telemetry_sink_errors_total', help: 'Events at which a sink threw.', labels: ['sink'] },
    () => sinks().map(({ name, errors }) => [{ sink: name }, errors] as const),
  );
  registry.readCounter(
    {
      name: 'telemetry_dropped_total',
      help: 'Events that a sink gave up, by why.',
      labels: ['sink', 'reason'],
    },
    () =>
      sinks().flatMap(({ name, dropped }) =>
        Object.entries(dropped).map(([reason, events]) => [{ sink: name, reason }, events] as const),
      ),
  );
}

function exposeSystem(registry: MetricRegistry, { system, diskDirectory }: ReadingSources): void {
  registry.readGauge(
    {
      name: 'system_memory_bytes',
      help: 'Memory of the machine, or of the container if that has less.',
      labels: ['state'],
    },
    async () => {
      const { totalBytes, availableBytes } = await system.memory();
      return [
        [{ state: 'total' }, totalBytes],
        [{ state: 'available' }, availableBytes],
        [{ state: 'used' }, totalBytes - availableBytes],
      ];
    },
  );
  registry.readGauge(
    {
      name: 'system_cpu_utilization_ratio',
      help: 'Since the reading before: of all cores by anyone (machine), of one core by this process (process).',
      labels: ['cpu'],
    },
    () => {
      const { machineRatio, processRatio } = system.cpu();
      const known = { machine: machineRatio, process: processRatio };
      return Object.entries(known).flatMap(([cpu, ratio]) =>
        ratio === null ? [] : [[{ cpu }, ratio] as const],
      );
    },
  );
  registry.readGauge(
    { name: 'system_disk_bytes', help: 'Of the file system with the log files.', labels: ['state'] },
    async () => {
      const { totalBytes, freeBytes } = await system.disk(diskDirectory);
      return [
        [{ state: 'total' }, totalBytes],
        [{ state: 'free' }, freeBytes],
        [{ state: 'used' }, totalBytes - freeBytes],
      ];
    },
  );
  registry.readGauge({ name: 'nodejs_heap_size_limit_bytes', help: 'Where V8 gives up.', labels: [] }, () => [
    [{}, system.heap().limitBytes],
  ]);
}

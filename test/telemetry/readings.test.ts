import type { ShardState } from '../../src/telemetry/health';
import { exposeReadings, type ReadingSources } from '../../src/telemetry/sinks/readings';
import { createRegistry } from '../../src/telemetry/sinks/registry';
import { parseExposition, type Exposition } from '../support/exposition';

const UP: ShardState = {
  shard: 0,
  up: true,
  latencySeconds: 0.04,
  lastHeartbeatAckAt: 9500,
  lastDispatchAt: 9750,
};

const SOURCES: ReadingSources = {
  build: { version: '1.2.3', commit: 'abc1234', discordjs: '14.0.0' },
  readiness: () => ({ ready: true, reasons: [] }),
  shards: () => [UP],
  identifyRemaining: () => 997,
  caches: () => ({ guilds: 4, users: 7 }),
  rest: { clockOffsetSeconds: () => -0.25, invalidRequests: () => 12 },
  logCounts: () => ({ records: { error: 1, warn: 2, info: 3, debug: 4 }, dropped: 5 }),
  sinks: () => [{ name: 'stats', errors: 6, dropped: { queue_full: 7, closed: 0 } }],
  system: {
    memory: () => Promise.resolve({ totalBytes: 100, availableBytes: 30 }),
    disk: (directory) => Promise.resolve({ totalBytes: 200, freeBytes: directory === '/logs' ? 50 : NaN }),
    heap: () => ({ usedBytes: 1, limitBytes: 2 }),
    cpu: () => ({ machineRatio: 0.25, processRatio: null }),
  },
  diskDirectory: '/logs',
};

function exposing(changes: Partial<ReadingSources> = {}): () => Promise<Exposition> {
  const registry = createRegistry();
  exposeReadings(registry, { ...SOURCES, ...changes });
  return async () => parseExposition((await registry.expose(false)).body);
}

it('what is read at a scrape has the names, labels and units that dashboards ask for', async () => {
  const metrics = await exposing()();
  const expected = {
    [`bot_build_info{"version":"1.2.3","commit":"abc1234","discordjs":"14.0.0","node":"${process.version}"}`]: 1,
    'bot_ready{}': 1,
    'discord_guilds{}': 4,
    'discord_cache_entries{"cache":"guilds"}': 4,
    'discord_cache_entries{"cache":"users"}': 7,
    'discord_shard_up{"shard":"0"}': 1,
    'discord_shard_latency_seconds{"shard":"0"}': 0.04,
    'discord_shard_last_heartbeat_ack_timestamp_seconds{"shard":"0"}': 9.5,
    'discord_shard_last_dispatch_timestamp_seconds{"shard":"0"}': 9.75,
    'discord_gateway_identify_remaining{}': 997,
    'discord_rest_invalid_requests{}': 12,
    'discord_clock_offset_seconds{}': -0.25,
    'log_records_total{"level":"error"}': 1,
    'log_records_total{"level":"warn"}': 2,
    'log_records_total{"level":"info"}': 3,
    'log_records_total{"level":"debug"}': 4,
    'log_dropped_total{}': 5,
    'telemetry_sink_errors_total{"sink":"stats"}': 6,
    'telemetry_dropped_total{"sink":"stats","reason":"queue_full"}': 7,
    'telemetry_dropped_total{"sink":"stats","reason":"closed"}': 0,
    'system_memory_bytes{"state":"total"}': 100,
    'system_memory_bytes{"state":"available"}': 30,
    'system_memory_bytes{"state":"used"}': 70,
    'system_cpu_utilization_ratio{"cpu":"machine"}': 0.25,
    'system_disk_bytes{"state":"total"}': 200,
    'system_disk_bytes{"state":"free"}': 50,
    'system_disk_bytes{"state":"used"}': 150,
    'nodejs_heap_size_limit_bytes{}': 2,
  };
  const found = metrics.samples.filter(
    ({ name }) => !/^(process|nodejs)_(?!heap_size_limit)|^telemetry_series$/.test(name),
  );
  expect(Object.fromEntries(found.map((one) => [one.name + JSON.stringify(one.labels), one.value]))).toEqual(
    expected,
  );
});

it('a shard that has never been heard of has no figures, and one that is gone has none any more', async () => {
  let shards: readonly ShardState[] = [
    { shard: 1, up: false, latencySeconds: null, lastHeartbeatAckAt: null, lastDispatchAt: null },
  ];
  const scrape = exposing({ shards: () => shards });
  const before = (await scrape()).samples.filter(({ name }) => name.startsWith('discord_shard'));
  expect(before).toEqual([{ name: 'discord_shard_up', labels: { shard: '1' }, value: 0 }]);
  shards = [];
  expect((await scrape()).sum('discord_shard_up')).toBe(0);
  expect((await scrape()).value('discord_shard_up')).toBeUndefined();
});

it('the sessions that are left are missing before Discord has said so: 0 would be an alarm', async () => {
  const metrics = await exposing({ identifyRemaining: () => null })();
  expect(metrics.value('discord_gateway_identify_remaining')).toBeUndefined();
});

it('counters that are counted elsewhere are not added up from scrape to scrape', async () => {
  const scrape = exposing();
  await scrape();
  expect((await scrape()).value('log_records_total', { level: 'debug' })).toBe(4);
  expect((await scrape()).value('telemetry_sink_errors_total')).toBe(6);
});

it('a source that fails is missing from that scrape, and takes nothing else with it', async () => {
  let isBroken = true;
  const fail = (): never => {
    throw new Error('no such directory');
  };
  const scrape = exposing({
    system: {
      ...SOURCES.system,
      disk: () => (isBroken ? Promise.reject(new Error('gone')) : SOURCES.system.disk('/logs')),
      cpu: fail,
    },
  });
  const metrics = await scrape();
  expect(metrics.value('system_disk_bytes', { state: 'free' })).toBeUndefined();
  expect(metrics.value('system_cpu_utilization_ratio')).toBeUndefined();
  expect(metrics.value('system_memory_bytes', { state: 'total' })).toBe(100);
  isBroken = false;
  expect((await scrape()).value('system_disk_bytes', { state: 'free' })).toBe(50);
});

it('a figure without labels that cannot be read is missing too, and not 0', async () => {
  const fail = (): never => {
    throw new Error('not now');
  };
  const metrics = await exposing({ logCounts: fail, system: { ...SOURCES.system, heap: fail } })();
  expect(metrics.value('nodejs_heap_size_limit_bytes')).toBeUndefined();
  expect(metrics.value('log_dropped_total')).toBeUndefined();
});

it('the offset of the clock is missing while it is not known: 0 would say that all is well', async () => {
  const rest = { clockOffsetSeconds: () => null, invalidRequests: () => 0 };
  const metrics = await exposing({ rest })();
  expect(metrics.value('discord_clock_offset_seconds')).toBeUndefined();
  expect(metrics.value('discord_rest_invalid_requests')).toBe(0);
});

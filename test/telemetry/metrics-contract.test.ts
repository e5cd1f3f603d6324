import type { Kind } from '../../src/telemetry/event';
import { createMetricsSink } from '../../src/telemetry/sinks/metrics';
import { exposeReadings } from '../../src/telemetry/sinks/readings';
import { createRegistry } from '../../src/telemetry/sinks/registry';
import { settled } from '../stats/support';
import { parseExposition, type Exposition } from '../support/exposition';

/** The names, types, labels and buckets that dashboards and alert rules depend on. */

const CONTRACT = `
| discord_command_invocations_total | counter | command, kind, outcome |
| discord_command_errors_total | counter | command, kind, reason |
| discord_command_refusals_total | counter | command, reason |
| discord_command_duration_seconds | histogram run | command, outcome |
| discord_commands_in_flight | gauge | kind |
| discord_interactions_received_total | counter | kind |
| discord_interaction_delivery_seconds | histogram answer | kind |
| discord_interaction_ack_seconds | histogram answer | kind, ack |
| discord_interaction_deadline_total | counter | kind, result |
| discord_interaction_late_total | counter | kind, culprit |
| discord_gateway_events_total | counter | event |
| discord_shard_up | gauge | shard |
| discord_shard_latency_seconds | gauge | shard |
| discord_shard_last_heartbeat_ack_timestamp_seconds | gauge | shard |
| discord_shard_last_dispatch_timestamp_seconds | gauge | shard |
| discord_shard_connections_total | counter | shard, result |
| discord_shard_closes_total | counter | shard, code |
| discord_rest_requests_total | counter | method, route, status |
| discord_rest_request_duration_seconds | histogram rest | method, route |
| discord_rest_calls_total | counter | method, route, outcome |
| discord_rest_queue_wait_seconds | histogram wait | |
| discord_rest_rate_limits_total | counter | kind, scope |
| discord_rest_errors_total | counter | code |
| discord_rest_invalid_requests | gauge | |
| discord_clock_offset_seconds | gauge | |
| discord_shard_found_deaf_total | counter | shard |
| discord_gateway_identify_remaining | gauge | |
| discord_guilds | gauge | |
| discord_cache_entries | gauge | cache |
| bot_build_info | gauge | version, commit, node, discordjs |
| bot_ready | gauge | |
| bot_command_modules | gauge | state |
| bot_unhandled_errors_total | counter | kind |
| log_records_total | counter | level |
| log_dropped_total | counter | |
| telemetry_sink_errors_total | counter | sink |
| telemetry_dropped_total | counter | sink, reason |
| telemetry_series | gauge | metric |
| system_memory_bytes | gauge | state |
| system_cpu_utilization_ratio | gauge | cpu |
| system_disk_bytes | gauge | state |
| nodejs_heap_size_limit_bytes | gauge | |
`;
const BUCKETS: Readonly<Record<string, string>> = {
  run: '.005 .01 .025 .05 .1 .25 .5 1 2.5 5 10 30',
  rest: '.005 .01 .025 .05 .075 .1 .25 .5 .75 1 2.5 5 7.5 10',
  wait: '.01 .1 .5 1 2 5 10 30 60',
  answer: '.05 .1 .25 .5 1 1.5 2 2.5 2.75 3 4 5',
};
const DEFAULTS = /^(process|nodejs)_(?!heap_size_limit)/;

interface Family {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
  readonly buckets: readonly number[];
}

const promised: readonly Family[] = CONTRACT.trim()
  .split('\n')
  .map((row) => {
    const [, name = '', type = '', labels = ''] = row.split('|').map((cell) => cell.trim());
    const [kind = '', set = ''] = type.split(' ');
    const buckets = (BUCKETS[set] ?? '').split(' ').filter(Boolean).map(Number);
    return { name, type: kind, labels: labels.split(', ').filter(Boolean).sort(), buckets };
  });

function familiesIn({ text, samples }: Exposition): Family[] {
  return [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = '', type = '']) => {
    const sampled = type === 'histogram' ? `${name}_bucket` : name;
    const own = samples.filter((sample) => sample.name === sampled);
    const labels = new Set(own.flatMap((sample) => Object.keys(sample.labels)));
    const bounds = new Set(own.flatMap(({ labels: { le } }) => (le === undefined ? [] : [Number(le)])));
    labels.delete('le');
    bounds.delete(NaN); // +Inf, as Prometheus spells it.
    return { name, type, labels: [...labels].sort(), buckets: [...bounds] };
  });
}

/** A registry after one of everything. */
async function expose(): Promise<Exposition> {
  const registry = createRegistry();
  const sink = createMetricsSink(registry);
  const shard = { shard: 0, up: true, latencySeconds: 1, lastHeartbeatAckAt: 1, lastDispatchAt: 1 };
  sink.record({ type: 'gateway_dispatched', shard: 0, event: 'READY', at: 1 });
  sink.record({ type: 'shard_changed', shard: 0, change: { kind: 'connecting' } });
  sink.record({ type: 'shard_changed', shard: 0, change: { kind: 'ready' } });
  sink.record({ type: 'shard_changed', shard: 0, change: { kind: 'closed', code: 4000 } });
  const request = { method: 'GET', route: '/gateway', durationSeconds: 1 };
  sink.record({ type: 'rest_attempted', ...request, status: 200, rateLimitScope: null });
  sink.record({
    type: 'rest_call_settled',
    ...request,
    attempts: 1,
    outcome: 'ok',
    code: null,
    waitSeconds: 0,
  });
  exposeReadings(registry, {
    build: { version: '1', commit: '2', discordjs: '3' },
    readiness: () => ({ ready: false, reasons: [] }),
    shards: () => [shard],
    identifyRemaining: () => 999,
    caches: () => ({ guilds: 1 }),
    rest: { clockOffsetSeconds: () => 0, invalidRequests: () => 0 },
    logCounts: () => ({ records: { error: 0, warn: 0, info: 0, debug: 0 }, dropped: 0 }),
    sinks: () => [{ name: 'log', errors: 0, dropped: { queue_full: 0 } }],
    system: {
      memory: () => Promise.resolve({ totalBytes: 2, availableBytes: 1 }),
      disk: () => Promise.resolve({ totalBytes: 2, freeBytes: 1 }),
      heap: () => ({ usedBytes: 1, limitBytes: 2 }),
      cpu: () => ({ machineRatio: 0.5, processRatio: 0.5 }),
    },
    diskDirectory: '.',
  });
  return parseExposition((await registry.expose(false)).body);
}

it('every metric is the one that was promised, and there is none beside them', async () => {
  const found = familiesIn(await expose()).filter(({ name }) => !DEFAULTS.test(name));
  const byName = (a: Family, b: Family): number => a.name.localeCompare(b.name);
  expect(found.sort(byName)).toEqual([...promised].sort(byName));
});

it('only counters end in _total', async () => {
  const own = familiesIn(await expose()).filter(({ name }) => !DEFAULTS.test(name));
  expect(own.filter(({ name, type }) => name.endsWith('_total') !== (type === 'counter'))).toEqual([]);
});

it.each([
  ['a run', 'discord_command_duration_seconds', 0.005, 'outcome'],
  ['an answer', 'discord_interaction_ack_seconds', 3, 'kind'],
])('%s of exactly a bound is counted in its bucket', async (_, name, seconds, label) => {
  const registry = createRegistry();
  const kind: Kind = 'chat_input';
  const sink = createMetricsSink(registry);
  sink.record(
    settled({ kind, durationSeconds: seconds, ack: { kind: 'reply', afterCreationSeconds: seconds } }),
  );
  const { samples } = parseExposition((await registry.expose(false)).body);
  const counted = samples.filter((one) => one.name === `${name}_bucket` && one.value === 1);
  expect(Math.min(...counted.map(({ labels }) => Number(labels.le) || Infinity))).toBe(seconds);
  expect(counted[0]?.labels[label]).toBe(label === 'kind' ? kind : 'ok');
});

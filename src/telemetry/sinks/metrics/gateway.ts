import { CLOSE_CODES, ORDINARY_CLOSE_CODES } from '../../close-codes';
import { OTHER, type ShardChanged } from '../../event';
import type { MetricRegistry } from '../registry';
import type { MetricsPart } from './part';

const RESULTS = ['ready', 'resumed', 'failed'] as const;

/** Counts what the gateway connections do. A shard's series start at 0 with its first attempt. */
export function createGatewayMetrics(registry: MetricRegistry): MetricsPart {
  const gatewayEvents = registry.counter({
    name: 'discord_gateway_events_total',
    help: 'Dispatches from the gateway.',
    labels: ['event'],
  });
  const connections = registry.counter({
    name: 'discord_shard_connections_total',
    help: 'Attempts to connect, by what came of them: a fresh session, a resumed one, or nothing.',
    labels: ['shard', 'result'],
  });
  const closes = registry.counter({
    name: 'discord_shard_closes_total',
    help: 'Gateway connections that closed, by code.',
    labels: ['shard', 'code'],
  });
  const foundDeaf = registry.counter({
    name: 'discord_shard_found_deaf_total',
    help: 'Fresh sessions that were ordered because a connection answered heartbeats and brought nothing else.',
    labels: ['shard'],
  });

  function start(shard: string): void {
    for (const result of RESULTS) connections.start({ shard, result });
    for (const code of ORDINARY_CLOSE_CODES) closes.start({ shard, code: String(code) });
    foundDeaf.start({ shard });
  }

  function shardChanged({ shard: id, change }: ShardChanged): void {
    const shard = String(id);
    switch (change.kind) {
      case 'connecting':
        return start(shard);
      case 'ready':
      case 'resumed':
      case 'failed':
        return connections.increment({ shard, result: change.kind });
      case 'closed':
        return closes.increment({ shard, code: codeLabel(change.code) });
      case 'found_deaf':
        return foundDeaf.increment({ shard });
      case 'heartbeat_acknowledged':
        return; // The shards' gauges are read at the scrape.
    }
  }

  return {
    record(event) {
      if (event.type === 'gateway_dispatched') gatewayEvents.increment({ event: event.event });
      else if (event.type === 'shard_changed') shardChanged(event);
    },
  };
}

function codeLabel(code: number): string {
  return CLOSE_CODES.includes(code) ? String(code) : OTHER;
}

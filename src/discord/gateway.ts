import { SimpleShardingStrategy, WebSocketShardEvents, type WebSocketManager } from '@discordjs/ws';
import { GatewayDispatchEvents } from 'discord.js';
import { OTHER, type TelemetryEvent } from '../telemetry/event';
import type { Readiness, ShardState } from '../telemetry/health';

/** What the gateway connections do, as events and as a state that can be read. */
export interface GatewayWatch {
  /** For discord.js's `ws.buildStrategy`, where the connections can be watched from before the first. */
  readonly buildStrategy: (manager: WebSocketManager) => SimpleShardingStrategy;
  /** Says which shards this process is to run, as soon as that is known: until all of them are up it is not ready. */
  expect(shards: () => readonly number[]): void;
  /** From now on it is not ready: it is going. */
  leave(): void;
  shards(this: void): readonly ShardState[];
  readiness(this: void): Readiness;
}

/** Discord asks for a heartbeat every 41.25 s; two that stay unanswered are no accident. */
const HEARTBEAT_STALE_MS = 90_000;

const KNOWN_EVENTS: ReadonlySet<string> = new Set(Object.values(GatewayDispatchEvents));

/** Watches the gateway. Listens to the connections' own events: discord.js passes on few of them. */
export function watchGateway(options: {
  readonly record: (event: TelemetryEvent) => void;
  readonly now: () => number;
}): GatewayWatch {
  const { record, now } = options;
  const states = new Map<number, ShardState>();
  let expected: () => readonly number[] = () => [];
  let leaving = false;

  function update(shard: number, change: Partial<ShardState>): void {
    const before = states.get(shard) ?? unseen(shard);
    states.set(shard, { ...before, ...change });
  }

  function watch(manager: WebSocketManager): void {
    manager.on(WebSocketShardEvents.Dispatch, ({ data, shardId: shard }) => {
      const at = now();
      update(shard, { lastDispatchAt: at });
      const event = KNOWN_EVENTS.has(data.t) ? data.t : OTHER;
      record({ type: 'gateway_dispatched', shard, event, at });
    });
    manager.on(WebSocketShardEvents.Ready, ({ shardId: shard }) => {
      update(shard, { up: true, lastHeartbeatAckAt: now() });
      record({ type: 'shard_changed', shard, change: { kind: 'ready' } });
    });
    manager.on(WebSocketShardEvents.Resumed, ({ shardId: shard }) => {
      update(shard, { up: true, lastHeartbeatAckAt: now() });
      record({ type: 'shard_changed', shard, change: { kind: 'resumed' } });
    });
    manager.on(WebSocketShardEvents.HeartbeatComplete, ({ ackAt, latency, shardId: shard }) => {
      const latencySeconds = latency / 1000;
      update(shard, { lastHeartbeatAckAt: ackAt, latencySeconds });
      record({
        type: 'shard_changed',
        shard,
        change: { kind: 'heartbeat_acknowledged', latencySeconds, at: ackAt },
      });
    });
    manager.on(WebSocketShardEvents.Closed, ({ code, shardId: shard }) => {
      update(shard, { up: false });
      record({ type: 'shard_changed', shard, change: { kind: 'closed', code } });
    });
  }

  function all(): ShardState[] {
    const missing = expected().filter((shard) => !states.has(shard));
    return [...states.values(), ...missing.map(unseen)].sort((a, b) => a.shard - b.shard);
  }

  function reasonsAgainst(shards: readonly ShardState[]): string[] {
    if (leaving) return ['shutting down'];
    return shards.length === 0 ? ['not logged in to Discord yet'] : shards.flatMap(problemOf);
  }

  function problemOf({ shard, up, lastHeartbeatAckAt }: ShardState): string[] {
    if (!up) return [`shard ${shard} is not connected`];
    const silentMs = now() - (lastHeartbeatAckAt ?? 0);
    if (silentMs <= HEARTBEAT_STALE_MS) return [];
    return [`shard ${shard} has had no heartbeat acknowledged for ${Math.round(silentMs / 1000)} s`];
  }

  return {
    buildStrategy(manager) {
      watch(manager);
      return new SimpleShardingStrategy(manager);
    },
    expect(shards) {
      expected = shards;
    },
    leave() {
      leaving = true;
    },
    shards: all,
    readiness() {
      const reasons = reasonsAgainst(all());
      return { ready: reasons.length === 0, reasons };
    },
  };
}

function unseen(shard: number): ShardState {
  return { shard, up: false, latencySeconds: null, lastHeartbeatAckAt: null, lastDispatchAt: null };
}

import {
  WebSocketShardEvents as Heard,
  type ManagerShardEventsMap,
  type WebSocketManager,
} from '@discordjs/ws';
import { GatewayDispatchEvents } from 'discord.js';
import type { Logger } from '../../logging/logger';
import { OTHER, type ShardChanged, type TelemetryEvent } from '../../telemetry/event';
import type { IdentifyBudget } from './identify-budget';
import { startAfresh } from './manager';
import type { Shard } from './shard';

/** Hears what a gateway manager says of its shards, and passes it on as state and as events. */

export interface Follower {
  readonly shard: (id: number) => Shard;
  readonly budget: IdentifyBudget;
  readonly record: (event: TelemetryEvent) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly logger: Logger;
  /** How many shards this process runs. */
  readonly shardCount: () => number;
}

const KNOWN_EVENTS: ReadonlySet<string> = new Set(Object.values(GatewayDispatchEvents));

/** Listens from now on; call it before the manager connects. Returns how to stop. */
export function followManager(manager: WebSocketManager, follower: Follower): () => void {
  const heard = handlersOf(manager, follower);
  const forget = overhearBudget(manager, follower.budget);
  manager.on(Heard.Dispatch, heard.dispatch);
  manager.on(Heard.Ready, heard.ready);
  manager.on(Heard.Resumed, heard.resumed);
  manager.on(Heard.Closed, heard.closed);
  manager.on(Heard.HeartbeatComplete, heard.heartbeat);
  manager.on(Heard.Debug, heard.debug);
  return () => {
    forget();
    manager.off(Heard.Dispatch, heard.dispatch);
    manager.off(Heard.Ready, heard.ready);
    manager.off(Heard.Resumed, heard.resumed);
    manager.off(Heard.Closed, heard.closed);
    manager.off(Heard.HeartbeatComplete, heard.heartbeat);
    manager.off(Heard.Debug, heard.debug);
  };
}

type Payload<Event extends keyof ManagerShardEventsMap> = ManagerShardEventsMap[Event][0];

function handlersOf(manager: WebSocketManager, follower: Follower) {
  const { shard, record, now } = follower;
  const safely = guard(follower.logger);
  const change = (id: number, to: ShardChanged['change']): void =>
    record({ type: 'shard_changed', shard: id, change: to });
  return {
    dispatch: safely(({ data, shardId }: Payload<Heard.Dispatch>) => {
      const at = now();
      shard(shardId).dispatched(at);
      const event = KNOWN_EVENTS.has(data.t) ? data.t : OTHER;
      record({ type: 'gateway_dispatched', shard: shardId, event, at });
    }),
    ready: safely(({ shardId }: Payload<Heard.Ready>) => {
      shard(shardId).up(now());
      change(shardId, { kind: 'ready' });
    }),
    resumed: safely(({ shardId }: Payload<Heard.Resumed>) => {
      shard(shardId).up(now());
      change(shardId, { kind: 'resumed' });
    }),
    closed: safely(({ code, shardId }: Payload<Heard.Closed>) => {
      const failed = shard(shardId).closed(code, now());
      change(shardId, { kind: 'closed', code });
      if (failed) change(shardId, { kind: 'failed' });
    }),
    heartbeat: safely(({ latency, shardId }: Payload<Heard.HeartbeatComplete>) => {
      const at = now();
      const foundDeaf = shard(shardId).acknowledged(latency, at);
      change(shardId, { kind: 'heartbeat_acknowledged', latencySeconds: latency / 1000, at });
      if (foundDeaf) reconnect(manager, shardId, follower);
    }),
    debug: safely(({ message, shardId }: Payload<Heard.Debug>) => understand(message, shardId, follower)),
  };
}

/**
 * Some steps are told by debug lines alone. Should a later version word them otherwise, the shard's series start later,
 * an interval of 41.25 s is assumed, and identifies are not counted down.
 */
function understand(message: string, id: number, follower: Follower): void {
  const { shard, record, now, budget, logger, shardCount } = follower;
  if (message.startsWith('Connecting to')) {
    shard(id).connecting(now());
    record({ type: 'shard_changed', shard: id, change: { kind: 'connecting' } });
  } else if (message.startsWith('Resuming session')) {
    shard(id).resuming(now());
  } else if (message.startsWith('Identifying')) {
    budget.spent();
    if (budget.runsLow(shardCount())) {
      logger.warn(
        `Only ${budget.remaining() ?? 0} more sessions may be started today: ` +
          'Discord resets the token of a bot that starts too many.',
      );
    }
  } else {
    const interval = /every (\d+)ms/.exec(message)?.[1];
    if (interval !== undefined) shard(id).heartbeatIntervalMs = Number(interval);
  }
}

/** A fresh session, not a resumed one: it is the session that may have lost its servers. */
function reconnect(manager: WebSocketManager, id: number, { record, logger }: Follower): void {
  const reconnection = startAfresh(manager, id);
  if (reconnection === null) {
    logger.error(
      `Shard ${id} is deaf: heartbeats are answered, but nothing else comes. Only a restart is left.`,
    );
    return;
  }
  logger.warn(
    `Shard ${id} is deaf: heartbeats are answered, but nothing else comes. It starts a fresh session.`,
  );
  record({ type: 'shard_changed', shard: id, change: { kind: 'found_deaf' } });
  reconnection.catch((error: unknown) => logger.warn(`Shard ${id} could not reconnect.`, { error }));
}

/** discord.js asks for the budget by itself; listening in costs no request. */
function overhearBudget(manager: WebSocketManager, budget: IdentifyBudget): () => void {
  const fetch = manager.fetchGatewayInformation.bind(manager);
  manager.fetchGatewayInformation = async (force) => {
    const information = await fetch(force);
    budget.told(information.session_start_limit);
    return information;
  };
  return () => void Reflect.deleteProperty(manager, 'fetchGatewayInformation');
}

/** A listener of ours that throws would keep the event from discord.js. */
const guard =
  (logger: Logger) =>
  <Event>(handle: (payload: Event) => void) =>
  (payload: Event): void => {
    try {
      handle(payload);
    } catch (error) {
      logger.debug('An event of the gateway was not understood.', { error });
    }
  };

import { SimpleShardingStrategy, type WebSocketManager } from '@discordjs/ws';
import type { Logger } from '../logging/logger';
import type { TelemetryEvent } from '../telemetry/event';
import type { Liveness, Readiness, ShardState } from '../telemetry/health';
import { followManager } from './gateway/follow';
import { createIdentifyBudget } from './gateway/identify-budget';
import { judgeShard, type Verdict } from './gateway/judge';
import { eachManager } from './gateway/manager';
import { Shard } from './gateway/shard';
import type { SilenceRule } from './gateway/silence';

/** What the gateway connections do, as events and as a state that can be read. */
export interface GatewayWatch {
  /** For discord.js's `ws.buildStrategy`: the connections are watched from before the first. */
  readonly buildStrategy: (manager: WebSocketManager) => SimpleShardingStrategy;
  /**
   * Watches any discord.js 14 client, whichever strategy it has; call it before `login`. Where it has logged in already,
   * a shard is known from its first dispatch on.
   *
   * @returns how to stop.
   */
  attach(client: WatchableClient): () => void;
  /** Says which shards this process is to run, as soon as that is known: until all of them are up it is not ready. */
  expect(shards: () => readonly number[]): void;
  /** From now on it is not ready: it is going. */
  leave(): void;
  shards(this: void): readonly ShardState[];
  readiness(this: void): Readiness;
  liveness(this: void): Liveness;
  /** Sessions that may still be started today; null before Discord has said so. */
  identifyRemaining(this: void): number | null;
}

/** As much of a discord.js client as is watched. */
export interface WatchableClient {
  readonly ws: object;
  readonly options: { readonly shards?: unknown };
}

/** Watches the gateway. Listens to the connections' own events: discord.js passes on few of them. */
export function watchGateway(options: {
  readonly record: (event: TelemetryEvent) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly logger: Logger;
  readonly silenceRule?: SilenceRule;
}): GatewayWatch {
  const { now, silenceRule } = options;
  const seen = new Map<number, Shard>();
  const budget = createIdentifyBudget(now);
  let expected: () => readonly number[] = () => [];
  let leaving = false;

  function shard(id: number): Shard {
    const known = seen.get(id);
    if (known !== undefined) return known;
    const fresh = new Shard(id, silenceRule);
    seen.set(id, fresh);
    return fresh;
  }

  function all(): readonly Shard[] {
    for (const id of expected()) shard(id);
    return [...seen.values()].sort((a, b) => a.shard - b.shard);
  }

  const verdicts = (): readonly Verdict[] => all().map((one) => judgeShard(one, now()));
  const follower = { shard, budget, shardCount: () => all().length, ...options };
  const follow = (manager: WebSocketManager): (() => void) => followManager(manager, follower);

  return {
    buildStrategy(manager) {
      follow(manager);
      return new SimpleShardingStrategy(manager);
    },
    attach(client) {
      expected = () => shardIds(client);
      const stops: (() => void)[] = [];
      stops.push(eachManager(client.ws, (manager) => stops.push(follow(manager))));
      return () => stops.splice(0).forEach((stop) => stop());
    },
    expect(shards) {
      expected = shards;
    },
    leave() {
      leaving = true;
    },
    shards: () => all().map(({ state }) => state),
    readiness() {
      if (leaving) return { ready: false, reasons: ['shutting down'] };
      const found = verdicts();
      if (found.length === 0) return { ready: false, reasons: ['not logged in to Discord yet'] };
      const reasons = found.flatMap(({ reason }) => reason ?? []);
      return { ready: reasons.length === 0, reasons };
    },
    liveness() {
      // What a process that is going says of its shards is no reason to kill it before it has gone.
      const reasons = leaving ? [] : verdicts().flatMap(({ live, reason }) => (live ? [] : (reason ?? [])));
      return { live: reasons.length === 0, reasons };
    },
    identifyRemaining: () => budget.remaining(),
  };
}

/** Known once discord.js has asked the gateway how many there are to be. */
function shardIds({ options: { shards } }: WatchableClient): readonly number[] {
  return Array.isArray(shards) ? shards.filter((id) => typeof id === 'number') : [];
}

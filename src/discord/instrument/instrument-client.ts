import type { InvocationContext } from '../../logging/context';
import type { Logger } from '../../logging/logger';
import { createRunner } from '../../pipeline/run';
import type { TelemetryEvent } from '../../telemetry/event';
import type { ComponentRoute } from '../component-routes';
import { failureReason } from '../failure-reason';
import type { GatewayWatch } from '../gateway';
import { watchRest } from '../rest/watch-rest';
import { typed, versionOf, type DiscordClient } from './client';
import { watchInteractions } from './watch-interactions';

/** All that Telltale watches in one client, put together. */

export interface ClientWatchOptions {
  readonly gateway: GatewayWatch;
  readonly context: InvocationContext;
  readonly record: (event: TelemetryEvent) => void;
  /** Gives the logger of that name. */
  readonly logger: (name: string) => Logger;
  /** Custom-id routes that the bot declares. */
  readonly routes: readonly ComponentRoute[];
  /** Whether what the bot's code threw is a refusal, and no failure. */
  readonly isRefusal: (error: unknown) => boolean;
  readonly blockedSecondsBetween: (from: number, to: number) => number;
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly newTraceId: () => string;
}

export interface WatchedClient {
  /** Which discord.js it comes from. */
  readonly discordjs: string;
  readonly rest: {
    readonly clockOffsetSeconds: () => number | null;
    readonly invalidRequests: () => number;
  };
  /** Entries in its caches, by cache. */
  caches(): Readonly<Record<string, number>>;
  /** Gives the client its own functions and listeners back. Idempotent. */
  close(): void;
}

/** Call it before the client logs in: of what has gone before, nothing is seen. */
export function instrumentClient(given: DiscordClient, options: ClientWatchOptions): WatchedClient {
  const client = typed(given);
  const { logger } = options;
  const rest = watchRest(client.rest, {
    ...options,
    logger: logger('rest'),
    running: () => options.context.getStore() ?? null,
  });
  const runner = createRunner({
    ...options,
    logger: logger('pipeline'),
    classify: (error) => failureReason(error, rest.hasThrown),
    clockOffsetSeconds: rest.clockOffsetSeconds,
  });
  const stops = [
    rest.close,
    options.gateway.attach(client),
    watchInteractions(client, {
      ...options,
      runner,
      answers: rest.answers,
      logger: logger('instrument'),
      others: new Map([['guildDelete', ([guild]) => recordDeparture(guild, options.record)]]),
    }),
  ];
  return {
    discordjs: versionOf(client),
    rest,
    caches: () => ({
      guilds: client.guilds.cache.size,
      channels: client.channels.cache.size,
      users: client.users.cache.size,
    }),
    close() {
      for (const stop of stops.splice(0).reverse()) stop();
    },
  };
}

function recordDeparture(guild: unknown, record: ClientWatchOptions['record']): void {
  const id = typeof guild === 'object' && guild !== null && 'id' in guild ? guild.id : null;
  if (typeof id === 'string') record({ type: 'guild_left', guildId: id });
}

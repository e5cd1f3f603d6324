import { setTimeout as sleep } from 'node:timers/promises';
import { Events, type Client } from 'discord.js';
import type { InvocationContext } from '../logging/context';
import type { Logger } from '../logging/logger';
import { createRunner } from '../pipeline/run';
import type { Settings } from '../settings';
import type { CommandMetrics } from '../telemetry/command-metrics';
import type { TelemetryEvent } from '../telemetry/event';
import { createClient } from './client';
import { watchCollectors } from './collectors';
import type { ReadModels } from './command';
import { loggerOf } from './command-context';
import { createCommandTable } from './commands';
import { createCooldowns } from './cooldowns';
import { failureReason } from './failure-reason';
import type { GatewayWatch } from './gateway';
import type { LoadedCommands } from './loader';
import { awaitDiscord, fetchOwnerIds, login } from './login';
import { registerCommands } from './registration';
import { watchRest, type RestWatch } from './rest/watch-rest';
import { createRouter } from './router';

/** The Discord side, put together: a client whose interactions go through the router into the pipeline. */

export interface BotOptions {
  readonly settings: Settings;
  readonly loaded: LoadedCommands;
  readonly gateway: GatewayWatch;
  readonly readModels: ReadModels;
  readonly commandMetrics: CommandMetrics;
  readonly record: (event: TelemetryEvent) => void;
  readonly context: InvocationContext;
  /** Gives the logger of that name. */
  readonly logger: (name: string) => Logger;
  readonly now: () => number;
  readonly monotonic: () => number;
  /** Seconds of a time, given in monotonic milliseconds, in which the event loop was blocked. */
  readonly blockedSecondsBetween: (from: number, to: number) => number;
  readonly newTraceId: () => string;
}

export interface Bot {
  /**
   * Logs in, and registers the commands. Waits for Discord while it is away.
   *
   * @throws LoginError where Discord refuses; nothing if the bot is stopped meanwhile.
   */
  connect(): Promise<void>;
  /** Entries in the client's caches, by cache. */
  caches(this: void): Readonly<Record<string, number>>;
  /** What is known of the requests to Discord, and of its clock. */
  readonly rest: Pick<RestWatch, 'clockOffsetSeconds' | 'invalidRequests'>;
  /** Takes no new command, and lets those in flight finish within the limit. The gateway stays open for them. */
  drain(limitSeconds: number): Promise<void>;
  /** Leaves Discord. */
  close(): Promise<void>;
}

const LEAVING_LIMIT_MS = 2000;

export function createBot(options: BotOptions): Bot {
  const { settings, loaded, gateway, now } = options;
  const { textPrefix } = settings.commands;
  const logger = options.logger('bot');
  const commands = createCommandTable(loaded);
  const client = createClient({
    settings: settings.discord,
    commands: commands.collection,
    gateway,
    logger: options.logger('discord'),
    record: options.record,
    text: commands.text.length === 0 ? null : { prefix: textPrefix },
  });
  const collectors = watchCollectors(client, options.context, options.record);
  const rest = watchRest(client.rest, {
    ...options,
    logger: options.logger('rest'),
    running: () => options.context.getStore() ?? null,
  });
  const runner = createRunner({
    ...options,
    logger: options.logger('pipeline'),
    classify: (error) => failureReason(error, rest.hasThrown),
    clockOffsetSeconds: rest.clockOffsetSeconds,
  });
  let owners: ReadonlySet<string> = new Set(settings.discord.ownerIds);
  const router = createRouter({
    ...options,
    commands,
    runner,
    answers: rest.answers,
    collectors,
    textPrefix,
    guards: { cooldowns: createCooldowns(now), isOwner: (userId) => owners.has(userId) },
    defaultTimeoutSeconds: settings.commands.timeoutSeconds,
  });
  const leaving = new AbortController();

  options.record(commands.loadedEvent);
  // From now on, so that their levels can be changed before their first line.
  for (const { name } of loaded.commands) options.logger(loggerOf(name));
  gateway.expect(() => shardIds(client));
  client.on(Events.InteractionCreate, (interaction) => {
    router.handle(interaction).catch((error: unknown) => {
      logger.error('An interaction could not be taken; nobody was answered.', { error });
    });
  });
  client.on(Events.MessageCreate, (message) => {
    router.hear(message).catch((error: unknown) => {
      logger.error('A message could not be taken; nobody was answered.', { error });
    });
  });
  client.on(Events.GuildDelete, ({ id }) => options.record({ type: 'guild_left', guildId: id }));
  client.once(Events.ClientReady, (ready) => {
    void introduce(ready);
  });

  async function introduce(ready: Client<true>): Promise<void> {
    logger.info(`Logged in as ${ready.user.tag}; servers: ${ready.guilds.cache.size}.`);
    if (owners.size === 0) owners = new Set(await fetchOwnerIds(ready, logger));
    await registerCommands({
      rest: ready.rest,
      applicationId: ready.application.id,
      guildIds: settings.commands.guildIds,
      commands: loaded.commands.map((command) => command.data),
      // Nor may a wrong directory cost every command its place.
      keepUnknown: loaded.failed.length > 0 || loaded.loaded === 0,
      logger,
    });
  }

  return {
    async connect() {
      const { token } = settings.discord;
      const { signal } = leaving;
      try {
        await awaitDiscord({
          rest: client.rest,
          token,
          logger,
          signal,
          sleep: (ms) => sleep(ms, undefined, { signal }),
        });
        await login(client, token);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
    caches: () => ({
      guilds: client.guilds.cache.size,
      channels: client.channels.cache.size,
      users: client.users.cache.size,
    }),
    rest,
    async drain(limitSeconds) {
      router.stop();
      gateway.leave();
      const waiting = runner.inFlight();
      if (waiting > 0) logger.info(`Waiting for ${waiting} commands in flight, at most ${limitSeconds} s.`);
      const ended = await runner.drain(limitSeconds * 1000);
      if (ended > 0) logger.warn(`${ended} commands did not finish in time and were ended.`);
    },
    async close() {
      leaving.abort();
      client.removeAllListeners(Events.ShardReconnecting); // It is emitted at the end too, when nothing reconnects.
      await Promise.race([client.destroy(), sleep(LEAVING_LIMIT_MS, undefined, { ref: false })]);
      rest.close();
      collectors.close();
    },
  };
}

/** Known once discord.js has asked the gateway how many there are to be. */
function shardIds({ options: { shards } }: Client): readonly number[] {
  return typeof shards === 'object' ? shards : [];
}

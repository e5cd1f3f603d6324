import { Client, Events, GatewayIntentBits, Options, type ClientOptions, type Collection } from 'discord.js';
import type { Logger } from '../logging/logger';
import type { Settings } from '../settings';
import type { CommandModule } from './command';
import type { GatewayWatch } from './gateway';

/** The discord.js client: what it asks of Discord, and how much it remembers. */

/** A client with the commands where the discord.js guide's own commands look for them. */
export type BotClient = Client & { commands: Collection<string, CommandModule> };

/** discord.js puts the version behind the base by itself. */
const restBase = (url: string): string => url.replace(/\/v\d+$/, '');

export function createClient(options: {
  readonly settings: Settings['discord'];
  readonly commands: Collection<string, CommandModule>;
  readonly gateway: GatewayWatch;
  readonly logger: Logger;
}): BotClient {
  const { settings, commands, gateway, logger } = options;
  const client = new Client({
    intents: [GatewayIntentBits.Guilds],
    ...(settings.apiUrl === null ? {} : { rest: { api: restBase(settings.apiUrl) } }),
    ws: { buildStrategy: gateway.buildStrategy },
    ...shardOptions(settings),
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      MessageManager: 50,
      GuildMemberManager: { maxSize: 200, keepOverLimit: (member) => member.id === member.client.user.id },
      UserManager: { maxSize: 1000, keepOverLimit: (user) => user.id === user.client.user.id },
    }),
  });
  client.on(Events.Error, (error) => logger.error('The Discord client reports an error.', { error }));
  client.on(Events.Warn, (message) => logger.warn(message));
  client.on(Events.ShardError, (error, shard) => logger.warn(`Shard ${shard}: ${error.message}`, { error }));
  client.on(Events.ShardDisconnect, ({ code }, shard) => {
    logger.error(`Shard ${shard} is closed for good (code ${code}): Discord does not take it back.`, {
      code,
    });
  });
  client.on(Events.ShardReconnecting, (shard) => logger.info(`Shard ${shard} is reconnecting.`));
  client.on(Events.ShardResume, (shard) => logger.info(`Shard ${shard} has resumed its session.`));
  client.on(Events.Debug, (message) => logger.debug(message));
  return Object.assign(client, { commands });
}

function shardOptions({ shards, shardIds, shardCount }: Settings['discord']): Partial<ClientOptions> {
  if (shardIds !== null && shardCount !== null) return { shards: shardIds, shardCount };
  if (shards === 'auto') return { shards }; // Left out, it would not be what Discord recommends, but one.
  // Said in full: of what is left out discord.js reads SHARDS and SHARD_COUNT itself, as the number of one shard.
  return { shards: Array.from({ length: shards }, (_, id) => id), shardCount: shards };
}

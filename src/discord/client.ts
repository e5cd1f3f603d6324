import {
  Client,
  Events,
  GatewayIntentBits,
  Options,
  Partials,
  type ClientOptions,
  type Collection,
} from 'discord.js';
import type { Logger } from '../logging/logger';
import type { Settings } from '../settings';
import type { TelemetryEvent } from '../telemetry/event';
import type { CommandModule } from './command';
import { guardDispatches } from './dispatch-guard';
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
  readonly record: (event: TelemetryEvent) => void;
  /** How commands can be called in messages; null: in no way. */
  readonly text: { readonly prefix: string | null } | null;
}): BotClient {
  const { settings, commands, gateway, logger, record, text } = options;
  const client = new Client({
    ...intentOptions(text),
    ...(settings.apiUrl === null ? {} : { rest: { api: restBase(settings.apiUrl) } }),
    ws: {
      buildStrategy(manager) {
        guardDispatches(manager, (error, event) => {
          logger.error('A dispatch could not be taken; the bot goes on without it.', {
            gateway_event: event,
            error,
          });
          record({ type: 'unhandled_error', kind: 'exception', error });
        });
        return gateway.buildStrategy(manager);
      },
    },
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

/**
 * A bot with slash commands alone needs to know of its servers and no more. Messages that mention it, and those in direct
 * messages, come with their content; for all others it takes an intent that has to be allowed for the application.
 */
function intentOptions(
  text: { readonly prefix: string | null } | null,
): Pick<ClientOptions, 'intents' | 'partials'> {
  if (text === null) return { intents: [GatewayIntentBits.Guilds] };
  return {
    intents: [
      GatewayIntentBits.Guilds,
      GatewayIntentBits.GuildMessages,
      GatewayIntentBits.DirectMessages,
      ...(text.prefix === null ? [] : [GatewayIntentBits.MessageContent]),
    ],
    partials: [Partials.Channel], // Direct messages come from channels that nobody has told of before.
  };
}

function shardOptions({ shards, shardIds, shardCount }: Settings['discord']): Partial<ClientOptions> {
  if (shardIds !== null && shardCount !== null) return { shards: shardIds, shardCount };
  if (shards === 'auto') return { shards }; // Left out, it would not be what Discord recommends, but one.
  // Said in full: of what is left out discord.js reads SHARDS and SHARD_COUNT itself, as the number of one shard.
  return { shards: Array.from({ length: shards }, (_, id) => id), shardCount: shards };
}

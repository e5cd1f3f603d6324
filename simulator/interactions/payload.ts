import { InteractionContextType } from 'discord-api-types/v10';
import type { JsonObject } from '../json';
import { apiChannel, apiMember, apiMessage, apiUser } from '../payloads';
import type { Person, World } from '../world';
import type { LiveExchange } from './exchange';
import type { Place } from './place';

const ATTACHMENT_SIZE_LIMIT = 10 * 1024 * 1024;

/** An interaction as the gateway sends it. */
export function interactionPayload(
  world: World,
  exchange: LiveExchange,
  place: Place,
  person: Person,
  locale: string,
  data: JsonObject,
): JsonObject {
  const { facts } = exchange;
  const { source } = facts;
  return {
    id: facts.id,
    application_id: world.bot.id,
    type: facts.type,
    token: facts.token,
    version: 1,
    data,
    locale,
    channel_id: place.channel.id,
    channel: { ...apiChannel(place.channel), permissions: person.permissions },
    app_permissions: world.bot.permissions,
    entitlements: [],
    attachment_size_limit: ATTACHMENT_SIZE_LIMIT,
    ...whereAndWho(place, person),
    ...(source === null ? {} : { message: apiMessage(source, world.bot.id) }),
  };
}

function whereAndWho({ guild }: Place, person: Person): JsonObject {
  if (guild === null) {
    return {
      context: InteractionContextType.BotDM,
      authorizing_integration_owners: { '0': '0' },
      user: apiUser(person),
    };
  }
  return {
    context: InteractionContextType.Guild,
    authorizing_integration_owners: { '0': guild.id },
    guild_id: guild.id,
    guild: { id: guild.id, locale: 'en-US', features: [] },
    guild_locale: 'en-US',
    member: { ...apiMember(person), user: apiUser(person) },
  };
}

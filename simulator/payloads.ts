import { MessageType } from 'discord-api-types/v10';
import type { Channel, Guild, Person, World } from './world';
import { MessageFlag, type StoredMessage } from './messages';

/** Records as Discord writes them in JSON. */

export type Json = Record<string, unknown>;

const TEXT_CHANNEL = 0;
const DIRECT_CHANNEL = 1;
const JOINED_AT = '2024-01-01T00:00:00.000000+00:00';

export function apiUser(person: Person): Json {
  return {
    id: person.id,
    username: person.name,
    discriminator: person.bot ? '0001' : '0',
    global_name: person.bot ? null : person.name,
    avatar: null,
    banner: null,
    accent_color: null,
    public_flags: 0,
    ...(person.bot ? { bot: true } : {}),
  };
}

/** A member without its user. */
export function apiMember(person: Person): Json {
  return {
    roles: [],
    nick: null,
    avatar: null,
    joined_at: JOINED_AT,
    premium_since: null,
    communication_disabled_until: null,
    deaf: false,
    mute: false,
    pending: false,
    flags: 0,
    permissions: person.permissions,
  };
}

export function apiChannel(channel: Channel): Json {
  const common = { id: channel.id, last_message_id: null, flags: 0 };
  if (channel.recipient !== null) {
    return { ...common, type: DIRECT_CHANNEL, recipients: [apiUser(channel.recipient)] };
  }
  return {
    ...common,
    type: TEXT_CHANNEL,
    guild_id: channel.guildId,
    name: channel.name,
    position: 0,
    permission_overwrites: [],
    nsfw: false,
    topic: null,
    rate_limit_per_user: 0,
    parent_id: null,
  };
}

export function apiRole(role: { readonly id: string; readonly name: string }, isEveryone: boolean): Json {
  return {
    id: role.id,
    name: role.name,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    icon: null,
    unicode_emoji: null,
    position: isEveryone ? 0 : 1,
    permissions: isEveryone ? '2248473465835073' : '0',
    managed: false,
    mentionable: !isEveryone,
    flags: 0,
  };
}

/** A server as `GET /guilds/:id` answers it. */
export function apiGuild(world: World, guild: Guild): Json {
  return {
    id: guild.id,
    name: guild.name,
    icon: null,
    owner_id: world.owner.id,
    roles: guild.roles.map((role) => apiRole(role, role.id === guild.id)),
    emojis: [],
    stickers: [],
    features: [],
    afk_timeout: 300,
    default_message_notifications: 0,
    explicit_content_filter: 0,
    mfa_level: 0,
    nsfw_level: 0,
    premium_tier: 0,
    preferred_locale: 'en-US',
    system_channel_flags: 0,
    verification_level: 0,
  };
}

/** A server as the gateway sends it after READY. */
export function apiAvailableGuild(world: World, guild: Guild): Json {
  return {
    ...apiGuild(world, guild),
    unavailable: false,
    large: guild.memberCount > 50,
    member_count: guild.memberCount,
    joined_at: JOINED_AT,
    members: [{ ...apiMember(world.bot), user: apiUser(world.bot) }],
    channels: guild.channels.map(apiChannel),
    threads: [],
    presences: [],
    voice_states: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}

export function apiApplication(world: World): Json {
  const { team } = world;
  return {
    id: world.bot.id,
    name: 'Simulated application',
    icon: null,
    description: '',
    bot_public: true,
    bot_require_code_grant: false,
    verify_key: '0'.repeat(64),
    flags: 0,
    approximate_guild_count: world.guilds.length,
    bot: apiUser(world.bot),
    owner:
      team === null
        ? apiUser(world.owner)
        : { ...apiUser(world.owner), id: team.id, username: `team${team.id}` },
    team: team === null ? null : apiTeam(team, world.owner.id),
  };
}

function apiTeam(team: NonNullable<World['team']>, ownerId: string): Json {
  const member = (user: Person): Json => ({
    user: apiUser(user),
    team_id: team.id,
    membership_state: 2,
    role: 'admin',
    permissions: ['*'],
  });
  return {
    id: team.id,
    name: team.name,
    icon: null,
    owner_user_id: ownerId,
    members: team.members.map(member),
  };
}

export function apiMessage(message: StoredMessage, applicationId: string): Json {
  const { origin } = message;
  return {
    id: message.id,
    type: messageType(message),
    channel_id: message.channelId,
    author: apiUser(message.author),
    content: message.content,
    timestamp: new Date(message.createdAt).toISOString(),
    edited_timestamp: message.editedAt === null ? null : new Date(message.editedAt).toISOString(),
    tts: false,
    mention_everyone: message.mentionEveryone,
    mentions: message.mentions.map(apiUser),
    mention_roles: message.mentionRoles,
    attachments: message.attachments,
    embeds: message.embeds,
    components: message.components,
    pinned: false,
    flags: message.flags | (message.ephemeral ? MessageFlag.ephemeral : 0),
    ...(message.nonce === null ? {} : { nonce: message.nonce }),
    ...(message.replyTo === null ? {} : apiReference(message, message.replyTo)),
    ...(origin === null ? {} : { application_id: applicationId, webhook_id: applicationId }),
    ...(origin === null ? {} : apiOrigin(origin, message.guildId)),
  };
}

function messageType(message: StoredMessage): MessageType {
  if (message.replyTo !== null) return MessageType.Reply;
  return message.origin?.commandName == null ? MessageType.Default : MessageType.ChatInputCommand;
}

function apiReference(message: StoredMessage, repliedId: string): Json {
  const guild = message.guildId === null ? {} : { guild_id: message.guildId };
  return {
    message_reference: { type: 0, channel_id: message.channelId, message_id: repliedId, ...guild },
  };
}

function apiOrigin(origin: NonNullable<StoredMessage['origin']>, guildId: string | null): Json {
  const user = apiUser(origin.user);
  const owners = { '0': guildId ?? '0' };
  return {
    interaction_metadata: { id: origin.id, type: origin.type, user, authorizing_integration_owners: owners },
    ...(origin.commandName === null
      ? {}
      : { interaction: { id: origin.id, type: origin.type, name: origin.commandName, user } }),
  };
}

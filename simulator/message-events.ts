import { ChannelType, GatewayIntentBits } from 'discord-api-types/v10';
import type { Gateway } from './gateway/gateway';
import type { MessageChange, StoredMessage } from './messages';
import { apiMember, apiMessage, apiUser, type Json } from './payloads';
import type { World } from './world';

/** Tells the sessions that have asked for it of a change to a message that everyone sees. */
export function announceMessage(
  change: MessageChange,
  message: StoredMessage,
  world: World,
  gateway: Gateway,
): void {
  if (message.onlyFor !== null) return;
  const inGuild = message.guildId !== null;
  const wanted = inGuild ? GatewayIntentBits.GuildMessages : GatewayIntentBits.DirectMessages;
  const audience = gateway.audience(message.guildId, wanted);
  if (audience.length === 0) return;
  const place = inGuild ? { guild_id: message.guildId } : {};
  if (change === 'MESSAGE_DELETE') {
    const gone = { id: message.id, channel_id: message.channelId, ...place };
    for (const session of audience) session.dispatch(change, gone);
    return;
  }
  const member = inGuild ? { member: apiMember(message.author) } : {};
  const mentions = message.mentions.map((person) => ({
    ...apiUser(person),
    ...(inGuild ? { member: apiMember(person) } : {}),
  }));
  const channel_type = inGuild ? ChannelType.GuildText : ChannelType.DM;
  const whole = { ...apiMessage(message, world.bot.id), ...place, ...member, mentions, channel_type };
  for (const session of audience) {
    const readable = (session.intents & GatewayIntentBits.MessageContent) !== 0 || isOpen(message, world);
    session.dispatch(change, readable ? whole : withoutContent(whole));
  }
}

/** Content that needs no intent: the bot's own, direct messages, and what mentions the bot. */
function isOpen(message: StoredMessage, world: World): boolean {
  return message.guildId === null || message.author === world.bot || message.mentions.includes(world.bot);
}

function withoutContent(message: Json): Json {
  return { ...message, content: '', embeds: [], attachments: [], components: [] };
}

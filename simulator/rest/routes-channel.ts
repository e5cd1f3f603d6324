import type { Backend } from '../backend';
import { asRecord, asText, type JsonObject } from '../json';
import type { StoredMessage } from '../messages';
import { apiChannel, apiGuild, apiMember, apiMessage, apiUser } from '../payloads';
import type { Channel, Guild } from '../world';
import { notTheAuthor, unknownChannel, unknownGuild, unknownMessage, unknownUser } from './errors';
import { readEdit, readNewMessage } from './message-body';
import { noContent, ok, route } from './route';

const MESSAGE = '/channels/:channelId/messages/:messageId';

/** What a bot does with its own token: channels, their messages, and servers. */
export const channelRoutes = [
  route('GET', '/channels/:channelId', ({ params }, backend) =>
    ok(apiChannel(channelOf(params.channelId, backend))),
  ),
  route('POST', '/channels/:channelId/typing', ({ params }, backend) => {
    channelOf(params.channelId, backend);
    return noContent;
  }),
  route('GET', '/channels/:channelId/messages', ({ params, query }, backend) => {
    const channel = channelOf(params.channelId, backend);
    const open = backend.messages.list(channel.id).filter((message) => message.onlyFor === null);
    const newest = open.slice(-Number(query.get('limit') ?? 50)).reverse();
    return ok(newest.map((message) => toApi(message, backend)));
  }),
  route('POST', '/channels/:channelId/messages', (call, backend) => {
    const channel = channelOf(call.params.channelId, backend);
    const body = asRecord(call.body);
    const request = { body, files: call.files, path: [] };
    const content = readNewMessage(request, backend.world, backend.attachments);
    const message = backend.messages.create(channel, {
      ...content,
      author: backend.world.bot,
      replyTo: repliedTo(body, channel, backend),
      nonce: asText(body.nonce) ?? null,
    });
    return ok(toApi(message, backend));
  }),
  route('GET', MESSAGE, ({ params }, backend) =>
    ok(toApi(messageOf(params.channelId, params.messageId, backend), backend)),
  ),
  route('PATCH', MESSAGE, (call, backend) => {
    const message = messageOf(call.params.channelId, call.params.messageId, backend);
    if (message.author !== backend.world.bot) throw notTheAuthor();
    const request = { body: asRecord(call.body), files: call.files, path: [] };
    backend.messages.edit(message, readEdit(request, message, backend.world, backend.attachments));
    return ok(toApi(message, backend));
  }),
  route('DELETE', MESSAGE, ({ params }, backend) => {
    backend.messages.delete(messageOf(params.channelId, params.messageId, backend));
    return noContent;
  }),
  route('PUT', `${MESSAGE}/reactions/:emoji/@me`, ({ params }, backend) => {
    messageOf(params.channelId, params.messageId, backend);
    return noContent;
  }),
  route('POST', '/users/@me/channels', (call, backend) => {
    const person = backend.world.personById(asText(asRecord(call.body).recipient_id) ?? '');
    if (person === undefined) throw unknownUser();
    return ok(apiChannel(backend.world.directChannel(person)));
  }),
  route('GET', '/guilds/:guildId', ({ params, query }, backend) => {
    const guild = guildOf(params.guildId, backend);
    const counts = { approximate_member_count: guild.memberCount, approximate_presence_count: 1 };
    return ok({ ...apiGuild(backend.world, guild), ...(query.get('with_counts') === 'true' ? counts : {}) });
  }),
  route('GET', '/guilds/:guildId/channels', ({ params }, backend) =>
    ok(guildOf(params.guildId, backend).channels.map(apiChannel)),
  ),
  route('GET', '/guilds/:guildId/members/:userId', ({ params }, backend) => {
    guildOf(params.guildId, backend);
    const person = backend.world.personById(params.userId);
    if (person === undefined) throw unknownUser();
    return ok({ ...apiMember(person), user: apiUser(person) });
  }),
];

const toApi = (message: StoredMessage, backend: Backend): JsonObject =>
  apiMessage(message, backend.world.bot.id);

function channelOf(id: string, backend: Backend): Channel {
  const channel = backend.world.channel(id);
  if (channel === undefined) throw unknownChannel();
  return channel;
}

function guildOf(id: string, backend: Backend): Guild {
  const guild = backend.world.guild(id);
  if (guild === undefined) throw unknownGuild();
  return guild;
}

/** Ephemeral messages are not there for a bot's token. */
function messageOf(channelId: string, id: string, backend: Backend): StoredMessage {
  const message = backend.messages.find(channelOf(channelId, backend).id, id);
  if (message?.onlyFor !== null) throw unknownMessage();
  return message;
}

function repliedTo(body: JsonObject, channel: Channel, backend: Backend): string | null {
  const reference = asRecord(body.message_reference);
  const id = asText(reference.message_id);
  if (id === undefined) return null;
  if (backend.messages.find(channel.id, id) !== undefined) return id;
  if (reference.fail_if_not_exists === false) return null;
  throw unknownMessage();
}

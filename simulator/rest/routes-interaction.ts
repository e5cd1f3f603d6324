import type { Backend } from '../backend';
import { asRecord, type JsonObject } from '../json';
import { MessageFlag, type StoredMessage } from '../messages';
import { apiMessage } from '../payloads';
import { reply, takeCallback } from './callback';
import type { LiveExchange } from '../interactions/exchange';
import { deadToken, unknownInteraction, unknownMessage, unknownWebhook } from './errors';
import { isEphemeral, readEdit, readNewMessage } from './message-body';
import { noContent, ok, route, type Answer, type Call } from './route';

const MESSAGE = '/webhooks/:applicationId/:token/messages/:messageId';

interface WebhookParams {
  readonly applicationId: string;
  readonly token: string;
}

/** What a bot does with an interaction's own token. */
export const interactionRoutes = [
  route(
    'POST',
    '/interactions/:interactionId/:token/callback',
    (call, backend) => {
      const exchange = backend.exchanges.find(call.params.token);
      if (exchange?.id !== call.params.interactionId) throw unknownInteraction();
      takeCallback(call, exchange, backend);
      return call.query.get('with_response') === 'true'
        ? callbackResource(call, exchange, backend)
        : noContent;
    },
    'none',
  ),
  route(
    'POST',
    '/webhooks/:applicationId/:token',
    (call, backend) => ok(toApi(followUp(call, exchangeOf(call.params, backend), backend), backend)),
    'none',
  ),
  route(
    'GET',
    MESSAGE,
    ({ params }, backend) =>
      ok(toApi(messageOf(params.messageId, exchangeOf(params, backend), backend), backend)),
    'none',
  ),
  route(
    'PATCH',
    MESSAGE,
    (call, backend) => {
      const exchange = exchangeOf(call.params, backend);
      const message = messageOf(call.params.messageId, exchange, backend);
      edit(call, message, exchange, backend);
      return ok(toApi(message, backend));
    },
    'none',
  ),
  route(
    'DELETE',
    MESSAGE,
    ({ params }, backend) => {
      const exchange = exchangeOf(params, backend);
      const message = messageOf(params.messageId, exchange, backend);
      backend.messages.delete(message);
      if (exchange.phase.kind === 'thinking') exchange.become({ kind: 'answered' });
      exchange.touch();
      return noContent;
    },
    'none',
  ),
];

const toApi = (message: StoredMessage, backend: Backend): JsonObject =>
  apiMessage(message, backend.world.bot.id);

/** The interaction whose token this is, if it can be answered further. */
function exchangeOf(params: WebhookParams, backend: Backend): LiveExchange {
  if (params.applicationId !== backend.world.bot.id) throw unknownWebhook();
  const exchange = backend.exchanges.find(params.token);
  if (exchange === undefined || backend.exchanges.isDead(exchange)) throw deadToken();
  const { kind } = exchange.phase;
  if (kind === 'waiting' || kind === 'did_not_respond') throw unknownWebhook();
  return exchange;
}

function messageOf(id: string, exchange: LiveExchange, backend: Backend): StoredMessage {
  const message = id === '@original' ? exchange.original : backend.messages.find(exchange.channelId, id);
  if (message === undefined || message === null || message.deleted) throw unknownMessage();
  if (message !== exchange.original && message.origin?.id !== exchange.id) throw unknownMessage();
  return message;
}

/** The first one after a deferral takes the place of "thinking…", and keeps its ephemerality. */
function followUp(call: Call, exchange: LiveExchange, backend: Backend): StoredMessage {
  const { world, attachments } = backend;
  const body = asRecord(call.body);
  const content = readNewMessage({ body, files: call.files, path: [] }, world, attachments);
  const placeholder = exchange.original;
  if (exchange.phase.kind !== 'thinking' || placeholder === null || placeholder.deleted) {
    return reply(exchange, content, isEphemeral(body), backend);
  }
  backend.messages.edit(placeholder, content);
  exchange.become({ kind: 'answered' });
  return placeholder;
}

function edit(call: Call, message: StoredMessage, exchange: LiveExchange, backend: Backend): void {
  const { world, attachments, messages } = backend;
  const request = { body: asRecord(call.body), files: call.files, path: [] };
  messages.edit(message, readEdit(request, message, world, attachments));
  exchange.show(message);
  const isOriginal = message === exchange.original;
  const { kind } = exchange.phase;
  if (isOriginal && (kind === 'thinking' || kind === 'acknowledged')) exchange.become({ kind: 'answered' });
}

function callbackResource(call: Call, exchange: LiveExchange, backend: Backend): Answer {
  const { original, facts } = exchange;
  const flags = original?.flags ?? 0;
  const about =
    original === null
      ? {}
      : {
          response_message_id: original.id,
          response_message_loading: (flags & MessageFlag.loading) !== 0,
          response_message_ephemeral: original.ephemeral,
        };
  return ok({
    interaction: { id: facts.id, type: facts.type, ...about },
    resource: {
      type: asRecord(call.body).type,
      ...(original === null ? {} : { message: toApi(original, backend) }),
    },
  });
}

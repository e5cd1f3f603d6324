import {
  InteractionResponseType as Reply,
  InteractionType,
  type APIApplicationCommandOptionChoice,
  type APIModalInteractionResponseCallbackData,
} from 'discord-api-types/v10';
import type { Backend } from '../backend';
import { asArray, asNumber, asRecord, type JsonObject } from '../json';
import { MessageFlag, type MessageContent } from '../messages';
import { ApiError, alreadyAcknowledged, unknownInteraction } from './errors';
import { isEphemeral, readEdit, readNewMessage } from './message-body';
import { Problems, invalidForm } from './problems';
import type { Call } from './route';
import { validateModal } from './validate-components';
import type { LiveExchange } from '../interactions/exchange';

/** Takes the first answer to an interaction, and notes how it went. Throws what Discord refuses it with. */
export function takeCallback(call: Call, exchange: LiveExchange, backend: Backend): void {
  const type = asNumber(asRecord(call.body).type) ?? 0;
  const attempt = { type, at: backend.world.now() };
  try {
    assertAnswerable(exchange, backend);
    assertFitting(exchange, type);
    apply(call, exchange, type, backend);
    exchange.attempted({ ...attempt, status: 200, code: null });
  } catch (error) {
    if (error instanceof ApiError) exchange.attempted({ ...attempt, status: error.status, code: error.code });
    throw error;
  }
}

function assertAnswerable(exchange: LiveExchange, backend: Backend): void {
  const { kind } = exchange.phase;
  if (kind !== 'waiting' && kind !== 'did_not_respond') throw alreadyAcknowledged();
  if (!backend.exchanges.isLate(exchange)) return;
  exchange.expire();
  throw unknownInteraction();
}

/** Deprecated, and still accepted. */
const PREMIUM_REQUIRED = 10;
const FOR_ALL_BUT_AUTOCOMPLETE: readonly number[] = [
  Reply.ChannelMessageWithSource,
  Reply.DeferredChannelMessageWithSource,
  PREMIUM_REQUIRED,
  Reply.LaunchActivity,
];
const FOR_COMPONENTS: readonly number[] = [Reply.DeferredMessageUpdate, Reply.UpdateMessage];

/** Not every answer fits every interaction: 50035 if not. */
function assertFitting(exchange: LiveExchange, type: number): asserts type is Reply {
  const allowed = fittingReplies(exchange);
  if (allowed.includes(type)) return;
  const message = `Value must be one of {${allowed.join(', ')}}.`;
  throw invalidForm(['type'], 'BASE_TYPE_CHOICES', message);
}

function fittingReplies({ facts }: LiveExchange): readonly number[] {
  if (facts.type === InteractionType.ApplicationCommandAutocomplete) {
    return [Reply.ApplicationCommandAutocompleteResult];
  }
  const forComponents = facts.source === null ? [] : FOR_COMPONENTS;
  const modal = facts.type === InteractionType.ModalSubmit ? [] : [Reply.Modal];
  return [...FOR_ALL_BUT_AUTOCOMPLETE, ...forComponents, ...modal];
}

function apply(call: Call, exchange: LiveExchange, type: Reply, backend: Backend): void {
  const data = asRecord(asRecord(call.body).data);
  const request = { body: data, files: call.files, path: ['data'] };
  const { world, attachments } = backend;
  switch (type) {
    case Reply.ChannelMessageWithSource:
      reply(exchange, readNewMessage(request, world, attachments), isEphemeral(data), backend);
      return exchange.become({ kind: 'answered' });
    case Reply.DeferredChannelMessageWithSource:
      reply(exchange, { flags: MessageFlag.loading }, isEphemeral(data), backend);
      return exchange.become({ kind: 'thinking', ephemeral: isEphemeral(data) });
    case Reply.DeferredMessageUpdate:
      exchange.original = exchange.facts.source;
      return exchange.become({ kind: 'acknowledged' });
    case Reply.UpdateMessage: {
      const { source } = exchange.facts;
      if (source === null) return;
      backend.messages.edit(source, readEdit(request, source, world, attachments));
      exchange.original = source;
      exchange.show(source);
      return exchange.become({ kind: 'answered' });
    }
    case Reply.ApplicationCommandAutocompleteResult:
      return exchange.become({ kind: 'choices', choices: readChoices(data) });
    case Reply.Modal:
      return exchange.become({ kind: 'modal', modal: readModal(data) });
    default:
      return exchange.become({ kind: 'acknowledged' });
  }
}

/** Puts a message of this interaction's into its channel. */
export function reply(
  exchange: LiveExchange,
  content: Partial<MessageContent>,
  ephemeral: boolean,
  backend: Backend,
) {
  const { facts } = exchange;
  const person = backend.world.personById(facts.user.id) ?? backend.world.owner;
  const message = backend.messages.create(facts.channel, {
    ...content,
    author: backend.world.bot,
    onlyFor: ephemeral ? facts.user.id : null,
    origin: { id: facts.id, type: facts.type, user: person, commandName: facts.commandName },
  });
  exchange.original ??= message;
  exchange.show(message);
  return message;
}

const MAX_CHOICES = 25;

function readChoices(data: JsonObject): readonly APIApplicationCommandOptionChoice[] {
  const choices = asArray(data.choices).map(asRecord);
  const problems = new Problems();
  problems.length(choices.length, ['data', 'choices'], 0, MAX_CHOICES);
  choices.forEach((choice, index) => {
    const at = ['data', 'choices', index];
    problems.text(choice.name, [...at, 'name'], 1, 100);
    if (choice.value === undefined || choice.value === null) problems.required([...at, 'value']);
    if (typeof choice.value === 'string') problems.length(choice.value.length, [...at, 'value'], 1, 100);
  });
  problems.throwIfAny();
  // Validated above: it has what the type promises.
  return choices as unknown as readonly APIApplicationCommandOptionChoice[];
}

function readModal(data: JsonObject): APIModalInteractionResponseCallbackData {
  const problems = new Problems();
  validateModal(data, ['data'], problems);
  problems.throwIfAny();
  // Validated above: it has what the type promises.
  return data as unknown as APIModalInteractionResponseCallbackData;
}

import { ApplicationCommandType, InteractionType } from 'discord-api-types/v10';
import type { Backend } from './backend';
import { autocompleteData, scopeOf, typedCommandData } from './interactions/command-data';
import { pressData, selectData } from './interactions/component-data';
import { LiveExchange } from './interactions/exchange';
import { modalData } from './interactions/modal-data';
import { interactionPayload } from './interactions/payload';
import { findPlace, placeOf, type Place } from './interactions/place';
import { Resolved } from './interactions/resolved';
import type { ValueContext } from './interactions/values';
import type { JsonObject } from './json';
import type { StoredMessage } from './messages';
import { readMentions } from './rest/mentions';
import type {
  Exchange,
  PlaceOptions,
  RawInvocation,
  SayOptions,
  SimulatedMessage,
  SimulatedUser,
  TypeOptions,
} from './types';
import type { Person } from './world';

interface Act {
  readonly type: InteractionType;
  readonly data: JsonObject;
  readonly place: Place;
  readonly options: PlaceOptions;
  readonly commandName?: string;
  readonly source?: StoredMessage | null;
}

/** A person who uses Discord: everything they do becomes an event at the gateway. */
export class ActingUser implements SimulatedUser {
  readonly #person: Person;
  readonly #backend: Backend;

  constructor(person: Person, backend: Backend) {
    this.#person = person;
    this.#backend = backend;
  }

  get id(): string {
    return this.#person.id;
  }

  get name(): string {
    return this.#person.name;
  }

  get locale(): string {
    return this.#person.locale;
  }

  type(line: string, options: TypeOptions = {}): Exchange {
    const context = this.#context(options);
    const commands = this.#backend.commands.available(context.place.guild?.id ?? null);
    const data = typedCommandData(line, commands, context);
    return this.#command(InteractionType.ApplicationCommand, data, context.place, options);
  }

  complete(line: string, options: TypeOptions = {}): Exchange {
    const context = this.#context(options);
    const commands = this.#backend.commands.available(context.place.guild?.id ?? null);
    const data = autocompleteData(line, commands, context);
    return this.#command(InteractionType.ApplicationCommandAutocomplete, data, context.place, options);
  }

  invoke(command: RawInvocation, options: PlaceOptions = {}): Exchange {
    const place = this.#place(options);
    const known = this.#backend.commands.available(place.guild?.id ?? null);
    const id = known.find((one) => one.name === command.name)?.id ?? this.#backend.world.newId();
    const data = { id, type: 1, ...command };
    return this.#command(InteractionType.ApplicationCommand, data, place, options);
  }

  menu(
    name: string,
    options: PlaceOptions & { readonly target: SimulatedUser | SimulatedMessage },
  ): Exchange {
    const { world, commands } = this.#backend;
    const { target } = options;
    const message = 'channelId' in target ? this.#stored(target) : null;
    const place = message === null ? this.#place(options) : this.#placeOf(message);
    const type = message === null ? ApplicationCommandType.User : ApplicationCommandType.Message;
    const available = commands.available(place.guild?.id ?? null).filter((one) => one.type === type);
    const command = available.find((one) => one.name === name);
    if (command === undefined) {
      const known = available.map((one) => one.name).join(', ');
      throw new Error(`No context menu command "${name}" is registered here. There are: ${known || 'none'}.`);
    }
    const resolved = new Resolved(world);
    if (message !== null) resolved.addMessage(message);
    else resolved.addUser(world.personById(target.id) ?? this.#person, place.guild !== null);
    const data = {
      id: command.id,
      name,
      type,
      ...scopeOf(command),
      target_id: target.id,
      ...resolved.toJson(),
    };
    return this.#command(InteractionType.ApplicationCommand, data, place, options);
  }

  press(message: SimulatedMessage, customId: string, options: PlaceOptions = {}): Exchange {
    const source = this.#stored(message);
    const data = pressData({ message: source, customId, person: this.#person });
    const place = this.#placeOf(source);
    return this.#act({ type: InteractionType.MessageComponent, data, place, options, source });
  }

  select(
    message: SimulatedMessage,
    customId: string,
    values: readonly string[],
    options: PlaceOptions = {},
  ): Exchange {
    const source = this.#stored(message);
    const place = this.#placeOf(source);
    const use = { message: source, customId, person: this.#person };
    const data = selectData(use, values, place, this.#backend.world);
    return this.#act({ type: InteractionType.MessageComponent, data, place, options, source });
  }

  submit(exchange: Exchange, fields: Readonly<Record<string, string>>, options: PlaceOptions = {}): Exchange {
    if (!(exchange instanceof LiveExchange) || exchange.modal === null) {
      throw new Error(`There is no modal to submit: the exchange is ${exchange.state.kind}.`);
    }
    const { channel, source } = exchange.facts;
    const data = modalData({ ...exchange.modal }, fields);
    const place = placeOf(channel, this.#backend.world);
    return this.#act({ type: InteractionType.ModalSubmit, data, place, options, source });
  }

  say(text: string, options: SayOptions = {}): SimulatedMessage {
    const { world, messages } = this.#backend;
    const { replyTo } = options;
    const channel =
      replyTo === undefined ? this.#place(options).channel : this.#placeOf(this.#stored(replyTo)).channel;
    const content = text.replaceAll(/@bot\b/g, `<@${world.bot.id}>`);
    const mentioned = readMentions(content, undefined, world);
    const pinged = replyTo === undefined ? undefined : world.personById(replyTo.author.id);
    const mentions = [...new Set([...mentioned.mentions, ...(pinged === undefined ? [] : [pinged])])];
    const draft = { ...mentioned, author: this.#person, content, mentions, replyTo: replyTo?.id ?? null };
    const attachments = Object.entries(options.files ?? {}).map(([name, data]) =>
      this.#backend.attachments.save({
        name,
        contentType: 'application/octet-stream',
        bytes: Buffer.from(data),
      }),
    );
    return messages.create(channel, { ...draft, attachments });
  }

  #command(
    type: InteractionType,
    data: JsonObject & { readonly name?: unknown },
    place: Place,
    options: PlaceOptions,
  ): Exchange {
    return this.#act({ type, data, place, options, commandName: String(data.name) });
  }

  #act({ type, data, place, options, commandName, source }: Act): Exchange {
    const { world, exchanges, dispatch } = this.#backend;
    const about = { type, user: this, channel: place.channel };
    const exchange = exchanges.open(
      { ...about, commandName: commandName ?? null, source: source ?? null },
      options.createdAt,
    );
    const locale = options.locale ?? this.locale;
    const payload = interactionPayload(world, exchange, place, this.#person, locale, data);
    dispatch('INTERACTION_CREATE', payload, place.guild?.id ?? null);
    return exchange;
  }

  #place(options: PlaceOptions): Place {
    return findPlace(options, this.#person, this.#backend.world);
  }

  #context(options: TypeOptions): ValueContext {
    const { world, attachments } = this.#backend;
    const place = this.#place(options);
    const resolved = new Resolved(world);
    return { world, attachments, place, resolved, person: this.#person, files: options.files ?? {} };
  }

  #stored(message: SimulatedMessage): StoredMessage {
    const stored = this.#backend.messages.find(message.channelId, message.id);
    if (stored === undefined) throw new Error(`The message ${message.id} is not there any more.`);
    return stored;
  }

  #placeOf(message: StoredMessage): Place {
    const channel = this.#backend.world.channel(message.channelId);
    if (channel === undefined) throw new Error(`There is no channel ${message.channelId}.`);
    return placeOf(channel, this.#backend.world);
  }
}

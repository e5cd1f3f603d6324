import type { APIAttachment } from 'discord-api-types/v10';
import type { StoredMessage } from '../messages';
import { apiChannel, apiMember, apiMessage, apiRole, apiUser, type Json } from '../payloads';
import type { Channel, Person, Role, World } from '../world';

/** The whole of what an interaction mentions by id. */
export class Resolved {
  readonly #world: World;
  readonly #kinds: Record<string, Record<string, unknown>> = {};

  constructor(world: World) {
    this.#world = world;
  }

  addUser(person: Person, inGuild: boolean): void {
    this.#add('users', person.id, apiUser(person));
    if (inGuild) this.#add('members', person.id, apiMember(person));
  }

  addRole(role: Role): void {
    this.#add('roles', role.id, apiRole(role, role.name === '@everyone'));
  }

  addChannel(channel: Channel, person: Person): void {
    this.#add('channels', channel.id, { ...apiChannel(channel), permissions: person.permissions });
  }

  addMessage(message: StoredMessage): void {
    this.#add('messages', message.id, apiMessage(message, this.#world.bot.id));
  }

  addAttachment(attachment: APIAttachment): void {
    this.#add('attachments', attachment.id, attachment);
  }

  /** `{ resolved }`, or nothing if nothing was mentioned. */
  toJson(): Json {
    return Object.keys(this.#kinds).length === 0 ? {} : { resolved: this.#kinds };
  }

  #add(kind: string, id: string, value: unknown): void {
    (this.#kinds[kind] ??= {})[id] = value;
  }
}

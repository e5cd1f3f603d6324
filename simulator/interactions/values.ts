import {
  ApplicationCommandOptionType as OptionType,
  type APIApplicationCommandBasicOption,
} from 'discord-api-types/v10';
import type { Attachments } from '../attachments';
import { asArray, asNumber, asRecord, type JsonObject } from '../json';
import type { Person, World } from '../world';
import type { Place } from './place';
import type { Resolved } from './resolved';

export interface ValueContext {
  readonly world: World;
  readonly place: Place;
  readonly person: Person;
  readonly resolved: Resolved;
  readonly attachments: Attachments;
  readonly files: Readonly<Record<string, string | Uint8Array>>;
}

/** What a typed text stands for, as Discord's client would send it. Throws what it would not let one send. */
export function readValue(
  definition: APIApplicationCommandBasicOption,
  text: string,
  context: ValueContext,
): string | number | boolean {
  const choice = chosen(definition, text);
  if (choice !== undefined) return choice;
  switch (definition.type) {
    case OptionType.String:
      return inLength(text, { ...definition });
    case OptionType.Integer:
    case OptionType.Number:
      return inRange(readNumber(text, definition.type === OptionType.Integer), { ...definition });
    case OptionType.Boolean:
      if (text !== 'true' && text !== 'false') throw new Error(`"${text}" is neither true nor false.`);
      return text === 'true';
    case OptionType.Attachment:
      return attach(text, context);
    case OptionType.User:
    case OptionType.Role:
    case OptionType.Channel:
    case OptionType.Mentionable:
      return mention(definition.type, text, context);
  }
}

function chosen(definition: APIApplicationCommandBasicOption, text: string): string | number | undefined {
  const choices = 'choices' in definition ? asArray(definition.choices).map(asRecord) : [];
  if (choices.length === 0) return undefined;
  const choice = choices.find((one) => one.name === text || String(one.value) === text);
  const value = choice?.value;
  if (typeof value === 'string' || typeof value === 'number') return value;
  throw new Error(`"${text}" is not one of ${choices.map((one) => String(one.name)).join(', ')}.`);
}

function inLength(text: string, limits: JsonObject): string {
  const [min, max] = [asNumber(limits.min_length) ?? 0, asNumber(limits.max_length) ?? 6_000];
  if (text.length >= min && text.length <= max) return text;
  throw new Error(`"${text}" must have ${min} to ${max} characters.`);
}

function readNumber(text: string, whole: boolean): number {
  const value = Number(text);
  if (text === '' || !Number.isFinite(value) || (whole && !Number.isSafeInteger(value))) {
    throw new Error(`"${text}" is not ${whole ? 'a whole number' : 'a number'}.`);
  }
  return value;
}

function inRange(value: number, limits: JsonObject): number {
  const [min, max] = [asNumber(limits.min_value) ?? -Infinity, asNumber(limits.max_value) ?? Infinity];
  if (value >= min && value <= max) return value;
  throw new Error(`${value} must be between ${min} and ${max}.`);
}

function attach(name: string, { attachments, resolved, files }: ValueContext): string {
  const content = files[name] ?? '';
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const attachment = attachments.save({ name, contentType: 'application/octet-stream', bytes });
  resolved.addAttachment(attachment);
  return attachment.id;
}

type Mentionable = OptionType.User | OptionType.Role | OptionType.Channel | OptionType.Mentionable;

function mention(type: Mentionable, text: string, context: ValueContext): string {
  const { world, place, person, resolved } = context;
  const name = text.replace(/^<(?:@!?|@&|#)(\d+)>$/, '$1').replace(/^[@#]/, '');
  const isMeant = (one: { readonly id: string; readonly name: string }): boolean =>
    one.id === name || one.name === name || one.name === text;
  if (type === OptionType.Channel) {
    const channel = place.guild?.channels.find(isMeant);
    if (channel === undefined) throw new Error(`There is no channel "${text}" here.`);
    resolved.addChannel(channel, person);
    return channel.id;
  }
  const role = type === OptionType.User ? undefined : place.guild?.roles.find(isMeant);
  if (role !== undefined) {
    resolved.addRole(role);
    return role.id;
  }
  const user = type === OptionType.Role ? undefined : world.people().find(isMeant);
  if (user === undefined) throw new Error(`There is nobody and nothing called "${text}" here.`);
  resolved.addUser(user, place.guild !== null);
  return user.id;
}

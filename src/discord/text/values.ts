import {
  ApplicationCommandOptionType as Type,
  type APIApplicationCommandBasicOption as Definition,
  type CommandInteractionOption,
  type Message,
} from 'discord.js';
import type { Messages } from '../messages';
import { namesOf } from './arguments';

/** What was written for an option, read as what the option is to be. */

type Found = Omit<CommandInteractionOption, 'name' | 'type'>;

export type Read =
  | { readonly kind: 'value'; readonly found: Found }
  /** It is not what it should be, which is said here. */
  | { readonly kind: 'wrong'; readonly expected: string };

/** Reads one value. Whom or what it mentions is looked for in the message and in what is known of the server. */
export function readValue(
  definition: Definition,
  written: string,
  message: Message,
  messages: Messages,
): Read {
  const { expected } = messages.text;
  switch (definition.type) {
    case Type.String:
      return textValue(definition, written, expected);
    case Type.Integer:
    case Type.Number:
      return numberValue(definition, written, expected);
    case Type.Boolean: {
      const value = YES.has(written.toLowerCase()) ? true : NO.has(written.toLowerCase()) ? false : null;
      return value === null ? wrong(expected.boolean) : { kind: 'value', found: { value } };
    }
    case Type.User:
      return userValue(written, message) ?? wrong(expected.user);
    case Type.Role:
      return roleValue(written, message) ?? wrong(expected.role);
    case Type.Mentionable:
      return userValue(written, message) ?? roleValue(written, message) ?? wrong(expected.mentionable);
    case Type.Channel:
      return channelValue(definition.channel_types, written, message) ?? wrong(expected.channel);
    case Type.Attachment:
      return wrong(expected.attachment);
  }
}

const YES: ReadonlySet<string> = new Set(['true', 'yes', 'on', 'y', '1', '예', '네']);
const NO: ReadonlySet<string> = new Set(['false', 'no', 'off', 'n', '0', '아니요', '아니오']);

const wrong = (expected: string): Read => ({ kind: 'wrong', expected });

type Expected = Messages['text']['expected'];
type Of<T extends Type> = Extract<Definition, { readonly type: T }>;

function textValue(definition: Of<Type.String>, written: string, expected: Expected): Read {
  const chosen = choiceOf(definition, written);
  if (chosen !== null)
    return typeof chosen === 'string' ? wrong(expected.choice(choicesOf(definition))) : chosen;
  const shortest = ('min_length' in definition ? definition.min_length : undefined) ?? null;
  const longest = ('max_length' in definition ? definition.max_length : undefined) ?? null;
  const fits = written.length >= (shortest ?? 0) && written.length <= (longest ?? Infinity);
  return fits ? { kind: 'value', found: { value: written } } : wrong(expected.text(shortest, longest));
}

function numberValue(
  definition: Of<Type.Integer> | Of<Type.Number>,
  written: string,
  expected: Expected,
): Read {
  const chosen = choiceOf(definition, written);
  if (chosen !== null)
    return typeof chosen === 'string' ? wrong(expected.choice(choicesOf(definition))) : chosen;
  const least = ('min_value' in definition ? definition.min_value : undefined) ?? null;
  const most = ('max_value' in definition ? definition.max_value : undefined) ?? null;
  const isInteger = definition.type === Type.Integer;
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(written) ? Number(written) : NaN;
  const fits =
    value >= (least ?? -DISCORDS_LARGEST) &&
    value <= (most ?? DISCORDS_LARGEST) &&
    (!isInteger || Number.isInteger(value));
  if (fits) return { kind: 'value', found: { value } };
  return wrong(isInteger ? expected.integer(least, most) : expected.number(least, most));
}

/** Numbers of a slash command are within this. */
const DISCORDS_LARGEST = 2 ** 53;

interface Choosing {
  readonly choices?: readonly {
    readonly name: string;
    readonly value: string | number;
    readonly name_localizations?: Readonly<Partial<Record<string, string | null>>> | null;
  }[];
}

/** The choice of that value or name; `none` if it is none of them; null where there is nothing to choose from. */
function choiceOf({ choices = [] }: Choosing, written: string): Read | 'none' | null {
  if (choices.length === 0) return null;
  const wanted = written.toLowerCase();
  const choice =
    choices.find(({ value }) => String(value).toLowerCase() === wanted) ??
    choices.find((one) => namesOf(one).includes(wanted));
  return choice === undefined ? 'none' : { kind: 'value', found: { value: choice.value } };
}

const choicesOf = ({ choices = [] }: Choosing): string => choices.map(({ value }) => value).join(', ');

const idIn = (pattern: RegExp, written: string): string => pattern.exec(written)?.[1] ?? written;

function userValue(written: string, { mentions, client, guild }: Message): Read | null {
  const id = idIn(/^<@!?(\d+)>$/, written);
  const user = mentions.users.get(id) ?? client.users.cache.get(id);
  if (user === undefined) return null;
  const member = guild?.members.cache.get(id);
  return { kind: 'value', found: { value: id, user, ...(member === undefined ? {} : { member }) } };
}

function roleValue(written: string, { guild }: Message): Read | null {
  const id = idIn(/^<@&(\d+)>$/, written);
  const role = guild?.roles.cache.get(id);
  return role === undefined ? null : { kind: 'value', found: { value: id, role } };
}

function channelValue(
  types: readonly number[] | undefined,
  written: string,
  { guild }: Message,
): Read | null {
  const id = idIn(/^<#(\d+)>$/, written);
  const channel = guild?.channels.cache.get(id);
  if (channel === undefined || types?.includes(channel.type) === false) return null;
  return { kind: 'value', found: { value: id, channel } };
}

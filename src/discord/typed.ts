import type {
  APIApplicationCommandOption,
  Attachment,
  CommandInteractionOption,
  Interaction,
} from 'discord.js';
import type { Message, RESTPostAPIApplicationCommandsJSONBody } from 'discord.js';
import type { CommandInteraction, ComponentInteraction } from './command';
import type { Word } from './text/call';

/**
 * What users typed, so that it can be kept out of the log: options, the texts of forms, the words of a message, the
 * names of files, the message that a menu was opened on. Not what they chose: a choice, a member, a channel.
 */

type CommandData = RESTPostAPIApplicationCommandsJSONBody;

/** A slash command has at most 25 options. */
const MAX_VALUES = 25;
/** With those of its own forms. */
const MAX_VALUES_OF_RUN = 50;

/** Numbers, hashes and UUIDs; what is longer than `MAX_ID_LENGTH` is none. */
const ID = /^(?:\d+|(?=[a-f-]*\d)[0-9a-f][0-9a-f-]{4,}[0-9a-f])$/i;
const MAX_ID_LENGTH = 40;

/** Types of options and of components of whichever copy of discord-api-types: Discord's numbers. */
const STRING = 3;
const INTEGER = 4;
const NUMBER = 10;
const TEXT_INPUT = 4;

/**
 * What was typed for an interaction, at most 25 values.
 *
 * @param data the command's own, where it is known: what is a choice of its was not typed.
 */
export function typedIn(
  interaction: Interaction | CommandInteraction | ComponentInteraction,
  data?: CommandData,
): string[] {
  return collected((typed) => {
    if ('options' in interaction) addOptions(typed, interaction.options.data, data);
    if ('fields' in interaction) addFields(typed, [...interaction.fields.fields.values()]);
    if ('targetMessage' in interaction) typed.push(interaction.targetMessage.content);
  });
}

/** What was typed behind a command in a message, word by word and as a whole. */
export function typedInMessage(
  { content, attachments }: Pick<Message, 'content' | 'attachments'>,
  words: readonly Word[],
  data: CommandData,
): string[] {
  return collected((typed) => {
    const own = words.filter(({ value }) => !isChoice(optionsOf(data), value));
    typed.push(...own.map(({ value }) => value).slice(0, MAX_VALUES));
    if (own.length > 0) typed.unshift(content);
    for (const attachment of attachments.values()) addFile(typed, attachment);
  });
}

/**
 * What was typed, of the parameters of a custom id: the id is the bot's own text, but a bot that remembers nothing writes
 * into it what its user typed. Parameters that are ids are not.
 */
export function typedInParams(params: Readonly<Record<string, string>>): string[] {
  return Object.values(params).filter((value) => value.length > MAX_ID_LENGTH || !ID.test(value));
}

/** Adds what was typed later, as into a form that an invocation awaits; the newest values stay. */
export function addTyped(typed: string[], more: readonly string[]): void {
  typed.push(...more.filter((value) => !typed.includes(value)));
  typed.splice(0, typed.length - MAX_VALUES_OF_RUN);
}

/** From now on, what was typed for the one counts as typed for the other too. */
export function shareTyped(one: string[], other: string[]): void {
  if (one === other) return;
  addTyped(one, other);
  addTyped(other, one);
}

/** Whatever is odd about what Discord or another copy of discord.js gave: no command is lost for it. */
function collected(add: (typed: string[]) => void): string[] {
  const typed: string[] = [];
  try {
    add(typed);
  } catch {
    // What was found before it stays.
  }
  return typed.filter((value) => typeof value === 'string' && value !== '').slice(0, MAX_VALUES);
}

function addOptions(
  typed: string[],
  options: readonly CommandInteractionOption[],
  data: CommandData | undefined,
): void {
  for (const { type, value, attachment, options: below } of options) {
    if (below !== undefined) addOptions(typed, below, data);
    if (attachment !== undefined) addFile(typed, attachment);
    const kind: number = type;
    const isFree = kind === STRING || kind === INTEGER || kind === NUMBER;
    if (isFree && value !== undefined && !isChoice(optionsOf(data), String(value))) typed.push(String(value));
  }
}

interface Field {
  readonly type: number;
  readonly value?: unknown;
  readonly attachments?: ReadonlyMap<string, Attachment>;
}

function addFields(typed: string[], fields: readonly Field[]): void {
  for (const { type, value, attachments } of fields) {
    if (type === TEXT_INPUT && typeof value === 'string') typed.push(value);
    for (const attachment of attachments?.values() ?? []) addFile(typed, attachment);
  }
}

function addFile(typed: string[], { name, url }: Pick<Attachment, 'name' | 'url'>): void {
  typed.push(name, url);
}

function optionsOf(data: CommandData | undefined): readonly APIApplicationCommandOption[] {
  return data !== undefined && 'options' in data ? (data.options ?? []) : [];
}

/** Whether a command itself offers the value somewhere. */
function isChoice(options: readonly APIApplicationCommandOption[], value: string): boolean {
  return options.some((option) => {
    if ('options' in option) return isChoice(option.options ?? [], value);
    // A builder writes `choices: undefined` where there are none.
    if (!('choices' in option) || !Array.isArray(option.choices)) return false;
    return option.choices.some((choice) => String(choice.value) === value);
  });
}

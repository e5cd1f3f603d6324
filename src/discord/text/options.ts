import {
  ApplicationCommandOptionType as Type,
  type APIApplicationCommandOption,
  type CommandInteractionOption,
  type Message,
} from 'discord.js';
import { Refusal } from '../../pipeline/outcome';
import type { LoadedCommand } from '../loader';
import type { Messages } from '../messages';
import { dealOut, isAttachment, usageOf, type Definition } from './arguments';
import type { Word } from './call';
import { readValue } from './values';

/** The options of a text command, in the form in which discord.js has those of a slash command. */

/**
 * Reads the words behind a command as its options.
 *
 * @param path the full path that was called, "ticket close".
 * @returns the subcommand, if it is one, with its options in it.
 * @throws Refusal that shows the usage, where something is missing or is not what it should be.
 */
export function readOptions(
  { data }: LoadedCommand,
  path: string,
  words: readonly Word[],
  message: Message,
  messages: Messages,
): CommandInteractionOption[] {
  const definitions = definitionsOf(data, path);
  const usage = usageOf(botName(message), path, definitions);
  const given = dealOut(words, definitions, messages, usage);
  const files = [...message.attachments.values()];
  const options = definitions.flatMap((definition): CommandInteractionOption[] => {
    const { name, type } = definition;
    const attachment = isAttachment(type) ? files.shift() : undefined;
    if (attachment !== undefined) return [{ name, type, value: attachment.id, attachment }];
    const written = given.get(name) ?? '';
    if (written === '') {
      if (definition.required === true) throw new Refusal('user_error', messages.text.missing(name, usage));
      return [];
    }
    const read = readValue(definition, written, message, messages);
    if (read.kind === 'wrong')
      throw new Refusal('user_error', messages.text.wrong(name, read.expected, usage));
    return [{ name, type, ...read.found }];
  });
  return nest(path.split(' ').slice(1), options);
}

/** How every subcommand of a command is written, or the command itself if it has none. */
export function usagesOf({ data, paths }: LoadedCommand, message: Message): string[] {
  return paths.map((path) => usageOf(botName(message), path, definitionsOf(data, path)));
}

const botName = ({ client }: Message): string => client.user.displayName;

/** What stands at the end of a path. */
function definitionsOf(data: LoadedCommand['data'], path: string): readonly Definition[] {
  let options: readonly APIApplicationCommandOption[] = 'options' in data ? (data.options ?? []) : [];
  for (const name of path.split(' ').slice(1)) {
    const below = options.find((option) => option.name === name);
    options = below !== undefined && 'options' in below ? (below.options ?? []) : [];
  }
  return options.filter(
    (option): option is Definition => option.type !== Type.Subcommand && option.type !== Type.SubcommandGroup,
  );
}

/** Puts options into the subcommand, and that into its group. */
function nest(
  [outer, inner]: readonly string[],
  options: CommandInteractionOption[],
): CommandInteractionOption[] {
  if (outer === undefined) return options;
  if (inner === undefined) return [{ name: outer, type: Type.Subcommand, options }];
  return [
    { name: outer, type: Type.SubcommandGroup, options: [{ name: inner, type: Type.Subcommand, options }] },
  ];
}

import { InteractionContextType, type APIApplicationCommand } from 'discord-api-types/v10';
import type { JsonObject } from '../json';
import { parseLine, type TypedLine } from './line';
import { readValue, type ValueContext } from './values';

/** The `data` of a slash command's interaction, from the line that was typed. */
export function typedCommandData(
  line: string,
  commands: readonly APIApplicationCommand[],
  context: ValueContext,
): JsonObject {
  const typed = parseLine(line, commands);
  assertUsable(typed, context);
  const options = typed.options.map(({ definition, text }) => ({
    type: definition.type,
    name: definition.name,
    value: forOption(definition.name, typed, () => readValue(definition, text, context)),
  }));
  const missing = typed.definitions.find(
    (definition) => definition.required && !options.some(({ name }) => name === definition.name),
  );
  if (missing !== undefined) throw new Error(`/${typed.command.name}: option "${missing.name}" is required.`);
  return commandData(typed, options, context);
}

/** The `data` of an autocomplete interaction; the option that was typed last has the focus. */
export function autocompleteData(
  line: string,
  commands: readonly APIApplicationCommand[],
  context: ValueContext,
): JsonObject {
  const typed = parseLine(line, commands);
  assertUsable(typed, context);
  const focused = typed.options.at(-1);
  if (focused === undefined) throw new Error(`/${typed.command.name}: type an option to complete.`);
  const { definition } = focused;
  if (!('autocomplete' in definition) || !definition.autocomplete) {
    throw new Error(`/${typed.command.name}: option "${definition.name}" has no autocomplete.`);
  }
  const options = typed.options.map((option) => {
    const { type, name } = option.definition;
    if (option === focused) return { type, name, value: option.text, focused: true };
    return {
      type,
      name,
      value: forOption(name, typed, () => readValue(option.definition, option.text, context)),
    };
  });
  return commandData(typed, options, context);
}

function commandData(typed: TypedLine, leaves: readonly JsonObject[], context: ValueContext): JsonObject {
  const options = [...typed.nesting]
    .reverse()
    .reduce<readonly JsonObject[]>((inner, { type, name }) => [{ type, name, options: inner }], leaves);
  return {
    id: typed.command.id,
    name: typed.command.name,
    type: typed.command.type,
    ...scopeOf(typed.command),
    ...(options.length > 0 || typed.definitions.length > 0 ? { options } : {}),
    ...context.resolved.toJson(),
  };
}

export function scopeOf(command: APIApplicationCommand): JsonObject {
  return command.guild_id === undefined ? {} : { guild_id: command.guild_id };
}

function assertUsable({ command }: TypedLine, { place }: ValueContext): void {
  const inGuild = place.guild !== null;
  const here = inGuild ? InteractionContextType.Guild : InteractionContextType.BotDM;
  const { contexts, dm_permission: inDirectMessages }: JsonObject = { ...command };
  const usable = Array.isArray(contexts) ? contexts.includes(here) : inGuild || inDirectMessages !== false;
  if (usable) return;
  throw new Error(`/${command.name} cannot be used in ${inGuild ? 'servers' : 'direct messages'}.`);
}

function forOption<Value>(name: string, { command }: TypedLine, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`/${command.name}: option "${name}": ${reason}`, { cause: error });
  }
}

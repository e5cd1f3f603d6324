import { ApplicationCommandType } from 'discord-api-types/v10';
import { asArray, asRecord, type JsonObject } from '../json';
import type { Path, Problems } from '../rest/problems';
import { validateNamed } from './validate-names';
import { validateOptions } from './validate-options';

/** A command as Discord accepts it, or what is wrong with it, at its path. */

const MAX_OPTIONS = 25;
const MAX_COMMAND_CHARACTERS = 8_000;

export function validateCommand(command: JsonObject, path: Path, problems: Problems): void {
  const type = command.type ?? ApplicationCommandType.ChatInput;
  if (type === ApplicationCommandType.ChatInput) {
    validateNamed(command, path, problems);
    const options = asArray(command.options);
    problems.length(options.length, [...path, 'options'], 0, MAX_OPTIONS);
    validateOptions(options, [...path, 'options'], problems);
    if (characters(command) > MAX_COMMAND_CHARACTERS) {
      problems.add(path, 'APPLICATION_COMMAND_TOO_LARGE', 'Command exceeds maximum size (8000)');
    }
  } else if (type === ApplicationCommandType.User || type === ApplicationCommandType.Message) {
    problems.text(command.name, [...path, 'name'], 1, 32);
    validateMenu(command, path, problems);
  } else {
    problems.choice([...path, 'type'], [1, 2, 3]);
  }
}

function validateMenu(command: JsonObject, path: Path, problems: Problems): void {
  if (typeof command.description === 'string' && command.description !== '') {
    const message = 'Context menu commands cannot have description';
    problems.add([...path, 'description'], 'APPLICATION_COMMAND_INVALID_DESCRIPTION', message);
  }
  if (asArray(command.options).length > 0) {
    const message = 'Context menu commands cannot have options';
    problems.add([...path, 'options'], 'APPLICATION_COMMAND_INVALID_OPTIONS', message);
  }
}

/** Every name, description and choice value counts, through all options; of translations the longest. */
function characters(item: JsonObject): number {
  const longest = (key: string): number => {
    const texts = [item[key], ...Object.values(asRecord(item[`${key}_localizations`]))];
    return Math.max(0, ...texts.map((text) => (typeof text === 'string' ? text.length : 0)));
  };
  const own = longest('name') + longest('description');
  const value = typeof item.value === 'string' ? item.value.length : 0;
  const inner = [...asArray(item.options), ...asArray(item.choices)].map((part) =>
    characters(asRecord(part)),
  );
  return own + value + inner.reduce((sum, count) => sum + count, 0);
}

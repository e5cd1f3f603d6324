import { ApplicationCommandOptionType as OptionType } from 'discord-api-types/v10';
import { asArray, asRecord, type JsonObject } from '../json';
import type { Path, Problems } from '../rest/problems';
import { validateNamed } from './validate-names';

const MAX_OPTIONS = 25;
const MAX_CHOICES = 25;
const OPTION_TYPES: readonly number[] = Object.values(OptionType).filter((type) => typeof type === 'number');
const WITH_CHOICES: readonly unknown[] = [OptionType.String, OptionType.Integer, OptionType.Number];

/** `depth`: 0 for a command's own options, 1 within a group or subcommand, 2 within a group's subcommand. */
export function validateOptions(
  options: readonly unknown[],
  path: Path,
  problems: Problems,
  depth: 0 | 1 | 2 = 0,
): void {
  const seen = new Set<unknown>();
  let optionalSeen = false;
  options.map(asRecord).forEach((option, index) => {
    const at = [...path, index];
    validateNamed(option, at, problems);
    if (typeof option.name === 'string' && seen.has(option.name)) {
      const message = `Option name already exists: ${option.name}`;
      problems.add([...at, 'name'], 'APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS', message);
    }
    seen.add(option.name);
    if (option.required === true && optionalSeen) {
      const message = 'Required options must be placed before non-required options';
      problems.add(at, 'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID', message);
    }
    optionalSeen ||= option.required !== true;
    validateType(option, at, problems, depth);
  });
  validateMix(options, path, problems);
}

const isNesting = (option: JsonObject): boolean =>
  option.type === OptionType.Subcommand || option.type === OptionType.SubcommandGroup;

function validateMix(options: readonly unknown[], path: Path, problems: Problems): void {
  const nesting = options.map(asRecord).filter(isNesting).length;
  if (nesting === 0 || nesting === options.length) return;
  const message = 'Sub-command and sub-command group option types are mutually exclusive to all other types';
  problems.add(path, 'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID', message);
}

function validateType(option: JsonObject, path: Path, problems: Problems, depth: 0 | 1 | 2): void {
  const { type } = option;
  if (typeof type !== 'number' || !OPTION_TYPES.includes(type)) {
    if (type === undefined) problems.required([...path, 'type']);
    else problems.choice([...path, 'type'], OPTION_TYPES);
  } else if (isNesting(option)) {
    validateNesting(option, path, problems, depth);
  } else {
    validateValue(option, path, problems);
  }
}

function validateNesting(option: JsonObject, path: Path, problems: Problems, depth: 0 | 1 | 2): void {
  const isGroup = option.type === OptionType.SubcommandGroup;
  const inner = asArray(option.options);
  const innerPath = [...path, 'options'];
  problems.length(inner.length, innerPath, 0, MAX_OPTIONS);
  if (depth === 2 || (isGroup && depth === 1)) {
    const message = 'Sub-commands and groups cannot be nested any deeper';
    problems.add(path, 'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID', message);
    return;
  }
  if (isGroup && inner.length === 0) problems.required(innerPath);
  if (isGroup && inner.some((one) => asRecord(one).type !== OptionType.Subcommand)) {
    const message = 'Sub-command groups hold sub-commands only';
    problems.add(innerPath, 'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID', message);
  }
  validateOptions(inner, innerPath, problems, isGroup ? 1 : 2);
}

function validateValue(option: JsonObject, path: Path, problems: Problems): void {
  const choices = asArray(option.choices);
  if (!WITH_CHOICES.includes(option.type) && (choices.length > 0 || option.autocomplete === true)) {
    const message = 'Choices and autocomplete are for strings and numbers only';
    problems.add(path, 'APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID', message);
    return;
  }
  if (choices.length > 0 && option.autocomplete === true) {
    const message = 'Choices and autocomplete are mutually exclusive';
    problems.add(path, 'APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID', message);
  }
  problems.length(choices.length, [...path, 'choices'], 0, MAX_CHOICES);
  validateChoices(option.type === OptionType.String, choices, [...path, 'choices'], problems);
}

function validateChoices(
  areText: boolean,
  choices: readonly unknown[],
  path: Path,
  problems: Problems,
): void {
  const names = new Set<unknown>();
  choices.map(asRecord).forEach((choice, index) => {
    const at = [...path, index];
    problems.text(choice.name, [...at, 'name'], 1, 100);
    if (names.has(choice.name)) {
      const message = 'Choice name already exists';
      problems.add([...at, 'name'], 'APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS', message);
    }
    names.add(choice.name);
    if (areText) problems.text(choice.value, [...at, 'value'], 1, 100);
    else if (typeof choice.value !== 'number') {
      problems.add([...at, 'value'], 'NUMBER_TYPE_COERCE', 'Value is not a number.');
    }
  });
}

import { Locale } from 'discord-api-types/v10';
import { isRecord, type JsonObject } from '../json';
import type { Path, Problems } from '../rest/problems';

const COMMAND_NAME = /^[-_'ʼ\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;
const LOCALES: readonly string[] = Object.values(Locale);

/** Name and description, with their translations, of a chat input command or one of its options. */
export function validateNamed(item: JsonObject, path: Path, problems: Problems): void {
  if (problems.text(item.name, [...path, 'name'], 1, 32))
    validateName(item.name, [...path, 'name'], problems);
  problems.text(item.description, [...path, 'description'], 1, 100);
  for (const [locale, value] of translations(item, 'name_localizations', path, problems)) {
    const at = [...path, 'name_localizations', locale];
    if (problems.text(value, at, 1, 32)) validateName(value, at, problems);
  }
  for (const [locale, value] of translations(item, 'description_localizations', path, problems)) {
    problems.text(value, [...path, 'description_localizations', locale], 1, 100);
  }
}

function validateName(name: string, path: Path, problems: Problems): void {
  if (COMMAND_NAME.test(name) && name === name.toLowerCase()) return;
  problems.add(path, 'APPLICATION_COMMAND_INVALID_NAME', 'Command name is invalid');
}

function translations(
  item: JsonObject,
  key: 'name_localizations' | 'description_localizations',
  path: Path,
  problems: Problems,
): readonly [string, unknown][] {
  const value = item[key];
  if (value === undefined || value === null) return [];
  if (!isRecord(value)) {
    problems.add([...path, key], 'DICT_TYPE_CONVERT', 'Only dictionaries may be used in a DictType');
    return [];
  }
  for (const locale of Object.keys(value)) {
    if (!LOCALES.includes(locale)) problems.choice([...path, key], LOCALES);
  }
  return Object.entries(value).filter(([, text]) => text !== null);
}

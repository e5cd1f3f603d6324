import { ApplicationCommandOptionType as OptionType } from 'discord-api-types/v10';
import { asArray, asRecord, type JsonObject } from '../json';

/** A command's JSON as Discord keeps it: defaults filled in at the top, left out of options. */
export function normaliseCommand(body: JsonObject): JsonObject {
  const type = body.type ?? 1;
  const options = asArray(body.options).map((option) => normaliseOption(asRecord(option)));
  return {
    type,
    name: body.name,
    name_localizations: body.name_localizations ?? null,
    description: type === 1 ? body.description : '',
    description_localizations: body.description_localizations ?? null,
    default_member_permissions: memberPermissions(body.default_member_permissions),
    dm_permission: body.dm_permission ?? true,
    contexts: body.contexts ?? null,
    integration_types: body.integration_types ?? [0],
    nsfw: body.nsfw ?? false,
    ...(options.length > 0 ? { options } : {}),
  };
}

function memberPermissions(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}

const LIMITS = ['min_value', 'max_value', 'min_length', 'max_length'] as const;

function normaliseOption(option: JsonObject): JsonObject {
  const inner = asArray(option.options).map((one) => normaliseOption(asRecord(one)));
  const isNesting = option.type === OptionType.Subcommand || option.type === OptionType.SubcommandGroup;
  const limits = LIMITS.filter((key) => option[key] !== undefined && option[key] !== null);
  const choices = asArray(option.choices).map((choice) => normaliseChoice(asRecord(choice)));
  const channelTypes = asArray(option.channel_types);
  return {
    type: option.type,
    name: option.name,
    name_localizations: option.name_localizations ?? null,
    description: option.description,
    description_localizations: option.description_localizations ?? null,
    ...(option.required === true ? { required: true } : {}),
    ...(option.autocomplete === true ? { autocomplete: true } : {}),
    ...(choices.length > 0 ? { choices } : {}),
    ...(channelTypes.length > 0 ? { channel_types: channelTypes } : {}),
    ...Object.fromEntries(limits.map((key) => [key, option[key]])),
    ...(isNesting && inner.length > 0 ? { options: inner } : {}),
  };
}

function normaliseChoice(choice: JsonObject): JsonObject {
  return {
    name: choice.name,
    name_localizations: choice.name_localizations ?? null,
    value: choice.value,
  };
}

/** As it is listed without `with_localizations`: no translations, neither of the command nor of its options. */
export function withoutLocalizations(command: JsonObject): JsonObject {
  return {
    ...command,
    name_localizations: null,
    description_localizations: null,
    ...(command.options === undefined ? {} : { options: asArray(command.options).map(strip) }),
  };
}

function strip(item: unknown): JsonObject {
  const kept = Object.entries(asRecord(item)).filter(([key]) => !key.endsWith('_localizations'));
  const rest: JsonObject = Object.fromEntries(kept);
  return {
    ...rest,
    ...(rest.options === undefined ? {} : { options: asArray(rest.options).map(strip) }),
    ...(rest.choices === undefined ? {} : { choices: asArray(rest.choices).map(strip) }),
  };
}

import { ComponentType } from 'discord-api-types/v10';
import { asArray, asNumber, asRecord, asText, type JsonObject } from '../json';
import { allComponents } from '../rest/validate-components';

type Fields = Readonly<Record<string, string>>;

/** The `data` of a modal that was filled in and sent. Throws what Discord's client would not let one send. */
export function modalData(modal: JsonObject, fields: Fields): JsonObject {
  const inputs = allComponents(modal.components).filter((one) => one.custom_id !== undefined);
  const known = inputs.map((input) => asText(input.custom_id) ?? '');
  const stranger = Object.keys(fields).find((name) => !known.includes(name));
  if (stranger !== undefined) {
    throw new Error(`The modal has no field "${stranger}". It has: ${known.join(', ')}.`);
  }
  return {
    custom_id: modal.custom_id,
    components: asArray(modal.components).map((one, index) => fill(asRecord(one), index + 1, fields)),
  };
}

function fill(component: JsonObject, id: number, fields: Fields): JsonObject {
  const { type } = component;
  if (type === ComponentType.ActionRow) {
    const inner = asArray(component.components).map((one) => fillInput(asRecord(one), id, fields));
    return { type, id, components: inner };
  }
  if (type === ComponentType.Label) {
    return { type, id, component: fillInput(asRecord(component.component), id, fields) };
  }
  return { type, id };
}

function fillInput(input: JsonObject, id: number, fields: Fields): JsonObject {
  const name = asText(input.custom_id) ?? '';
  const value = fields[name] ?? asText(input.value) ?? '';
  const common = { type: input.type, id, custom_id: name };
  if (value === '' && input.required !== false) throw new Error(`The field "${name}" is required.`);
  if (input.type !== ComponentType.TextInput) return { ...common, values: value === '' ? [] : [value] };
  const [min, max] = [asNumber(input.min_length) ?? 0, asNumber(input.max_length) ?? 4_000];
  if (value !== '' && (value.length < min || value.length > max)) {
    throw new Error(`The field "${name}" must have ${min} to ${max} characters.`);
  }
  return { ...common, value };
}

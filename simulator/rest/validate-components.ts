import { ButtonStyle, ComponentType } from 'discord-api-types/v10';
import { asArray, asNumber, asRecord, type JsonObject } from '../json';
import { MessageFlag } from '../messages';
import type { Path, Problems } from './problems';

const MAX_ROWS = 5;
const MAX_BUTTONS = 5;
const MAX_OPTIONS = 25;
const MAX_COMPONENTS_V2 = 40;
const MAX_TEXT_V2 = 4_000;
const BUTTON_STYLES: readonly unknown[] = Object.values(ButtonStyle);
const SELECTS: readonly unknown[] = [
  ComponentType.StringSelect,
  ComponentType.UserSelect,
  ComponentType.RoleSelect,
  ComponentType.MentionableSelect,
  ComponentType.ChannelSelect,
];

/** Every component, outermost first, with those inside of it. */
export function allComponents(components: unknown): readonly JsonObject[] {
  return asArray(components).flatMap((item) => {
    const component = asRecord(item);
    const inner = [component.component, component.accessory].filter((one) => one !== undefined);
    return [component, ...allComponents(component.components), ...allComponents(inner)];
  });
}

export function isSelect(component: JsonObject): boolean {
  return SELECTS.includes(component.type);
}

/** The components of a message body, of the old kind or (by its flag) the new. */
export function validateComponents(body: JsonObject, path: Path, problems: Problems): void {
  const components = asArray(body.components).map(asRecord);
  const isV2 = ((asNumber(body.flags) ?? 0) & MessageFlag.componentsV2) !== 0;
  if (isV2) validateV2(body, path, problems);
  else problems.length(components.length, [...path, 'components'], 0, MAX_ROWS);
  components.forEach((component, index) => {
    const at = [...path, 'components', index];
    if (component.type === ComponentType.ActionRow) validateRow(component, at, problems);
    else if (!isV2) problems.choice([...at, 'type'], [ComponentType.ActionRow]);
  });
  findDuplicateIds(components, [...path, 'components'], problems);
}

function validateV2(body: JsonObject, path: Path, problems: Problems): void {
  const code = 'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2';
  for (const field of ['content', 'embeds']) {
    if (asArray(body[field]).length === 0 && typeof body[field] !== 'string') continue;
    const message = `The '${field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`;
    problems.add([...path, field], code, message);
  }
  const all = allComponents(body.components);
  problems.length(all.length, [...path, 'components'], 1, MAX_COMPONENTS_V2);
  const texts = all.filter((one) => one.type === ComponentType.TextDisplay).map((one) => one.content);
  const characters = texts.reduce<number>(
    (sum, text) => sum + (typeof text === 'string' ? text.length : 0),
    0,
  );
  if (characters > MAX_TEXT_V2) {
    const message = `The total length of text displayed must be ${MAX_TEXT_V2} or fewer`;
    problems.add([...path, 'components'], 'COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED', message);
  }
}

function validateRow(row: JsonObject, path: Path, problems: Problems): void {
  const inner = asArray(row.components).map(asRecord);
  const hasSelect = inner.some(isSelect);
  problems.length(inner.length, [...path, 'components'], 1, hasSelect ? 1 : MAX_BUTTONS);
  inner.forEach((component, index) => {
    const at = [...path, 'components', index];
    if (component.type === ComponentType.Button) validateButton(component, at, problems);
    else if (isSelect(component)) validateSelect(component, at, problems);
    else problems.choice([...at, 'type'], [2, 3, 5, 6, 7, 8]);
  });
}

function validateButton(button: JsonObject, path: Path, problems: Problems): void {
  const { style } = button;
  problems.text(button.label, [...path, 'label'], 0, 80);
  if (!BUTTON_STYLES.includes(style)) {
    problems.choice([...path, 'style'], [1, 2, 3, 4, 5, 6]);
  } else if (style === ButtonStyle.Link) {
    problems.text(button.url, [...path, 'url'], 1, 512);
  } else if (style !== ButtonStyle.Premium) {
    problems.text(button.custom_id, [...path, 'custom_id'], 1, 100);
    if (button.label === undefined && button.emoji === undefined) {
      problems.add(path, 'BUTTON_COMPONENT_MISSING_LABEL', 'A button must have a label or an emoji');
    }
  }
}

function validateSelect(select: JsonObject, path: Path, problems: Problems): void {
  problems.text(select.custom_id, [...path, 'custom_id'], 1, 100);
  problems.text(select.placeholder, [...path, 'placeholder'], 0, 150);
  if (select.type !== ComponentType.StringSelect) return;
  const options = asArray(select.options).map(asRecord);
  problems.length(options.length, [...path, 'options'], 1, MAX_OPTIONS);
  options.forEach((option, index) => {
    problems.text(option.label, [...path, 'options', index, 'label'], 1, 100);
    problems.text(option.value, [...path, 'options', index, 'value'], 1, 100);
    problems.text(option.description, [...path, 'options', index, 'description'], 0, 100);
  });
}

function findDuplicateIds(components: readonly JsonObject[], path: Path, problems: Problems): void {
  const seen = new Set<unknown>();
  for (const { custom_id: id } of allComponents(components)) {
    if (id !== undefined && seen.has(id)) {
      const message = 'Component custom id cannot be duplicated';
      problems.add(path, 'COMPONENT_CUSTOM_ID_DUPLICATED', message);
    }
    seen.add(id);
  }
}

/** A modal, as the data of a callback. */
export function validateModal(modal: JsonObject, path: Path, problems: Problems): void {
  problems.text(modal.title, [...path, 'title'], 1, 45);
  problems.text(modal.custom_id, [...path, 'custom_id'], 1, 100);
  const components = asArray(modal.components);
  problems.length(components.length, [...path, 'components'], 1, MAX_ROWS);
  findDuplicateIds(components.map(asRecord), [...path, 'components'], problems);
  components.map(asRecord).forEach((component, index) => {
    const at = [...path, 'components', index];
    if (component.type === ComponentType.Label) problems.text(component.label, [...at, 'label'], 1, 45);
    const allowed = [ComponentType.ActionRow, ComponentType.TextDisplay, ComponentType.Label];
    if (!allowed.some((type) => type === component.type)) problems.choice([...at, 'type'], allowed);
    for (const input of allComponents([component])) {
      if (input.type !== ComponentType.TextInput) continue;
      problems.text(input.custom_id, [...at, 'components', 0, 'custom_id'], 1, 100);
      if (component.type === ComponentType.ActionRow) {
        problems.text(input.label, [...at, 'components', 0, 'label'], 1, 45);
      }
    }
  });
}

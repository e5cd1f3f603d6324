import { ComponentType } from 'discord-api-types/v10';
import { asArray, asNumber, asRecord, asText, type JsonObject } from '../json';
import { isVisible, type StoredMessage } from '../messages';
import { allComponents, isSelect } from '../rest/validate-components';
import type { Person, World } from '../world';
import type { Place } from './place';
import { Resolved } from './resolved';

export interface ComponentUse {
  readonly message: StoredMessage;
  readonly customId: string;
  readonly person: Person;
}

/** The `data` of a click on a button. Throws if this person cannot click it. */
export function pressData(use: ComponentUse): JsonObject {
  const component = findComponent(use);
  if (component.type !== ComponentType.Button) throw new Error(`"${use.customId}" is not a button.`);
  return { component_type: component.type, custom_id: use.customId, id: component.id };
}

/** The `data` of a selection. For users, roles and channels, values are names or ids. */
export function selectData(
  use: ComponentUse,
  values: readonly string[],
  place: Place,
  world: World,
): JsonObject {
  const component = findComponent(use);
  if (!isSelect(component)) throw new Error(`"${use.customId}" is not a select menu.`);
  const [min, max] = [asNumber(component.min_values) ?? 1, asNumber(component.max_values) ?? 1];
  if (values.length < min || values.length > max) {
    throw new Error(`"${use.customId}" takes ${min} to ${max} values, not ${values.length}.`);
  }
  const resolved = new Resolved(world);
  const chosen = values.map((value) => choose(component, value, { use, place, world, resolved }));
  return {
    component_type: component.type,
    custom_id: use.customId,
    id: component.id,
    values: chosen,
    ...resolved.toJson(),
  };
}

function findComponent({ message, customId, person }: ComponentUse): JsonObject {
  if (!isVisible(message, person.id)) throw new Error(`${person.name} does not see this message.`);
  const withIds = allComponents(message.components).filter((one) => one.custom_id !== undefined);
  const component = withIds.find((one) => one.custom_id === customId);
  if (component === undefined) {
    const known = withIds.map((one) => asText(one.custom_id)).join(', ');
    throw new Error(`The message has no component "${customId}". It has: ${known || 'none'}.`);
  }
  if (component.disabled === true) throw new Error(`"${customId}" is disabled.`);
  return component;
}

interface Choosing {
  readonly use: ComponentUse;
  readonly place: Place;
  readonly world: World;
  readonly resolved: Resolved;
}

function choose(component: JsonObject, value: string, { use, place, world, resolved }: Choosing): string {
  const { type } = component;
  if (type === ComponentType.StringSelect) {
    const options = asArray(component.options).map(asRecord);
    if (options.some((option) => option.value === value)) return value;
    const known = options.map((option) => asText(option.value)).join(', ');
    throw new Error(`"${use.customId}" has no option "${value}". It has: ${known}.`);
  }
  const isMeant = (one: { readonly id: string; readonly name: string }): boolean =>
    one.id === value || one.name === value;
  const takesUsers = type === ComponentType.UserSelect || type === ComponentType.MentionableSelect;
  const takesRoles = type === ComponentType.RoleSelect || type === ComponentType.MentionableSelect;
  const user = takesUsers ? world.people().find(isMeant) : undefined;
  const role = takesRoles ? place.guild?.roles.find(isMeant) : undefined;
  const channel = type === ComponentType.ChannelSelect ? place.guild?.channels.find(isMeant) : undefined;
  if (user !== undefined) resolved.addUser(user, place.guild !== null);
  else if (role !== undefined) resolved.addRole(role);
  else if (channel !== undefined) resolved.addChannel(channel, use.person);
  const found = user ?? role ?? channel;
  if (found === undefined) throw new Error(`"${use.customId}": there is no "${value}" here.`);
  return found.id;
}

import {
  ComponentType,
  type APIMessageTopLevelComponent,
  type APISelectMenuComponent,
  type APISelectMenuOption,
} from 'discord-api-types/v10';
import { clipWidth } from './width';
import { span, wrapLine, type Line } from './rich';

/** What stands below a message to be used: buttons and menus. */

/** A button that can be pressed. */
export interface PressableButton {
  readonly label: string;
  readonly customId: string;
}

/** A button that leads to a page. */
export interface LinkButton {
  readonly label: string;
  readonly url: string;
}

/** A menu that can be chosen from. */
export interface UsableMenu {
  readonly customId: string;
  readonly placeholder: string;
  /** Null: users, roles or channels, which the message does not list. */
  readonly options: readonly APISelectMenuOption[] | null;
  /** How many values it takes at most. */
  readonly maxValues: number;
}

const PLACEHOLDERS: Readonly<Record<APISelectMenuComponent['type'], string>> = {
  [ComponentType.StringSelect]: 'a choice',
  [ComponentType.UserSelect]: 'a user',
  [ComponentType.RoleSelect]: 'a role',
  [ComponentType.MentionableSelect]: 'a user or role',
  [ComponentType.ChannelSelect]: 'a channel',
};

/** As much of a label as stands beside an example. */
const EXAMPLE_COLUMNS = 40;

/** Those that are not disabled and lead to the bot, not to a page. */
export function buttonsOf(components: readonly APIMessageTopLevelComponent[]): readonly PressableButton[] {
  return inRows(components).flatMap((button) => {
    if (button.type !== ComponentType.Button || !('custom_id' in button) || button.disabled === true)
      return [];
    return [{ label: button.label ?? button.custom_id, customId: button.custom_id }];
  });
}

export function linkButtonsOf(components: readonly APIMessageTopLevelComponent[]): readonly LinkButton[] {
  return inRows(components).flatMap((button) =>
    button.type === ComponentType.Button && 'url' in button
      ? [{ label: button.label ?? 'Link', url: button.url }]
      : [],
  );
}

/** Those that are not disabled. */
export function menusOf(components: readonly APIMessageTopLevelComponent[]): readonly UsableMenu[] {
  return inRows(components).flatMap((menu) => {
    if (menu.type === ComponentType.Button || menu.disabled === true) return [];
    return [
      {
        customId: menu.custom_id,
        placeholder: menu.placeholder ?? PLACEHOLDERS[menu.type],
        options: menu.type === ComponentType.StringSelect ? menu.options : null,
        maxValues: menu.max_values ?? 1,
      },
    ];
  });
}

/** The controls in at most that many columns, each with what to type for it. */
export function controlLines(
  components: readonly APIMessageTopLevelComponent[],
  columns: number,
): readonly Line[] {
  const menus = menusOf(components);
  const lines = [
    ...menus.map((menu, index) => menuLine(menu, menus.length === 1 ? '' : `${index + 1} `)),
    ...buttonLines(buttonsOf(components)),
  ];
  return lines.flatMap((line) => wrapLine(line, columns));
}

function inRows(components: readonly APIMessageTopLevelComponent[]) {
  return components.flatMap((row) => (row.type === ComponentType.ActionRow ? row.components : []));
}

function menuLine({ options, placeholder }: UsableMenu, number: string): Line {
  const shown = options?.map((option) => (option.default === true ? `${option.label} ✓` : option.label));
  const other = options?.find((one) => one.default !== true);
  const example = options === null ? 'NAME' : (other?.value ?? 'VALUE');
  const meaning =
    other === undefined || other.label === other.value
      ? ''
      : ` for ${clipWidth(other.label, EXAMPLE_COLUMNS)}`;
  return [
    span(`[menu ${number}`.trimEnd() + `: ${shown?.join(' | ') ?? placeholder}]`, 'cyan'),
    span(` (type: choose ${number}${example}${meaning})`, 'dim'),
  ];
}

function buttonLines(buttons: readonly PressableButton[]): readonly Line[] {
  if (buttons.length === 0) return [];
  const shown = buttons.flatMap(({ label }, index) => [span(`[${index + 1} ${label}]`, 'cyan'), span(' ')]);
  return [[...shown, span('(type: press 1)', 'dim')]];
}

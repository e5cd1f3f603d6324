import { ComponentType, type APIMessageTopLevelComponent } from 'discord-api-types/v10';
import type { SimulatedMessage } from '../../index';
import { embedBox } from './embed';
import { markdown, type Reader } from './markdown';
import { lineWidth, span, wrapLine, type Line } from './rich';

/** A button that can be pressed. */
export interface PressableButton {
  readonly label: string;
  readonly customId: string;
}

/** A message as its reader sees it, in at most that many columns. */
export function messageLines(message: SimulatedMessage, columns: number, reader: Reader): readonly Line[] {
  if (message.deleted) return [[span('(deleted)', 'dim')]];
  const content = message.content === '' ? [] : markdown(message.content, reader);
  return [
    ...content.flatMap((line) => wrapLine(line, columns)),
    ...message.embeds.flatMap((embed) => embedBox(embed, columns, reader)),
    ...message.attachments.map(({ filename, size }) => [span(`📎 ${filename}, ${size} bytes`, 'dim')]),
    ...buttonLines(buttonsOf(message.components)),
    ...(message.ephemeral ? [[span('👁 Only you can see this', 'dim')]] : []),
  ];
}

/** The first line of what a message says, without any style. */
export function gist(message: SimulatedMessage, reader: Reader): string {
  if (message.deleted) return '(deleted)';
  const [embed] = message.embeds;
  const source = message.content || (embed?.title ?? embed?.description ?? '');
  const first = markdown(source, reader).find((line) => lineWidth(line) > 0) ?? [];
  const text = first.map((one) => one.text).join('');
  return embed !== undefined && message.content === '' ? `[${text}]` : text;
}

/** Those that are not disabled and lead to the bot, not to a page. */
export function buttonsOf(components: readonly APIMessageTopLevelComponent[]): readonly PressableButton[] {
  return components.flatMap((row) => {
    if (row.type !== ComponentType.ActionRow) return [];
    return row.components.flatMap((button) => {
      if (button.type !== ComponentType.Button || !('custom_id' in button) || button.disabled === true)
        return [];
      return [{ label: button.label ?? button.custom_id, customId: button.custom_id }];
    });
  });
}

function buttonLines(buttons: readonly PressableButton[]): readonly Line[] {
  if (buttons.length === 0) return [];
  const shown = buttons.flatMap(({ label }, index) => [span(`[${index + 1} ${label}]`, 'cyan'), span(' ')]);
  return [[...shown, span('(type: press 1)', 'dim')]];
}

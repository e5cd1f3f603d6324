import type { SimulatedMessage } from '../../index';
import { controlLines } from './controls';
import { embedBox } from './embed';
import { markdown, type Reader } from './markdown';
import { lineWidth, span, wrapLine, type Line } from './rich';

/** A message as its reader sees it, in at most that many columns. */
export function messageLines(message: SimulatedMessage, columns: number, reader: Reader): readonly Line[] {
  if (message.deleted) return [[span('(deleted)', 'dim')]];
  const content = message.content === '' ? [] : markdown(message.content, reader);
  return [
    ...content.flatMap((line) => wrapLine(line, columns)),
    ...message.embeds.flatMap((embed) => embedBox(embed, columns, reader)),
    ...message.attachments.map(({ filename, size }) => [span(`📎 ${filename}, ${size} bytes`, 'dim')]),
    ...controlLines(message.components, columns),
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

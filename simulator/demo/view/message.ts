import type { SimulatedMessage } from '../../index';
import { controlLines, linkButtonsOf } from './controls';
import { embedBox } from './embed';
import { markdown, type Reader } from './markdown';
import { lineWidth, span, wrapLine, type Line } from './rich';

/** A message as its reader sees it, in at most that many columns. */
export function messageLines(message: SimulatedMessage, columns: number, reader: Reader): readonly Line[] {
  if (message.deleted) return [[span('(deleted)', 'dim')]];
  const content = message.content === '' ? [] : markdown(message.content, reader);
  const written = [
    ...content.flatMap((line) => wrapLine(line, columns)),
    ...message.embeds.flatMap((embed) => embedBox(embed, columns, reader)),
  ];
  return [
    ...written,
    ...addressLines(written),
    ...linkButtonsOf(message.components).map(({ label, url }) => linkLine(label, url)),
    ...message.attachments.map(({ filename, size }) => [span(`📎 ${filename}, ${size} bytes`, 'dim')]),
    ...controlLines(message.components, columns),
    ...(message.ephemeral ? [[span('👁 Only you can see this', 'dim')]] : []),
  ];
}

/** The addresses behind the links, each in a line that is not broken: whoever copies it gets it whole. */
function addressLines(lines: readonly Line[]): readonly Line[] {
  const labels = new Map<string, string>();
  for (const { text, address } of lines.flat()) {
    if (address !== undefined) labels.set(address, `${labels.get(address) ?? ''}${text}`);
  }
  return [...labels].map(([address, label]) => linkLine(label, address));
}

function linkLine(label: string, address: string): Line {
  return [span(`${label}: `, 'dim'), span(address, 'link')];
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

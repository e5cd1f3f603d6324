import type { APIEmbed, APIEmbedField } from 'discord-api-types/v10';
import { markdown, type Reader } from './markdown';
import { lineWidth, padLine, span, wrapLine, type Line, type Style } from './rich';
import { timestamp } from './timestamp';

const FIELDS_IN_A_ROW = 3;
const GAP = 3;

/** An embed in a box of at most that many columns: fields that are inline stand side by side, up to three. */
export function embedBox(embed: APIEmbed, columns: number, reader: Reader): readonly Line[] {
  const room = columns - 4;
  const sections = [
    head(embed, room, reader),
    fieldLines(embed.fields ?? [], room, reader),
    foot(embed, room, reader),
  ];
  const content = sections
    .filter((lines) => lines.length > 0)
    .flatMap((lines, index) => (index === 0 ? lines : [[], ...lines]));
  const width = Math.max(0, ...content.map(lineWidth));
  const frame = (text: string): Line => [{ ...span(text), colour: embed.color ?? 0x808080 }];
  return [
    frame(`╭${'─'.repeat(width + 2)}╮`),
    ...content.map((line) => [...frame('│ '), ...padLine(line, width), ...frame(' │')]),
    frame(`╰${'─'.repeat(width + 2)}╯`),
  ];
}

function head({ author, title, description }: APIEmbed, room: number, reader: Reader): readonly Line[] {
  return [
    ...text(author?.name, room, reader, 'dim'),
    ...text(title, room, reader, 'bold'),
    ...text(description, room, reader),
  ];
}

function foot({ footer, timestamp: at }: APIEmbed, room: number, reader: Reader): readonly Line[] {
  const when =
    at === undefined ? undefined : timestamp(Date.parse(at) / 1000, 'f', reader.locale, reader.now);
  const parts = [footer?.text, when].filter((part) => part !== undefined);
  return parts.length === 0 ? [] : wrapLine([span(parts.join(' • '), 'dim')], room);
}

function text(
  content: string | undefined,
  room: number,
  reader: Reader,
  ...styles: readonly Style[]
): readonly Line[] {
  if (content === undefined) return [];
  return markdown(content, reader)
    .map((line) => line.map((one) => ({ ...one, styles: [...styles, ...one.styles] })))
    .flatMap((line) => wrapLine(line, room));
}

function fieldLines(fields: readonly APIEmbedField[], room: number, reader: Reader): readonly Line[] {
  const rows: APIEmbedField[][] = [];
  for (const field of fields) {
    const row = rows.at(-1);
    const joins = field.inline === true && row?.at(0)?.inline === true && row.length < FIELDS_IN_A_ROW;
    if (joins) row.push(field);
    else rows.push([field]);
  }
  return rows.flatMap((row) => sideBySide(row, room, reader));
}

/** The fields of a row in columns of the same width. */
function sideBySide(row: readonly APIEmbedField[], room: number, reader: Reader): readonly Line[] {
  const [first] = row;
  const count = first?.inline === true ? FIELDS_IN_A_ROW : 1;
  const width = Math.floor((room - GAP * (count - 1)) / count);
  const cells = row.map(({ name, value }) => [
    ...text(name, width, reader, 'bold'),
    ...text(value, width, reader),
  ]);
  const columnWidth = Math.max(...cells.flat().map(lineWidth));
  const column = count === 1 ? columnWidth : Math.max(columnWidth, Math.min(width, 16));
  const height = Math.max(...cells.map((cell) => cell.length));
  return Array.from({ length: height }, (_, index) =>
    cells.flatMap((cell, place) => {
      const gap = place === 0 ? [] : [span(' '.repeat(GAP))];
      return [...gap, ...padLine(cell[index] ?? [], column)];
    }),
  );
}

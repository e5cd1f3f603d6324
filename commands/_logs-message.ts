import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Messages } from '../src/discord/messages';
import { createEntryText } from '../src/log-reader/entry-text';
import type { LogEntry } from '../src/log-reader/entry';
import type { LinesAnswer, SummaryAnswer } from '../src/log-reader/search';
import { summaryText } from '../src/log-reader/summary-text';

/** What Discord takes: characters of a message, and a file in a server without boosts, with room to spare. */
const CONTENT_LENGTH = 2000;
const MAX_FILE_BYTES = 8_000_000;
/** What is written in one turn of the event loop: a few milliseconds. */
const CHARACTERS_A_TURN = 128 * 1024;

interface LogsMessage {
  readonly content: string;
  readonly files: { readonly attachment: Buffer; readonly name: string }[];
}

type Text = Messages['logs'];

const pretty = createEntryText(false);

/** The lines that were found, in the message where they fit, else as a file. */
export async function linesMessage(
  answer: LinesAnswer,
  limit: number,
  { logs: text }: Messages,
): Promise<LogsMessage> {
  const { entries } = answer;
  if (entries.length === 0) return nothingMessage(answer, text);
  const { bytes, left } = newestWithin(await written(entries), MAX_FILE_BYTES);
  const isCut = answer.isCut || left > 0;
  const shown = entries.length - left;
  const head = [
    text.found(shown, unixSeconds(entries[left]), unixSeconds(entries.at(-1))),
    ...(isCut ? [text.cut] : []),
    ...(!isCut && shown >= limit ? [text.limited(limit)] : []),
    ...notes(answer, text),
  ];
  return withBody(head.join('\n'), bytes, 'logs.log');
}

/** The totals, in the message where they fit, else as a file. */
export function summaryMessage(
  answer: SummaryAnswer,
  limit: number | null,
  { logs: text }: Messages,
): LogsMessage {
  const { summary, isCut } = answer;
  if (summary.lines === 0) return nothingMessage(answer, text);
  const head = [
    text.summarised(summary.lines),
    ...(isCut ? [text.summaryCut] : []),
    ...(!isCut && limit !== null && summary.lines >= limit ? [text.limited(limit)] : []),
    ...notes(answer, text),
  ];
  return withBody(head.join('\n'), Buffer.from(summaryText(summary, text.summaryWords)), 'summary.txt');
}

/** That nothing was found, and in how much. */
function nothingMessage(answer: LinesAnswer | SummaryAnswer, text: Text): LogsMessage {
  const { files, from } = answer.reach;
  const reach = from === null ? [] : [text.reach(files, Math.floor(Date.parse(from) / 1000))];
  return { content: [[text.nothing, ...reach].join(' '), ...notes(answer, text)].join('\n'), files: [] };
}

function notes({ stoppedBy, brokenLines, unreadable }: LinesAnswer | SummaryAnswer, text: Text): string[] {
  return [
    ...(stoppedBy === null ? [] : [text.stopped[stoppedBy]]),
    ...(brokenLines === 0 ? [] : [text.broken(brokenLines)]),
    ...(unreadable.length === 0 ? [] : [text.unreadable(unreadable.length)]),
  ];
}

/** Each line as text, without holding up the event loop however many and however long they are. */
export async function written(entries: readonly LogEntry[]): Promise<readonly Buffer[]> {
  const lines: Buffer[] = [];
  let characters = 0;
  for (const entry of entries) {
    lines.push(Buffer.from(`${pretty(entry)}\n`));
    characters += entry.text.length;
    if (characters < CHARACTERS_A_TURN) continue;
    characters = 0;
    await nextTurn();
  }
  return lines;
}

/** As many of the newest as fit; `left` says how many of the oldest do not. */
export function newestWithin(lines: readonly Buffer[], maxBytes: number): { bytes: Buffer; left: number } {
  let left = lines.length;
  for (let bytes = 0; left > 0; left -= 1) {
    bytes += lines[left - 1]?.length ?? 0;
    if (bytes > maxBytes) break;
  }
  return { bytes: Buffer.concat(lines.slice(left)), left };
}

function withBody(head: string, bytes: Buffer, name: string): LogsMessage {
  // A reader shows three backticks as the end of the block.
  const body = bytes.length > 4 * CONTENT_LENGTH ? null : bytes.toString().trimEnd().replace(/`/g, 'ˋ');
  const content = `${head}\n\`\`\`\n${body ?? ''}\n\`\`\``;
  if (body !== null && content.length <= CONTENT_LENGTH) return { content, files: [] };
  return { content: head, files: [{ attachment: bytes, name }] };
}

function unixSeconds(entry: LogEntry | undefined): number {
  const at = entry === undefined ? NaN : Date.parse(entry.timestamp);
  return Number.isNaN(at) ? 0 : Math.floor(at / 1000);
}

import type { APIEmbed } from 'discord.js';
import type { TraceLinks } from '../src/discord/command';
import type { Messages } from '../src/discord/messages';
import type { LogEntry } from '../src/log-reader/entry';
import type { LinesAnswer } from '../src/log-reader/search';
import { newestWithin, written } from './_logs-message';
import { COLOURS, reasonName } from './_stats-parts';
import { clip, code, escapeMarkdown, plain } from './_text';
import { factsOf, type Facts } from './_trace-facts';
import { block, fieldsOf } from './_trace-fields';
import type { Found, Story } from './_trace-story';

interface TraceMessage {
  readonly content?: string;
  readonly embeds: APIEmbed[];
  readonly files: { readonly attachment: Buffer; readonly name: string }[];
}

const TITLE_LENGTH = 256;
/** Of all text in it, less what stands around the lines. */
const EMBED_LENGTH = 5900;
const LINES_LENGTH = 1600;
const MAX_FILE_BYTES = 8_000_000;
const MAX_OTHERS = 5;
const REFERENCE_LENGTH = 8;
/** Names of the log's. */
const CALLS: ReadonlySet<string> = new Set(['rest_calls', 'requests']);

/** The story in one embed within Discord's limits; its log lines in there where they fit, else as a file. */
export async function storyMessage(
  story: Story,
  found: Found,
  links: TraceLinks,
  messages: Messages,
): Promise<TraceMessage> {
  const facts = factsOf(story);
  const said = notes(story, found, facts, messages);
  const embed: APIEmbed = {
    title: clip(`${commandName(facts)} · ${outcomeText(facts, messages)}`, TITLE_LENGTH),
    color: colourOf(facts),
    fields: fieldsOf(facts, story, links, messages.trace),
    footer: { text: [story.traceId, ...(facts.release === null ? [] : [facts.release])].join(' · ') },
  };
  const { bytes } = newestWithin(await written(linesOf(story)), MAX_FILE_BYTES);
  const isShort = bytes.length <= Math.min(LINES_LENGTH, EMBED_LENGTH - lengthOf(embed) - lengthOf(said));
  const name = `trace-${story.traceId.slice(0, REFERENCE_LENGTH)}.log`;
  const body = isShort ? block(bytes.toString()) : messages.trace.inFile(story.lines.length);
  const lines = story.lines.length === 0 ? messages.trace.noLines : body;
  const description = [...said, lines].join('\n');
  return { embeds: [{ ...embed, description }], files: isShort ? [] : [{ attachment: bytes, name }] };
}

/** No less than Discord counts of it: the quotes and names of JSON are there beside the text. */
const lengthOf = (part: APIEmbed | readonly string[]): number => JSON.stringify(part).length;

/** Without the calls of the line that settled it, which stand in fields of their own. */
function linesOf({ lines, settled }: Story): readonly LogEntry[] {
  return lines.map((entry) => (entry === settled ? withoutCalls(entry) : entry));
}

function withoutCalls(entry: LogEntry): LogEntry {
  const fields = Object.entries(entry.fields).filter(([name]) => !CALLS.has(name));
  return { ...entry, fields: Object.fromEntries(fields) };
}

/** That there is nothing, and where it was looked for. */
export function nothingMessage(digits: string, found: Found, messages: Messages): TraceMessage {
  const { trace: text } = messages;
  const content = [
    text.nothing(code(digits)),
    ...(found.isStoreAway ? [text.storeAway] : [text.storeSearched]),
    ...reachNotes(found.log, messages),
  ];
  return { content: content.join('\n'), embeds: [], files: [] };
}

function reachNotes(log: LinesAnswer | null, { trace: text, logs }: Messages): string[] {
  if (log === null) return [text.logAway];
  const { files, from } = log.reach;
  return [
    from === null ? text.logEmpty : logs.reach(files, Math.floor(Date.parse(from) / 1000)),
    ...stops(log, logs),
  ];
}

function stops({ stoppedBy }: LinesAnswer, logs: Messages['logs']): string[] {
  return stoppedBy === null ? [] : [logs.stopped[stoppedBy]];
}

/** What is odd about this story, and what of it could not be looked at. */
function notes(story: Story, found: Found, facts: Facts, messages: Messages): string[] {
  const { trace: text } = messages;
  const others = story.others.slice(0, MAX_OTHERS).map((other) => code(other));
  return [
    ...(others.length === 0 ? [] : [text.others(story.others.length + 1, others.join(', '))]),
    ...(facts.outcome === null ? [text.unsettled] : []),
    ...(found.isStoreAway ? [text.storeAway] : []),
    ...(story.lines.length === 0 ? reachNotes(found.log, messages) : []),
  ];
}

function commandName({ command, kind }: Facts): string {
  return `${kind === 'chat_input' ? '/' : ''}${escapeMarkdown(plain(command))}`;
}

function outcomeText({ outcome, reason }: Facts, { trace: text, stats }: Messages): string {
  if (outcome === null) return text.outcomes.none;
  const word = new Map<string, string>(Object.entries(text.outcomes)).get(outcome) ?? plain(outcome);
  return reason === null ? word : `${word}: ${reasonName(reason, stats)}`;
}

function colourOf({ outcome }: Facts): number {
  if (outcome === 'ok') return COLOURS.ok;
  return outcome === 'failed' ? COLOURS.fail : COLOURS.warn;
}

import type { APIEmbed, APIEmbedField } from 'discord.js';
import type { TraceLinks } from '../src/discord/command';
import { formatNumber, type Messages } from '../src/discord/messages';
import type { LinesAnswer } from '../src/log-reader/search';
import { newestWithin, written } from './_logs-message';
import { COLOURS, inline, reasonName } from './_stats-parts';
import { clip, clipLines, code, escapeMarkdown, plain } from './_text';
import { factsOf, type CallFacts, type ErrorFacts, type Facts, type Times } from './_trace-facts';
import type { Found, Story } from './_trace-story';

interface TraceMessage {
  readonly content?: string;
  readonly embeds: APIEmbed[];
  readonly files: { readonly attachment: Buffer; readonly name: string }[];
}

type Text = Messages['trace'];

const TITLE_LENGTH = 256;
const FIELD_LENGTH = 1024;
const LINES_LENGTH = 1600;
const MAX_FILE_BYTES = 8_000_000;
const MAX_OTHERS = 5;
const REFERENCE_LENGTH = 8;
const FENCES_LENGTH = '```\n\n```'.length;

/** The story in one embed within Discord's limits; its log lines in there where they fit, else as a file. */
export async function storyMessage(
  story: Story,
  found: Found,
  links: TraceLinks,
  messages: Messages,
): Promise<TraceMessage> {
  const facts = factsOf(story);
  const { bytes } = newestWithin(await written(story.lines), MAX_FILE_BYTES);
  const isShort = bytes.length <= LINES_LENGTH;
  const name = `trace-${story.traceId.slice(0, REFERENCE_LENGTH)}.log`;
  const body = isShort ? block(bytes.toString()) : messages.trace.inFile(story.lines.length);
  const lines = story.lines.length === 0 ? messages.trace.noLines : body;
  const embed: APIEmbed = {
    title: clip(`${commandName(facts)} · ${outcomeText(facts, messages)}`, TITLE_LENGTH),
    description: [...notes(story, found, facts, messages), lines].join('\n'),
    color: colourOf(facts),
    fields: fieldsOf(facts, story, links, messages.trace),
    footer: { text: [story.traceId, ...(facts.release === null ? [] : [facts.release])].join(' · ') },
  };
  return { embeds: [embed], files: isShort ? [] : [{ attachment: bytes, name }] };
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
    from === null ? text.logEmpty : logs.reach(files, unixSeconds(Date.parse(from))),
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

function fieldsOf(facts: Facts, story: Story, links: TraceLinks, text: Text): APIEmbedField[] {
  return [
    inline(text.who, facts.userId === null ? text.unknownUser : `<@${facts.userId}> ${code(facts.userId)}`),
    inline(text.where, facts.guildId === null ? text.noServer : code(facts.guildId)),
    inline(
      text.how,
      [code(facts.kind), ...(facts.shard === null ? [] : [text.shard(facts.shard)])].join(' · '),
    ),
    field(text.when, timeLines(facts.times, text).join('\n')),
    ...deadlineField(facts, text),
    ...(facts.errors.length === 0 ? [] : [field(text.error, list(facts.errors.flatMap(errorLines), text))]),
    ...callsField(facts, story, text),
    ...relatedField(facts, story, text),
    ...linksField(facts, story.traceId, links, text),
  ];
}

const field = (name: string, value: string): APIEmbedField => ({ name, value });

function timeLines({ created, received, answered, settled }: Times, text: Text): string[] {
  const start = created ?? received ?? settled;
  const line = (name: string, at: number | null): string => {
    if (at === null) return `${name}: –`;
    const offset = start === null || at === start ? '' : ` ${signed(at - start)}`;
    return `${name}: <t:${unixSeconds(at)}:T>${offset}`;
  };
  return [
    ...(start === null ? [] : [`<t:${unixSeconds(start)}:F> (<t:${unixSeconds(start)}:R>)`]),
    line(text.created, created),
    line(text.received, received),
    line(text.answered, answered),
    line(text.settled, settled),
  ];
}

const signed = (ms: number): string => `${ms < 0 ? '−' : '+'}${formatNumber(Math.abs(Math.round(ms)))} ms`;
const unixSeconds = (at: number): number => Math.floor(at / 1000);

function deadlineField({ deadline, lateBy, measured }: Facts, text: Text): APIEmbedField[] {
  if (deadline === null) return [];
  const words = new Map<string, string>(Object.entries(text.deadlines));
  const culprits = new Map<string, string>(Object.entries(text.culprits));
  const figures = measured.map(([name, ms]) => `${code(name)} ${formatNumber(ms)}`);
  const late = lateBy === null ? [] : [text.lateBy(culprits.get(lateBy) ?? plain(lateBy))];
  return [field(text.deadline, [words.get(deadline) ?? plain(deadline), ...late, ...figures].join(' · '))];
}

function errorLines({ name, message, place }: ErrorFacts): string[] {
  const head = [name, message].filter((part) => part !== '').join(': ');
  return [clip(plain(head), 300), ...(place === null ? [] : [`  at ${clip(plain(place), 200)}`])];
}

/** They stand on the line that settles a run; without it, nobody knows. */
function callsField({ calls, outcome, deadline }: Facts, { settled }: Story, text: Text): APIEmbedField[] {
  if (settled === null) return [];
  if (calls.length > 0) return [field(text.calls, list(calls.map(callLine), text))];
  const areKept = outcome !== 'ok' || deadline === 'missed' || deadline === 'unanswered';
  return [field(text.calls, areKept ? text.noCalls : text.callsOfFailures)];
}

function callLine({ method, route, status, durationMs, attempts }: CallFacts): string {
  const took = durationMs === null ? '–' : `${formatNumber(Math.round(durationMs))} ms`;
  const repeated = attempts !== null && attempts > 1 ? ` ×${attempts}` : '';
  return plain(`${status} ${took}${repeated} ${method} ${route}`);
}

function list(lines: readonly string[], text: Text): string {
  return block(clipLines(lines, FIELD_LENGTH - FENCES_LENGTH, text.more));
}

/** Text as it is, in a block that nothing gets out of: a reader shows three backticks as its end. */
function block(text: string): string {
  return `\`\`\`\n${text.trimEnd().replace(/`/g, 'ˋ')}\n\`\`\``;
}

function relatedField({ parent }: Facts, { presses }: Story, text: Text): APIEmbedField[] {
  const short = (traceId: string): string => code(traceId.slice(0, REFERENCE_LENGTH));
  const shown = presses.slice(0, MAX_OTHERS).map(short).join(', ');
  const lines = [
    ...(parent === null ? [] : [text.cameFrom(short(parent))]),
    ...(presses.length === 0 ? [] : [text.ledTo(presses.length, shown)]),
  ];
  return lines.length === 0 ? [] : [field(text.related, lines.join('\n'))];
}

/** Sentry has failures alone. */
function linksField({ outcome }: Facts, traceId: string, links: TraceLinks, text: Text): APIEmbedField[] {
  const link = (name: string, template: string): string =>
    `[${name}](${template.replaceAll('{traceId}', traceId)})`;
  const shown = [
    ...(links.trace === null ? [] : [link(text.traceLink, links.trace)]),
    ...(links.sentry === null || outcome !== 'failed' ? [] : [link('Sentry', links.sentry)]),
  ];
  return shown.length === 0 ? [] : [field(text.links, shown.join(' · '))];
}

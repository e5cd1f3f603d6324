import type { APIEmbedField } from 'discord.js';
import type { TraceLinks } from '../src/discord/command';
import { formatNumber, type Messages } from '../src/discord/messages';
import { inline } from './_stats-parts';
import { clip, clipLines, clipMiddle, code, plain } from './_text';
import type { CallFacts, ErrorFacts, Facts, Times } from './_trace-facts';
import type { Story } from './_trace-story';

type Text = Messages['trace'];

const FIELD_LENGTH = 1024;
const MAX_OTHERS = 5;
const REFERENCE_LENGTH = 8;
const FENCES_LENGTH = '```\n\n```'.length;

/** Who, where, when, and what was done: the fields of the embed, each within what Discord takes. */
export function fieldsOf(facts: Facts, story: Story, links: TraceLinks, text: Text): APIEmbedField[] {
  return [
    inline(text.who, facts.userId === null ? text.unknownUser : `<@${facts.userId}> ${code(facts.userId)}`),
    inline(text.where, whereText(facts, text)),
    inline(
      text.how,
      [code(facts.kind), ...(facts.shard === null ? [] : [text.shard(facts.shard)])].join(' · '),
    ),
    field(text.when, timeLines(facts.times, text).join('\n')),
    ...deadlineField(facts, text),
    ...(facts.errors.length === 0 ? [] : [field(text.error, list(facts.errors.flatMap(errorLines), text))]),
    ...callsField(facts, story, text),
    ...requestsField(facts, text),
    ...relatedField(facts, story, text),
    ...linksField(facts, story.traceId, links, text),
  ];
}

function whereText({ guildId, channelId }: Facts, text: Text): string {
  const server = guildId === null ? text.noServer : code(guildId);
  return channelId === null ? server : `${server}\n<#${channelId}> ${code(channelId)}`;
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
  const late = lateBy === null ? [] : [text.lateBy(culprits.get(lateBy) ?? plain(lateBy)), ...figures];
  return [field(text.deadline, [words.get(deadline) ?? plain(deadline), ...late].join(' · '))];
}

function errorLines({ name, message, place }: ErrorFacts): string[] {
  const head = [name, message].filter((part) => part !== '').join(': ');
  return [clip(plain(head), 300), ...(place === null ? [] : [`  at ${clip(plain(place), 200)}`])];
}

/** They stand on the line that settles a run; without it, nobody knows. */
function callsField(facts: Facts, { settled }: Story, text: Text): APIEmbedField[] {
  if (settled === null) return [];
  const { calls, callsDropped } = facts;
  if (calls.length > 0) return [field(text.calls, callList(calls, callsDropped, text))];
  const areKept = facts.outcome !== 'ok' || isLate(facts);
  return [field(text.calls, areKept ? text.noCalls : text.callsOfFailures)];
}

/** They are watched for traces alone: that there are none may mean that nobody looked. */
function requestsField({ requests }: Facts, text: Text): APIEmbedField[] {
  return requests.length === 0 ? [] : [field(text.requests, callList(requests, 0, text))];
}

function callList(calls: readonly CallFacts[], dropped: number, text: Text): string {
  return block(clipMiddle(calls.map(callLine), dropped, FIELD_LENGTH - FENCES_LENGTH, text.more));
}

const isLate = ({ deadline }: Facts): boolean => deadline === 'missed' || deadline === 'unanswered';

function callLine({ method, to, status, durationMs, attempts }: CallFacts): string {
  const took = durationMs === null ? '–' : `${formatNumber(Math.round(durationMs))} ms`;
  const repeated = attempts !== null && attempts > 1 ? ` ×${attempts}` : '';
  return plain(`${status} ${took}${repeated} ${method} ${to}`);
}

function list(lines: readonly string[], text: Text): string {
  return block(clipLines(lines, FIELD_LENGTH - FENCES_LENGTH, text.more));
}

/** Text as it is, in a block that nothing gets out of: a reader shows three backticks as its end. */
export function block(text: string): string {
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

/** Sentry has failures alone; of traces, a part of those that went well. There is none before it has settled. */
function linksField(facts: Facts, traceId: string, links: TraceLinks, text: Text): APIEmbedField[] {
  const link = (name: string, template: string): string =>
    `[${name}](${template.replaceAll('{traceId}', traceId)})`;
  const isFailed = facts.outcome === 'failed';
  const isKept = isFailed || isLate(facts) || links.isSampled(traceId);
  const shown = [
    ...(links.trace === null || facts.outcome === null
      ? []
      : [isKept ? link(text.traceLink, links.trace) : text.traceNotKept]),
    ...(links.sentry === null || !isFailed ? [] : [link('Sentry', links.sentry)]),
  ];
  return shown.length === 0 ? [] : [field(text.links, shown.join(' · '))];
}

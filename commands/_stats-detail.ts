import type { APIEmbed, APIEmbedField } from 'discord.js';
import { formatNumber, type Messages } from '../src/discord/messages';
import type { ReleaseChanges, StatsSummary, StoredInvocation, Totals } from '../src/stats/stats';
import { changesField } from './_stats-changes';
import {
  ago,
  colourOf,
  countFields,
  footer,
  inline,
  listField,
  milliseconds,
  p95Field,
  reasonName,
} from './_stats-parts';
import { clip, code, escapeMarkdown, plain } from './_text';

const TITLE_LENGTH = 256;
const NEWEST_FAILURES = 5;

interface Shown {
  readonly summary: StatsSummary;
  readonly failures: readonly StoredInvocation[];
  readonly changes: ReleaseChanges | null;
}

/**
 * One command, or the subcommands of one, as one embed within Discord's limits.
 *
 * @param shown.failures of the period, the newest first.
 * @param shown.changes since the running version took over; null where there is nothing to compare.
 */
export function detailEmbed(
  command: string,
  { summary, failures, changes }: Shown,
  scope: string,
  text: Messages['stats'],
): APIEmbed {
  const { period, totals, since } = summary;
  const used = totals.invocations > 0;
  const label = text.periods[period];
  const newest = failures.slice(0, NEWEST_FAILURES).map((failure) => failureLine(failure, command, text));
  return {
    title: clip(text.detailTitle(escapeMarkdown(plain(command)), label), TITLE_LENGTH),
    ...(used ? {} : { description: text.commandNotUsed(code(command), label, period === 'all') }),
    color: colourOf(totals),
    fields: [
      ...(used ? usage(summary, text) : []),
      ...changesField(changes, command, text),
      ...(used ? [...reasonFields(totals, text), ...listField(text.newestFailures, newest, text)] : []),
    ],
    footer: footer(summary, scope, text),
    timestamp: since,
  };
}

function usage(summary: StatsSummary, text: Messages['stats']): APIEmbedField[] {
  const { totals, commands } = summary;
  const runs = commands.filter(({ kind }) => kind !== 'autocomplete');
  const lastUsed = runs
    .flatMap((row) => row.lastUsed ?? [])
    .toSorted()
    .at(-1);
  return [
    ...countFields(summary, text),
    inline(text.users, formatNumber(totals.users)),
    inline(text.lastUsed, lastUsed === undefined ? '–' : ago(lastUsed)),
    inline('p50', milliseconds(totals.p50Ms)),
    p95Field(summary, text),
    inline('p99', milliseconds(totals.p99Ms)),
    inline(`${text.answered} (p50)`, milliseconds(totals.ackP50Ms)),
    inline(`${text.answered} (p95)`, milliseconds(totals.ackP95Ms)),
  ];
}

function reasonFields({ failures, refusals }: Totals, text: Messages['stats']): APIEmbedField[] {
  return [
    ...listField(text.failures, reasonLines(failures, text), text),
    ...listField(text.refusals, reasonLines(refusals, text), text),
  ];
}

/** The most frequent first, as one line. */
function reasonLines(counts: Readonly<Record<string, number>>, text: Messages['stats']): string[] {
  const reasons = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => `**${formatNumber(count)}×** ${reasonName(reason, text)}`);
  return reasons.length === 0 ? [] : [reasons.join(' · ')];
}

/** Which of the subcommands it was is said where several are shown. */
function failureLine(failure: StoredInvocation, asked: string, text: Messages['stats']): string {
  const command = failure.command === asked ? '' : `${code(failure.command, 40)} `;
  const reason = failure.reason === null ? '–' : reasonName(failure.reason, text);
  return `${command}${reason} ${code(failure.traceId.slice(0, 8))} ${ago(failure.at)}`;
}

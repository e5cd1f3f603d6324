import type { APIEmbed, APIEmbedField } from 'discord.js';
import { formatNumber, formatPercentage, type Messages } from '../src/discord/messages';
import type { CommandStats, ReleaseChanges, StatsSummary } from '../src/stats/stats';
import { changesField } from './_stats-changes';
import { colourOf, countFields, errorLine, footer, inline, listField, p95Field } from './_stats-parts';
import { table } from './_table';
import { clipWidth, code, plain } from './_text';

const COMMANDS_A_PAGE = 10;
const TOP_ERRORS = 5;
const UNUSED_NAMES = 10;
/** A whole command name of Discord's greatest length; longer paths are cut. */
const NAME_COLUMNS = 32;

/**
 * All commands at a glance, as one embed within Discord's limits, however many commands there are.
 *
 * @param changes since the running version took over; null where there is nothing to compare.
 * @param page of the table of commands; from 0, below `pagesOf(summary)`.
 */
export function overviewEmbed(
  { summary, changes }: { readonly summary: StatsSummary; readonly changes: ReleaseChanges | null },
  page: number,
  scope: string,
  text: Messages['stats'],
): APIEmbed {
  const { period, totals, since } = summary;
  const used = totals.invocations > 0;
  return {
    title: text.title(text.periods[period]),
    description: used ? commandTable(summary, page, text) : text.nothingUsed[period],
    color: colourOf(totals),
    fields: [
      ...(used ? usage(summary, text) : []),
      ...changesField(changes, null, text),
      ...(used ? topErrors(summary, text) : []),
      ...unused(summary.unused, text),
    ],
    footer: footer(summary, scope, text),
    timestamp: since,
  };
}

/** How many pages the table of commands has; at least one. */
export function pagesOf(summary: StatsSummary): number {
  return Math.max(1, Math.ceil(runsOf(summary).length / COMMANDS_A_PAGE));
}

function runsOf({ commands }: StatsSummary): readonly CommandStats[] {
  return commands.filter(({ kind }) => kind !== 'autocomplete');
}

function usage(summary: StatsSummary, text: Messages['stats']): APIEmbedField[] {
  return [
    ...countFields(summary, text),
    p95Field(summary, text),
    inline(text.users, formatNumber(summary.totals.users)),
  ];
}

function topErrors(summary: StatsSummary, text: Messages['stats']): APIEmbedField[] {
  const errors = summary.topErrors.slice(0, TOP_ERRORS).map((error) => errorLine(error, text));
  return listField(text.topErrors, errors, text);
}

function commandTable(summary: StatsSummary, page: number, text: Messages['stats']): string {
  const { columns } = text;
  const header = [columns.command, columns.calls, columns.errors, columns.p95];
  const from = page * COMMANDS_A_PAGE;
  const rows = runsOf(summary)
    .slice(from, from + COMMANDS_A_PAGE)
    .map(cells);
  const pages = pagesOf(summary);
  const place = pages === 1 ? '' : text.page(page + 1, pages);
  return `\`\`\`\n${table([header, ...rows])}\n\`\`\`${place}`;
}

function cells({ command, kind, invocations, errorRate, p95Ms }: CommandStats): string[] {
  const name = kind === 'chat_input' ? command : `${command} (${kind})`;
  return [
    clipWidth(plain(name), NAME_COLUMNS),
    formatNumber(invocations),
    formatPercentage(errorRate),
    p95Ms === null ? '–' : formatNumber(p95Ms),
  ];
}

function unused(names: readonly string[], text: Messages['stats']): APIEmbedField[] {
  const shown = names.slice(0, UNUSED_NAMES).map((name) => code(name, 40));
  const rest = names.length > shown.length ? [text.more(names.length - shown.length)] : [];
  return listField(text.unused(names.length), names.length > 0 ? [[...shown, ...rest].join(', ')] : [], text);
}

import type { APIEmbed, APIEmbedField } from 'discord.js';
import { formatNumber, formatPercentage, type Messages } from '../src/discord/messages';
import type { CommandStats, StatsSummary } from '../src/stats/stats';
import { colourOf, countFields, errorLine, inline, latencyField, listField } from './_stats-parts';
import { table } from './_table';
import { clipWidth, code, plain } from './_text';

const TOP_COMMANDS = 10;
const TOP_ERRORS = 3;
const UNUSED_NAMES = 10;
/** A whole command name of Discord's greatest length; longer paths are cut. */
const NAME_COLUMNS = 32;

/** All commands at a glance, as one embed within Discord's limits, however many commands there are. */
export function overviewEmbed(summary: StatsSummary, scope: string, text: Messages['stats']): APIEmbed {
  const { period, totals, since } = summary;
  const used = totals.invocations > 0;
  return {
    title: text.title(text.periods[period]),
    description: used ? topCommands(summary.commands, text) : text.nothingUsed[period],
    color: colourOf(totals),
    fields: [...(used ? usage(summary, text) : []), ...unused(summary.unused, text)],
    footer: { text: scope },
    timestamp: since,
  };
}

function usage({ totals, topErrors }: StatsSummary, text: Messages['stats']): APIEmbedField[] {
  const errors = topErrors.slice(0, TOP_ERRORS).map((error) => errorLine(error, true));
  return [
    ...countFields(totals, text),
    latencyField('p95', totals.p95Ms),
    inline(text.users, formatNumber(totals.users)),
    ...listField(text.topErrors, errors, text),
  ];
}

function topCommands(commands: readonly CommandStats[], { columns }: Messages['stats']): string {
  const header = [columns.command, columns.calls, columns.errors, columns.p95];
  const runs = commands.filter(({ kind }) => kind !== 'autocomplete');
  const rows = runs.slice(0, TOP_COMMANDS).map(cells);
  return `\`\`\`\n${table([header, ...rows])}\n\`\`\``;
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

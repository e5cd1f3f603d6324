import type { APIEmbed, APIEmbedField } from 'discord.js';
import { formatNumber, type Messages } from '../src/discord/messages';
import type { StatsSummary } from '../src/stats/stats';
import { colourOf, countFields, errorLine, inline, latencyField, listField } from './_stats-parts';
import { clip, code, escapeMarkdown, plain } from './_text';

const TITLE_LENGTH = 256;
const NEWEST_ERRORS = 5;

/** One command, or the subcommands of one, as one embed within Discord's limits. */
export function detailEmbed(
  command: string,
  summary: StatsSummary,
  scope: string,
  text: Messages['stats'],
): APIEmbed {
  const { period, totals, since } = summary;
  const used = totals.invocations > 0;
  const label = text.periods[period];
  return {
    title: clip(text.detailTitle(escapeMarkdown(plain(command)), label), TITLE_LENGTH),
    ...(used ? {} : { description: text.commandNotUsed(code(command), label, period === 'all') }),
    color: colourOf(totals),
    fields: used ? usage(summary, text) : [],
    footer: { text: scope },
    timestamp: since,
  };
}

function usage({ totals, commands, topErrors }: StatsSummary, text: Messages['stats']): APIEmbedField[] {
  const newest = topErrors.toSorted((a, b) => Date.parse(b.lastSeen) - Date.parse(a.lastSeen));
  const lastUsed = Math.max(...commands.map((row) => Date.parse(row.lastUsed ?? '')).filter(Number.isFinite));
  return [
    ...countFields(totals, text),
    latencyField('p50', totals.p50Ms),
    latencyField('p95', totals.p95Ms),
    latencyField('p99', totals.p99Ms),
    inline(text.users, formatNumber(totals.users)),
    inline(text.lastUsed, Number.isFinite(lastUsed) ? `<t:${Math.floor(lastUsed / 1000)}:R>` : '–'),
    ...listField(
      text.newestErrors,
      newest.slice(0, NEWEST_ERRORS).map((error) => errorLine(error, false)),
      text,
    ),
  ];
}

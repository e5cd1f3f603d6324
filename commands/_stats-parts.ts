import type { APIEmbedField } from 'discord.js';
import { formatNumber, formatPercentage, type Messages } from '../src/discord/messages';
import type { Counts, ErrorStats, StatsSummary } from '../src/stats/stats';
import { clipLines, code, escapeMarkdown, plain } from './_text';

/** What the overview and the detail of the statistics have in common. */

export const COLOURS = { ok: 0x2e8b57, warn: 0xe0a100, fail: 0xc0392b, idle: 0x7f8c8d } as const;
const FIELD_LENGTH = 1024;
/** The share of failed calls from which the embed turns red. */
const ALARMING_ERROR_RATE = 0.05;

export function colourOf({ invocations, failed, errorRate }: Counts): number {
  if (invocations === 0) return COLOURS.idle;
  if (failed === 0) return COLOURS.ok;
  return errorRate < ALARMING_ERROR_RATE ? COLOURS.warn : COLOURS.fail;
}

/** How often, and how it ended. */
export function countFields(
  { totals, previous }: Pick<StatsSummary, 'totals' | 'previous'>,
  text: Messages['stats'],
): APIEmbedField[] {
  const { invocations, failed, errorRate } = totals;
  const share = failed === 0 ? '' : ` (${formatPercentage(errorRate)})`;
  const calls = previous && change(invocations, previous.invocations, text);
  const points =
    previous && invocations > 0 && previous.invocations > 0 && pointsOf(errorRate, previous.errorRate, text);
  return [
    inline(text.calls, withChange(formatNumber(invocations), calls)),
    inline(text.ok, formatNumber(totals.ok)),
    inline(text.refused, formatNumber(totals.refused)),
    inline(text.failed, withChange(formatNumber(failed) + share, points)),
  ];
}

export function p95Field(
  { totals, previous }: Pick<StatsSummary, 'totals' | 'previous'>,
  text: Messages['stats'],
): APIEmbedField {
  const { p95Ms } = totals;
  const before = previous?.p95Ms ?? null;
  const moved = p95Ms !== null && before !== null && before > 0 && change(p95Ms, before, text);
  return inline('p95', withChange(milliseconds(p95Ms), moved));
}

export function milliseconds(value: number | null): string {
  return value === null ? '–' : `${formatNumber(value)} ms`;
}

/** Where the numbers come from; and what the arrows mean, where there are any. */
export function footer({ previous }: StatsSummary, scope: string, text: Messages['stats']): { text: string } {
  return { text: previous === null ? scope : `${text.compared} · ${scope}` };
}

function withChange(value: string, moved: string | false | null): string {
  return moved ? `${value} ${moved}` : value;
}

/** Against a figure of the period before: `▲ 12%`. */
function change(now: number, before: number, text: Messages['stats']): string {
  if (before === 0) return now === 0 ? '' : text.fromNothing;
  const percent = (now / before - 1) * 100;
  return arrow(percent, (amount) => `${amount}%`);
}

function pointsOf(now: number, before: number, text: Messages['stats']): string {
  return arrow((now - before) * 100, text.points);
}

function arrow(difference: number, format: (amount: string) => string): string {
  const size = Math.abs(difference);
  const amount = size < 10 ? Math.round(size * 10) / 10 : Math.round(size);
  if (amount === 0) return `±${format('0')}`;
  return `${difference > 0 ? '▲' : '▼'} ${format(formatNumber(amount))}`;
}

export function inline(name: string, value: string): APIEmbedField {
  return { name, value, inline: true };
}

/** A field with lines of text; none without lines. */
export function listField(name: string, lines: readonly string[], text: Messages['stats']): APIEmbedField[] {
  return lines.length === 0 ? [] : [{ name, value: clipLines(lines, FIELD_LENGTH, text.more) }];
}

/**
 * One error on one line; the command's name only where several commands are shown. Its message is not: everyone in the
 * channel reads along. The reference leads to it, in the log.
 */
export function errorLine(error: ErrorStats, text: Messages['stats']): string {
  const count = `**${formatNumber(error.count)}×**`;
  return `${code(error.command, 40)} ${count} ${reasonName(error.reason, text)} ${code(error.reference)} ${ago(error.lastSeen)}`;
}

/** The time, which Discord shows as how long ago that was. */
export function ago(iso: string): string {
  return `<t:${Math.floor(Date.parse(iso) / 1000)}:R>`;
}

export function reasonName(reason: string, { reasons }: Messages['stats']): string {
  return new Map<string, string>(Object.entries(reasons)).get(reason) ?? escapeMarkdown(plain(reason));
}

import type { APIEmbedField } from 'discord.js';
import { formatNumber, formatPercentage, type Messages } from '../src/discord/messages';
import type { Counts, ErrorStats } from '../src/stats/stats';
import { clipLines, code } from './_text';

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
export function countFields(counts: Counts, text: Messages['stats']): APIEmbedField[] {
  const share = counts.failed === 0 ? '' : ` (${formatPercentage(counts.errorRate)})`;
  return [
    inline(text.calls, formatNumber(counts.invocations)),
    inline(text.ok, formatNumber(counts.ok)),
    inline(text.refused, formatNumber(counts.refused)),
    inline(text.failed, formatNumber(counts.failed) + share),
  ];
}

export function latencyField(name: string, milliseconds: number | null): APIEmbedField {
  return inline(name, milliseconds === null ? '–' : `${formatNumber(milliseconds)} ms`);
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
export function errorLine(error: ErrorStats, withCommand: boolean): string {
  const command = withCommand ? `${code(error.command, 40)} ` : '';
  const seen = `<t:${Math.floor(Date.parse(error.lastSeen) / 1000)}:R>`;
  return `${command}**${formatNumber(error.count)}×** ${error.reason} ${code(error.reference)} ${seen}`;
}

import { OUTCOME_KINDS } from '../../src/telemetry/event';
import type { OutcomeCounts } from './bot/numbers';
import type { Ledger } from './ledger';
import { span, type Line, type Style } from './view/rich';

/** What the bot's own numbers said at the end; null: it could not be asked any more. */
export interface BotNumbers {
  readonly stats: OutcomeCounts | null;
  /** What its statistics counted before anybody typed. */
  readonly stored: OutcomeCounts | null;
  readonly metrics: OutcomeCounts | null;
}

/** The counts of everyone who counts, and whether they agree. */
export function summaryLines(ledger: Ledger, { stored, metrics, ...now }: BotNumbers): readonly Line[] {
  const stats = now.stats === null || stored === null ? null : difference(now.stats, stored);
  const rows = [
    row('', ['total', ...OUTCOME_KINDS], 'dim'),
    row('typed by users', [String(ledger.typed), '', '', '']),
    countRow("the bot's events", ledger.outcomes),
    countRow('/api/stats', stats),
    countRow('/metrics', metrics),
  ];
  return [...rows, ...storedNote(stored), verdict(ledger, [stats, metrics])];
}

function verdict(ledger: Ledger, asked: readonly (OutcomeCounts | null)[]): Line {
  const { typed, outcomes, pending } = ledger;
  if (asked.includes(null)) return [span('  The bot could not be asked for all of its numbers.', 'yellow')];
  const agree = asked.every(
    (counts) => counts !== null && OUTCOME_KINDS.every((kind) => counts[kind] === outcomes[kind]),
  );
  if (agree && typed === total(outcomes)) return [span('  The numbers agree.', 'green')];
  const unsettled =
    pending.length > 0
      ? ` ${pending.length} never settled: ${pending.map(({ line }) => line).join(', ')}.`
      : '';
  return [span(`  The numbers DO NOT agree.${unsettled}`, 'red')];
}

function storedNote(stored: OutcomeCounts | null): readonly Line[] {
  if (stored === null || total(stored) === 0) return [];
  const text = `  The database held ${total(stored)} from before: /api/stats is what has been added.`;
  return [[span(text, 'dim')]];
}

function difference(now: OutcomeCounts, before: OutcomeCounts): OutcomeCounts {
  return {
    ok: now.ok - before.ok,
    refused: now.refused - before.refused,
    failed: now.failed - before.failed,
  };
}

function countRow(name: string, counts: OutcomeCounts | null): Line {
  if (counts === null) return row(name, ['–', '–', '–', '–']);
  return row(name, [String(total(counts)), ...OUTCOME_KINDS.map((kind) => String(counts[kind]))]);
}

function row(name: string, cells: readonly string[], ...styles: readonly Style[]): Line {
  return [span(`  ${name.padEnd(16)}${cells.map((cell) => cell.padStart(9)).join('')}`, ...styles)];
}

function total(counts: OutcomeCounts): number {
  return OUTCOME_KINDS.reduce((sum, kind) => sum + counts[kind], 0);
}

import { LatencySketch } from '../stats/sketch';
import { textField, type LogEntry } from './entry';

/** How a command has done, by the lines that settle it. */
export interface CommandTotal {
  readonly command: string;
  readonly kind: string;
  readonly count: number;
  /** Null, like the next and the share, where lines of failed runs alone were read. */
  readonly ok: number | null;
  readonly refused: number | null;
  readonly failed: number;
  /** The share that failed, 0 to 1. */
  readonly errorRate: number | null;
  /** Over all of them, whatever the outcome; null where no line had a duration. */
  readonly meanMs: number | null;
  /** Within 2 %. */
  readonly p95Ms: number | null;
}

export interface CommandTotals {
  add(entry: LogEntry): void;
  /** The most used first. */
  totals(): readonly CommandTotal[];
}

/** Commands that are told apart; all others are counted as one. */
const MAX_APART = 1000;
const OTHER = '_other';

interface Cell {
  readonly command: string;
  readonly kind: string;
  readonly outcomes: { ok: number; refused: number; failed: number };
  readonly durations: LatencySketch;
  timed: number;
  sumMs: number;
}

/** @param failedOnly whether the lines are of failed runs alone, so that nothing can be said of the others. */
export function createCommandTotals(failedOnly: boolean): CommandTotals {
  const cells = new Map<string, Cell>();
  const cellOf = (command: string, kind: string): Cell => {
    const key = `${command}\n${kind}`;
    const known = cells.get(key);
    if (known !== undefined) return known;
    if (cells.size >= MAX_APART && command !== OTHER) return cellOf(OTHER, '');
    const outcomes = { ok: 0, refused: 0, failed: 0 };
    const cell = { command, kind, outcomes, durations: new LatencySketch(), timed: 0, sumMs: 0 };
    cells.set(key, cell);
    return cell;
  };
  return {
    add: ({ fields }) => {
      if (fields.event !== 'command_settled') return;
      const { outcome, duration_ms: durationMs } = fields;
      const cell = cellOf(textField(fields, 'command'), textField(fields, 'kind'));
      if (outcome === 'ok' || outcome === 'refused' || outcome === 'failed') cell.outcomes[outcome] += 1;
      if (typeof durationMs !== 'number' || !Number.isFinite(durationMs)) return;
      cell.timed += 1;
      cell.sumMs += durationMs;
      cell.durations.add(durationMs / 1000);
    },
    totals: () =>
      [...cells.values()]
        .map((cell) => totalOf(cell, failedOnly))
        .sort((a, b) => b.count - a.count || a.command.localeCompare(b.command)),
  };
}

function totalOf(cell: Cell, failedOnly: boolean): CommandTotal {
  const { command, kind, outcomes, durations, timed, sumMs } = cell;
  const { ok, refused, failed } = outcomes;
  const count = ok + refused + failed;
  const p95 = durations.quantile(0.95);
  return {
    command,
    kind,
    count,
    ok: failedOnly ? null : ok,
    refused: failedOnly ? null : refused,
    failed,
    errorRate: failedOnly ? null : count === 0 ? 0 : failed / count,
    meanMs: timed === 0 ? null : rounded(sumMs / timed),
    p95Ms: p95 === null ? null : rounded(p95 * 1000),
  };
}

const rounded = (milliseconds: number): number => Math.round(milliseconds * 100) / 100;

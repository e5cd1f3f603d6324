/** What the bot writes to its console, a line each. */
export type ConsoleLine =
  | { readonly kind: 'settled'; readonly settled: Settled; readonly text: string }
  | { readonly kind: 'log'; readonly level: string; readonly text: string }
  /** Not JSON: something that was written past the logger, such as wrong settings. */
  | { readonly kind: 'raw'; readonly text: string };

export const OUTCOMES = ['ok', 'refused', 'failed'] as const;
export type OutcomeKind = (typeof OUTCOMES)[number];

/** How an interaction ended, as the bot says. */
export interface Settled {
  readonly interactionId: string;
  readonly outcome: OutcomeKind;
  /** Why it was refused or failed; null if it did neither. */
  readonly reason: string | null;
  readonly durationMs: number;
}

/** Reads a line of the bot's console. Never throws. */
export function parseConsoleLine(line: string): ConsoleLine {
  const record = parseObject(line);
  if (record === null) return { kind: 'raw', text: line };
  const text = `${String(record.logger)}: ${String(record.message)}`;
  const settled = settledOf(record);
  return settled === null
    ? { kind: 'log', level: String(record.level), text }
    : { kind: 'settled', settled, text };
}

function settledOf(record: Readonly<Record<string, unknown>>): Settled | null {
  const outcome = OUTCOMES.find((kind) => kind === record.outcome);
  if (record.event !== 'command_settled' || outcome === undefined) return null;
  return {
    interactionId: String(record.interaction_id),
    outcome,
    reason: typeof record.reason === 'string' ? record.reason : null,
    durationMs: Number(record.duration_ms),
  };
}

function parseObject(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}

/** What the bot writes to its console, a line each. */
export type ConsoleLine =
  | { readonly kind: 'log'; readonly level: string; readonly text: string }
  /** How an interaction ended, which is shown as that, and not as a line. */
  | { readonly kind: 'settled'; readonly text: string }
  /** Where traces or errors go, or that they go nowhere although it is said where. */
  | { readonly kind: 'destination'; readonly text: string }
  /** Traces or errors get lost, or are taken again. */
  | { readonly kind: 'losses'; readonly text: string }
  /** Not JSON: something that was written past the logger, such as wrong settings. */
  | { readonly kind: 'raw'; readonly text: string };

const LOSSES: ReadonlySet<unknown> = new Set([
  'traces_lost',
  'traces_taken_again',
  'errors_lost',
  'errors_taken_again',
]);
const DESTINATION = /^(?:(?:Traces|Errors) go to |No traces: )/;

/** Reads a line of the bot's console. Never throws. */
export function parseConsoleLine(line: string): ConsoleLine {
  const record = parseObject(line);
  if (record === null) return { kind: 'raw', text: line };
  const message = String(record.message);
  const text = `${String(record.logger)}: ${message}`;
  if (record.event === 'command_settled') return { kind: 'settled', text };
  if (LOSSES.has(record.event)) return { kind: 'losses', text };
  if (DESTINATION.test(message)) return { kind: 'destination', text: message };
  return { kind: 'log', level: String(record.level), text };
}

function parseObject(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}

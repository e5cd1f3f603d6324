/** What the bot writes to its console, a line each. */
export type ConsoleLine =
  | { readonly kind: 'log'; readonly level: string; readonly text: string }
  /** How an interaction ended, which is shown as that, and not as a line. */
  | { readonly kind: 'settled'; readonly text: string }
  /** Not JSON: something that was written past the logger, such as wrong settings. */
  | { readonly kind: 'raw'; readonly text: string };

/** Reads a line of the bot's console. Never throws. */
export function parseConsoleLine(line: string): ConsoleLine {
  const record = parseObject(line);
  if (record === null) return { kind: 'raw', text: line };
  const text = `${String(record.logger)}: ${String(record.message)}`;
  if (record.event === 'command_settled') return { kind: 'settled', text };
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

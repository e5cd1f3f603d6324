/** Trace ids, and references, which are their beginnings, as people type them. */

/** What `parseTrace` takes, in words. */
export const EXPECTED_TRACE = 'a reference or a trace id: 4 to 32 hexadecimal digits';

const TRACE = /^#?(?<digits>[0-9a-f]{4,32})$/i;

/** Reads the beginning of a trace id, with or without `#` in front; null where it is none. In lower case, as logged. */
export function parseTrace(text: string): string | null {
  return TRACE.exec(text.trim())?.groups?.digits?.toLowerCase() ?? null;
}

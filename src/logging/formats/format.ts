import type { LogRecord } from '../record';

/** Who logs, and in which build: the same on every line, and so no part of a record. */
export interface Service {
  readonly name: string;
  readonly version: string;
  readonly commit: string;
}

/** Writes a record as text, without the line break at its end. */
export type Format = (record: LogRecord) => string;

/** Formats a record once for all destinations that share the format: they get it one right after the other. */
export function sharedFormat(format: Format): Format {
  let last: { readonly record: LogRecord; readonly text: string } | null = null;
  return (record) => {
    if (last?.record !== record) last = { record, text: format(record) };
    return last.text;
  };
}

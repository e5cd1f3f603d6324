import { LOG_LEVELS, type LogLevel } from '../logging/logger';
import { isPlainObject, type Plain, type PlainObject } from '../logging/plain';

/** A line of a log file, understood. */
export interface LogEntry {
  /** The line exactly as it stands in the file. */
  readonly text: string;
  /** ISO 8601, milliseconds, UTC: they compare as text. */
  readonly timestamp: string;
  readonly level: LogLevel;
  /** All that is in the line, these two included. */
  readonly fields: PlainObject;
}

const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** Reads a line; null where it is none of ours, such as the half line that a killed process leaves. */
export function parseEntry(text: string): LogEntry | null {
  const fields = parseJson(text);
  if (!isPlainObject(fields)) return null;
  const { timestamp } = fields;
  const level = LOG_LEVELS.find((one) => one === fields.level);
  const isDated = typeof timestamp === 'string' && TIMESTAMP.test(timestamp);
  return isDated && level !== undefined ? { text, timestamp, level, fields } : null;
}

function parseJson(text: string): Plain | undefined {
  try {
    return JSON.parse(text) as Plain;
  } catch {
    return undefined;
  }
}

/** A field that is text; empty where it is not. */
export function textField(fields: PlainObject, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
}

/** Characters of a trace id that users are shown: the reference, which is enough to find it. */
export const REFERENCE_LENGTH = 8;

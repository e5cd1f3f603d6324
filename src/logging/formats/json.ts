import type { PlainObject } from '../plain';
import type { LogRecord } from '../record';
import { escapeControls } from './escape';

/**
 * A JSON object on one line: timestamp, level, logger, message, the invocation, then the line's own fields. The three
 * are written one by one and joined as text: to lay them together as an object first would cost more than the writing.
 */
export function formatJson(record: LogRecord): string {
  const { timestamp, level, logger, message, invocation, fields } = record;
  const head = JSON.stringify({ timestamp, level, logger, message });
  // JSON lets C1 controls and U+2028 stand; terminals and readers of lines do not.
  return escapeControls(`${head.slice(0, -1)}${members(invocation)}${members(fields)}}`);
}

/** The members of an object as they follow others. Their names are distinct already. */
function members(object: PlainObject | null): string {
  const text = object === null ? '{}' : JSON.stringify(object);
  return text === '{}' ? '' : `,${text.slice(1, -1)}`;
}

import { createPrettyFormat } from '../logging/formats/pretty';
import type { Plain } from '../logging/plain';
import type { LogRecord } from '../logging/record';
import { REFERENCE_LENGTH, textField, type LogEntry } from './entry';

/** What stands in front of a line, what its message says or nobody reads, and what all have: not among its fields. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  ...['timestamp', 'level', 'logger', 'message'],
  ...['event', 'interaction_id'],
  ...['version', 'commit'],
]);
const TRACES: ReadonlySet<string> = new Set(['trace_id', 'parent_trace_id']);
const DIM = '\u001b[2m';
const PLAIN = '\u001b[0m';

/**
 * Writes lines for a person as the console does, but shorter, and with the date in front: files go back days. Traces are
 * cut to what `--trace` takes, and an error is told by its stack alone.
 */
export function createEntryText(colour: boolean): (entry: LogEntry) => string {
  const pretty = createPrettyFormat(colour, 'error');
  return ({ timestamp, level, fields }) => {
    const others = Object.entries(fields)
      .filter(([name]) => !LEFT_OUT.has(name))
      .map(([name, value]): [string, Plain] => [name, TRACES.has(name) ? shortened(value) : value]);
    const date = timestamp.slice(0, 10);
    const head = {
      timestamp,
      level,
      logger: textField(fields, 'logger'),
      message: textField(fields, 'message'),
      invocation: null,
    };
    const line =
      shown(() => pretty({ ...head, fields: Object.fromEntries(others) })) ?? pretty(tooDeep(head));
    return colour ? `${DIM}${date}${PLAIN} ${line}` : `${date} ${line}`;
  };
}

/** Null where a line of somebody else's is nested so deep that it cannot be written. */
function shown(write: () => string): string | null {
  try {
    return write();
  } catch {
    return null;
  }
}

function tooDeep(head: Omit<LogRecord, 'fields'>): LogRecord {
  return { ...head, fields: { fields: 'nested too deep to be shown; --json has them' } };
}

function shortened(traceId: Plain): Plain {
  return typeof traceId === 'string' ? traceId.slice(0, REFERENCE_LENGTH) : traceId;
}

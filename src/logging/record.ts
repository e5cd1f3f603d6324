import type { Invocation } from '../telemetry/event';
import { isError, plainThrown } from './errors';
import type { LogLevel } from './logger';
import { readProperty, type Plain, type PlainObject } from './plain';
import { createNames } from './names';
import type { PlainWriter } from './plain-writer';
import type { Redactor } from './redact';
import { createTimestamps } from './timestamps';
import { createWriters } from './typed-writer';

/** A line before it is formatted: redacted, bounded, and nothing but JSON. */
export interface LogRecord {
  /** ISO 8601, milliseconds, UTC. */
  readonly timestamp: string;
  readonly level: LogLevel;
  readonly logger: string;
  readonly message: string;
  /** The invocation's fields where it was logged inside of one; they win over the line's own. */
  readonly invocation: InvocationFields | null;
  readonly fields: PlainObject;
}

/** Identifiers that Discord or we have given, and names of a closed set: no text that could hold a secret. */
export interface InvocationFields extends PlainObject {
  readonly trace_id: string;
  readonly interaction_id: string;
  readonly command: string;
  readonly kind: string;
  readonly guild_id: string | null;
  readonly user_id: string;
  readonly shard: number;
}

export interface LogEntry {
  readonly level: LogLevel;
  readonly logger: string;
  readonly message: unknown;
  readonly fields: unknown;
  readonly invocation?: Invocation | undefined;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** What every line has, be it of the record or of the format. `__proto__` is no name for a property that is assigned. */
const RESERVED: ReadonlySet<string> = new Set([
  ...['timestamp', 'level', 'logger', 'message'],
  ...['version', 'commit'],
  '__proto__',
]);
const MAX_FIELDS = 100;

/** Makes a record of what was handed to a logger, whatever that was: modules in plain JavaScript log too. */
export type Recorder = (entry: LogEntry) => LogRecord;

/** Makes a recorder. It remembers what many lines have in common: their second and their names. */
export function createRecorder(redactor: Redactor): Recorder {
  const writerFor = createWriters(redactor, createNames(redactor));
  const timestampOf = createTimestamps();
  return (entry) => {
    const writer = writerFor(entry);
    const invocation = entry.invocation === undefined ? null : invocationFields(entry.invocation);
    return {
      timestamp: timestampOf(entry.at),
      level: entry.level,
      logger: entry.logger,
      message: plainMessage(entry.message, writer),
      invocation,
      fields: plainFields(fieldsOf(entry), invocation, writer),
    };
  };
}

function plainMessage(message: unknown, writer: PlainWriter): string {
  if (typeof message === 'string') return writer.text(message);
  const plain = plainThrown(message, writer);
  return typeof plain.message === 'string' ? plain.message : '';
}

/** `log.error('failed', error)` and `log.error(error)` are what people write; neither may lose the error. */
function fieldsOf({ message, fields }: LogEntry): object {
  if (isError(fields)) return { error: fields };
  if (typeof fields === 'object' && fields !== null) return fields;
  if (fields !== undefined && fields !== null) return { value: fields };
  return isError(message) ? { error: message } : {};
}

function invocationFields(invocation: Invocation): InvocationFields {
  const fields = {
    trace_id: invocation.traceId,
    interaction_id: invocation.interactionId,
    command: invocation.command,
    kind: invocation.kind,
    guild_id: invocation.guildId,
    user_id: invocation.userId,
    shard: invocation.shard,
  };
  return invocation.parentTraceId === null
    ? fields
    : { ...fields, parent_trace_id: invocation.parentTraceId };
}

/** A field whose name is taken keeps its value under the name with an underscore behind it. */
function plainFields(fields: object, invocation: PlainObject | null, writer: PlainWriter): PlainObject {
  const plain: Record<string, Plain> = {};
  for (const key of keysOf(fields)) {
    const value = readProperty(fields, key);
    if (value === undefined && key !== 'error') continue;
    const taken = invocation !== null && Object.hasOwn(invocation, key);
    if (taken && invocation[key] === value) continue;
    const written = key === 'error' ? plainThrown(value, writer) : writer.property(key, value);
    plain[taken || RESERVED.has(key) ? `${key}_` : writer.names(key).text] = written;
  }
  return plain;
}

function keysOf(fields: object): readonly string[] {
  try {
    const keys = Object.keys(fields);
    return keys.length <= MAX_FIELDS ? keys : keys.slice(0, MAX_FIELDS);
  } catch {
    return [];
  }
}

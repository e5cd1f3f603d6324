import type { Invocation } from '../telemetry/event';
import { isError, plainThrown } from './errors';
import type { LogLevel } from './logger';
import { readProperty, type Plain, type PlainObject } from './plain';
import { PlainWriter } from './plain-writer';
import type { Redactor } from './redact';

/** A line before it is formatted: redacted, bounded, and nothing but JSON. */
export interface LogRecord {
  /** ISO 8601, milliseconds, UTC. */
  readonly timestamp: string;
  readonly level: LogLevel;
  readonly logger: string;
  readonly message: string;
  /** The invocation's fields where it was logged inside of one; they win over the line's own. */
  readonly invocation: PlainObject | null;
  readonly fields: PlainObject;
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

/** `__proto__` is no name for a property that is assigned. */
const RESERVED: ReadonlySet<string> = new Set(['timestamp', 'level', 'logger', 'message', '__proto__']);
const MAX_FIELDS = 100;

/** Makes a record of what was handed to a logger, whatever that was: modules in plain JavaScript log too. */
export type Recorder = (entry: LogEntry) => LogRecord;

/** Makes a recorder. It remembers what many lines have in common: their millisecond and their invocation. */
export function createRecorder(redactor: Redactor): Recorder {
  const invocations = new WeakMap<Invocation, PlainObject>();
  let stamp = { at: 0, timestamp: new Date(0).toISOString() };
  const common = (invocation: Invocation): PlainObject => {
    const known = invocations.get(invocation) ?? invocationFields(invocation, new PlainWriter(redactor));
    invocations.set(invocation, known);
    return known;
  };
  return (entry) => {
    if (stamp.at !== entry.at) stamp = { at: entry.at, timestamp: new Date(entry.at).toISOString() };
    const writer = new PlainWriter(redactor);
    const invocation = entry.invocation === undefined ? null : common(entry.invocation);
    return {
      timestamp: stamp.timestamp,
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

function invocationFields(invocation: Invocation, writer: PlainWriter): PlainObject {
  return {
    trace_id: writer.text(invocation.traceId),
    interaction_id: writer.text(invocation.interactionId),
    command: writer.text(invocation.command),
    kind: invocation.kind,
    guild_id: writer.value(invocation.guildId),
    user_id: writer.text(invocation.userId),
    shard: invocation.shard,
    ...(invocation.parentTraceId === null ? {} : { parent_trace_id: writer.text(invocation.parentTraceId) }),
  };
}

/** A field whose name is taken keeps its value under the name with an underscore behind it. */
function plainFields(fields: object, invocation: PlainObject | null, writer: PlainWriter): PlainObject {
  const plain: Record<string, Plain> = {};
  for (const key of keysOf(fields)) {
    const value = readProperty(fields, key);
    if (value === undefined && key !== 'error') continue;
    const written = key === 'error' ? plainThrown(value, writer) : writer.property(key, value);
    const taken = invocation !== null && Object.hasOwn(invocation, key);
    if (taken && invocation[key] === written) continue;
    plain[RESERVED.has(key) || taken ? `${key}_` : writer.key(key)] = written;
  }
  return plain;
}

function keysOf(fields: object): readonly string[] {
  try {
    return Object.keys(fields).slice(0, MAX_FIELDS);
  } catch {
    return [];
  }
}

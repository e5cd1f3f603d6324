import { causesOf } from '../errors';
import { isPlainObject, type Plain, type PlainObject } from '../plain';
import { escapeControls } from './escape';
import type { Format, Service } from './format';

const ECS_VERSION = '8.11.0';
const OUTCOMES: ReadonlyMap<unknown, string> = new Map([
  ['ok', 'success'],
  ['refused', 'success'],
  ['failed', 'failure'],
]);

/** A duration in nanoseconds is exact so far: 104 days. */
const MAX_INTEGER = 9e9;
const isText = (value: Plain): boolean => typeof value === 'string';
const isNumber = (value: Plain): boolean => typeof value === 'number';
const isBounded = (value: Plain): boolean => typeof value === 'number' && Math.abs(value) < MAX_INTEGER;
/** What Elastic has a type for, in ECS or in our index template: one value of another type costs the whole line. */
const TYPED: Readonly<Record<string, (value: Plain) => boolean>> = {
  trace_id: isText,
  user_id: isText,
  interaction_id: isText,
  command: isText,
  kind: isText,
  guild_id: isText,
  parent_trace_id: isText,
  channel_id: isText,
  event: isText,
  outcome: isText,
  reason: isText,
  deadline: isText,
  late_by: isText,
  shard: isBounded,
  duration_ms: isBounded,
  ack_ms: isNumber,
  delivery_ms: isNumber,
  event_loop_blocked_ms: isNumber,
  first_attempt_ms: isNumber,
  clock_offset_ms: isNumber,
};

/**
 * Elastic Common Schema, a JSON object on one line. What ECS has a field for stands there; Discord's facts stand
 * under `discord`, and all other fields under `telltale`, where they cannot collide with ECS. It has a field for the
 * version of a service, and none for its commit, which is a label.
 */
export function createEcsFormat({ name, version, commit }: Service): Format {
  const service = { name, version };
  return (record) => {
    // Outside an invocation, a line that settles one carries its fields itself.
    const { trace_id, user_id, interaction_id, command, kind, guild_id, shard, ...own } = fitting({
      ...record.fields,
      ...record.invocation,
    });
    const { event, outcome, duration_ms, error, ...rest } = own;
    const line = {
      '@timestamp': record.timestamp,
      'log.level': record.level,
      message: record.message,
      'ecs.version': ECS_VERSION,
      log: { logger: record.logger },
      service,
      ...under('trace', { id: trace_id }),
      ...under('user', { id: user_id }),
      ...under('event', ecsEvent(event, outcome, duration_ms)),
      ...under('error', isPlainObject(error) ? ecsError(error) : {}),
      labels: { outcome, commit },
      ...under('discord', { interaction_id, command, kind, guild_id, shard }),
      ...under('telltale', rest),
    };
    return escapeControls(JSON.stringify(line));
  };
}

/** The fields, of which each that is not of the type that its name has in Elastic has an underscore behind its name. */
function fitting(fields: PlainObject): Readonly<Record<string, Plain | undefined>> {
  const fit: Record<string, Plain> = {};
  for (const [name, value] of Object.entries(fields)) {
    const isTyped = value !== null && Object.hasOwn(TYPED, name);
    fit[isTyped && TYPED[name]?.(value) === false ? `${name}_` : name] = value;
  }
  return fit;
}

/** An object under its name, or nothing where nothing is in it. */
function under(name: string, fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.values(fields).some((value) => value !== undefined) ? { [name]: fields } : {};
}

function ecsEvent(
  action?: Plain,
  outcome?: Plain,
  durationMs?: Plain,
): Readonly<Record<string, Plain | undefined>> {
  return {
    action,
    outcome: outcome === undefined ? undefined : (OUTCOMES.get(outcome) ?? 'unknown'),
    // ECS measures in nanoseconds.
    duration: typeof durationMs === 'number' ? Math.round(durationMs * 1e6) : undefined,
  };
}

function ecsError(error: PlainObject): Readonly<Record<string, Plain | undefined>> {
  return {
    type: error.name,
    message: error.message,
    code: asText(error.code),
    stack_trace: stackTrace(error),
  };
}

/** The stack and those of its causes as one text: ECS knows no nested errors. */
function stackTrace(error: PlainObject): string {
  const own = asText(error.stack) ?? `${asText(error.name) ?? ''}: ${asText(error.message) ?? ''}`;
  return [own, ...causesOf(error).map((cause) => `Caused by: ${stackTrace(cause)}`)].join('\n');
}

function asText(value: Plain | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

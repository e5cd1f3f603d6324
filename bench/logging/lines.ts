import type { LogFields, LogLevel } from '../../src/logging/logger';
import type { Invocation } from '../../src/telemetry/event';
import { createProgress } from '../../src/telemetry/operations';
import { randomFrom } from '../numbers';

/** A line as a busy bot logs it: what settles a command, now and then a warning, seldom an error. */
export interface Line {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
  readonly invocation: Invocation;
  /** All fields in one object, for loggers that know nothing of invocations. */
  readonly flat: LogFields;
}

const COMMANDS = ['stats', 'ping', 'ticket close', 'ticket open', 'play', 'skip', 'weather', 'poll create'];
const LINES = 10_000;

/** Lines that are the same at every run: in a hundred one warning, in a thousand one error with its stack. */
export function someLines(): readonly Line[] {
  const random = randomFrom(7);
  return Array.from({ length: LINES }, (_, index) => {
    const invocation = someInvocation(random, index);
    const durationMs = Math.round(random() * 1e6) / 1e3;
    const failed = index % 1000 === 999;
    const fields = {
      event: 'command_settled',
      outcome: failed ? 'failed' : 'ok',
      ...(failed ? { reason: 'exception', error: new Error(`nothing at ${index}`) } : {}),
      duration_ms: durationMs,
      ack_ms: Math.round(random() * 1e6) / 1e3,
      deadline: 'met',
    };
    return {
      level: failed ? 'error' : index % 100 === 99 ? 'warn' : 'info',
      message: `${invocation.command} ${failed ? 'failed' : 'ok'} in ${Math.round(durationMs)} ms`,
      fields,
      invocation,
      flat: { ...fieldsOfInvocation(invocation), ...fields },
    };
  });
}

function someInvocation(random: () => number, index: number): Invocation {
  const digits = (length: number): string => Array.from({ length }, () => Math.floor(random() * 10)).join('');
  return {
    command: COMMANDS[index % COMMANDS.length] ?? '',
    kind: 'chat_input',
    traceId: Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join(''),
    interactionId: `11${digits(17)}`,
    guildId: `10${digits(16)}`,
    userId: `20${digits(16)}`,
    channelId: `30${digits(16)}`,
    shard: 0,
    locale: 'en-US',
    createdAt: 1_763_700_000_000,
    receivedAt: 1_763_700_000_050,
    parentTraceId: null,
    typed: [],
    operations: [],
    progress: createProgress(),
  };
}

function fieldsOfInvocation(invocation: Invocation): LogFields {
  return {
    trace_id: invocation.traceId,
    interaction_id: invocation.interactionId,
    command: invocation.command,
    kind: invocation.kind,
    guild_id: invocation.guildId,
    user_id: invocation.userId,
    shard: invocation.shard,
  };
}

import { cut } from '../logging/cut';
import type { FailureReason, InvocationSettled, Lateness } from '../telemetry/event';
import { rootSpanId } from '../telemetry/trace-id';
import { describeException, type Exception } from './exception';
import { createOperationSpans, type OperationOptions } from './operation-spans';
import { known, rounded, type Attributes, type Moment, type Span, type Trace } from './span';

/** From one settled invocation to its trace: nothing of it is made while the invocation runs. */

export interface SpansOptions extends OperationOptions {
  /** Takes secrets out of a text, and what was typed. */
  readonly redact: (text: string, typed: readonly string[]) => string;
}

/**
 * Makes traces: a span for the invocation, from its receipt to its settlement, and below it one for each thing that
 * was done in its name. Refusals are no errors. Nothing that a user typed is in them.
 */
export function createSpans(options: SpansOptions): (event: InvocationSettled) => Trace {
  const operationSpan = createOperationSpans(options);
  return (event) => {
    const root = rootSpan(event, (text) => options.redact(text, event.typed));
    return [root, ...event.operations.map((operation) => operationSpan(operation, root))];
  };
}

function rootSpan(event: InvocationSettled, redact: (text: string) => string): Span {
  const { traceId, parentTraceId, outcome, receivedAt } = event;
  const exception = outcome.kind === 'failed' ? describeException(outcome.error, redact) : null;
  const endedAt = receivedAt + event.durationSeconds * 1000;
  return {
    traceId,
    spanId: rootSpanId(traceId),
    parentSpanId: null,
    name: `${event.kind} ${event.command}`,
    kind: 'server',
    startedAt: receivedAt,
    endedAt,
    attributes: { ...whoAndWhere(event), ...howItEnded(event, exception), ...droppedOf(event) },
    moments: [...momentsOf(event), ...(exception === null ? [] : [exceptionAt(endedAt, exception)])],
    link: parentTraceId === null ? null : { traceId: parentTraceId, spanId: rootSpanId(parentTraceId) },
    isError: outcome.kind === 'failed',
    errorMessage: exception === null ? null : inOneLine(exception.message),
  };
}

const MAX_STATUS_LENGTH = 200;

/** Null where nothing is left. */
function inOneLine(message: string): string | null {
  const line = cut(message.replace(/\s+/g, ' ').trim(), MAX_STATUS_LENGTH);
  return line === '' ? null : line;
}

function whoAndWhere(event: InvocationSettled): Attributes {
  return known({
    'discord.command': event.command,
    'discord.kind': event.kind,
    'discord.interaction.id': event.interactionId,
    'discord.guild.id': event.guildId,
    'discord.channel.id': event.channelId,
    'discord.user.id': event.userId,
    'discord.shard': event.shard,
    'discord.locale': event.locale,
  });
}

function howItEnded(event: InvocationSettled, exception: Exception | null): Attributes {
  const { outcome, deadline, ack, lateness } = event;
  return {
    ...known({
      'discord.outcome': outcome.kind,
      'discord.outcome.reason': outcome.kind === 'ok' ? null : outcome.reason,
      'discord.deadline': deadline,
      'discord.ack.kind': ack?.kind ?? null,
      'error.type': outcome.kind === 'failed' ? errorType(outcome.reason, exception) : null,
    }),
    ...(lateness === null ? {} : latenessAttributes(lateness)),
  };
}

/** How many operations have no span; nothing where all have. */
function droppedOf({ progress: { dropped } }: InvocationSettled): Attributes {
  return dropped === 0 ? {} : { 'telltale.operations.dropped': dropped };
}

/** Of what a command threw, its class says more than the reason does. */
function errorType(reason: FailureReason, exception: Exception | null): string {
  return reason === 'exception' && exception !== null ? exception.type : reason;
}

function latenessAttributes(lateness: Lateness): Attributes {
  const seconds = (value: number | null): number | null => (value === null ? null : rounded(value));
  return known({
    'discord.lateness.culprit': lateness.culprit,
    'discord.lateness.delivery': seconds(lateness.deliverySeconds),
    'discord.lateness.event_loop_blocked': seconds(lateness.eventLoopBlockedSeconds),
    'discord.lateness.first_attempt': seconds(lateness.firstAttemptSeconds),
    'discord.lateness.clock_offset': seconds(lateness.clockOffsetSeconds),
  });
}

/** The delivery and the answer, on our clock; what they took is counted from the creation, which is on Discord's. */
function momentsOf({ createdAt, receivedAt, ack }: InvocationSettled): Moment[] {
  const deliveryMs = Math.max(0, receivedAt - createdAt);
  const received: Moment = {
    name: 'received',
    at: receivedAt,
    attributes: { 'discord.delivery': rounded(deliveryMs / 1000) },
  };
  if (ack === null) return [received];
  const answered: Moment = {
    name: 'answered',
    at: receivedAt + ack.afterCreationSeconds * 1000 - deliveryMs,
    attributes: {
      'discord.ack.kind': ack.kind,
      'discord.ack.after_creation': rounded(ack.afterCreationSeconds),
    },
  };
  return [received, answered];
}

function exceptionAt(at: number, { type, message, stack }: Exception): Moment {
  const attributes = known({
    'exception.type': type,
    'exception.message': message,
    'exception.stacktrace': stack,
  });
  return { name: 'exception', at, attributes };
}

import type { InvocationLog, LogFields, Logger } from '../../logging/logger';
import type { HttpOperation, InvocationSettled, Lateness, RestOperation, Sink } from '../event';
import { isAnsweredElsewhere, settledText } from './settled-text';

const WARNING_INTERVAL_MS = 60_000;

const milliseconds = (seconds: number): number => Math.round(seconds * 1e6) / 1e3;
const millisecondsOrNull = (seconds: number | null): number | null =>
  seconds === null ? null : milliseconds(seconds);

/** Writes the one line that settles an invocation: info for ok and refused, error for failed. */
export function createLogSink(logger: Pick<Logger, 'warn'>, log: InvocationLog): Sink {
  let warnedAt = -Infinity;

  function settled(event: InvocationSettled): void {
    const { outcome } = event;
    const fields = {
      event: 'command_settled',
      outcome: outcome.kind,
      ...(outcome.kind === 'ok' ? {} : { reason: outcome.reason }),
      delivery_ms: milliseconds(deliverySecondsOf(event)),
      duration_ms: milliseconds(event.durationSeconds),
      ack_ms: event.ack === null ? null : milliseconds(event.ack.afterCreationSeconds),
      deadline: event.deadline,
      channel_id: event.channelId,
      ...(event.lateness === null ? {} : latenessFields(event.lateness)),
      ...(isStory(event) ? { ...restFields(event), ...requestFields(event) } : {}),
      ...(outcome.kind === 'failed' ? { error: outcome.error } : {}),
    };
    log(event, outcome.kind === 'failed' ? 'error' : 'info', settledText(event), fields);
    if (isAnsweredElsewhere(event)) warnOfSecondInstance(event);
  }

  /** Once a minute at most, by the clock that stamps the events. */
  function warnOfSecondInstance({ receivedAt }: InvocationSettled): void {
    if (receivedAt - warnedAt < WARNING_INTERVAL_MS) return;
    warnedAt = receivedAt;
    logger.warn(
      'A second instance of this bot seems to run with the same token: an interaction had been answered already ' +
        '(Discord’s error 40060). Users see each of them answer by chance; stop one, or give it a token of its own.',
      { event: 'second_instance_suspected' },
    );
  }

  return {
    name: 'log',
    record(event) {
      if (event.type === 'invocation_settled') settled(event);
    },
  };
}

/** What is asked about later; of all else, the calls would only make the log longer. */
function isStory({ outcome, deadline }: InvocationSettled): boolean {
  return outcome.kind !== 'ok' || deadline === 'missed' || deadline === 'unanswered';
}

function restFields({ operations, progress }: InvocationSettled): LogFields {
  const calls = operations.flatMap((operation) => {
    if (operation.kind !== 'rest') return [];
    const { method, route, durationSeconds, attempts } = operation;
    return [
      { method, route, status: statusOf(operation), duration_ms: milliseconds(durationSeconds), attempts },
    ];
  });
  const { droppedRest } = progress;
  return {
    ...(calls.length === 0 ? {} : { rest_calls: calls }),
    ...(droppedRest === 0 ? {} : { rest_calls_dropped: droppedRest }),
  };
}

/** The command's own, to whomever but Discord; known only while there is tracing. */
function requestFields({ operations }: InvocationSettled): LogFields {
  const requests = operations.flatMap((operation) => {
    if (operation.kind !== 'http') return [];
    const { method, host, durationSeconds } = operation;
    return [{ method, host, status: statusOf(operation), duration_ms: milliseconds(durationSeconds) }];
  });
  return requests.length === 0 ? {} : { requests };
}

function statusOf({ isUnfinished, status }: RestOperation | HttpOperation): number | string | null {
  return isUnfinished === true ? 'unfinished' : status;
}

/** With it, the receipt and the settlement can be told from the creation and the duration. */
function deliverySecondsOf({ lateness, createdAt, receivedAt }: InvocationSettled): number {
  return lateness?.deliverySeconds ?? Math.max(0, receivedAt - createdAt) / 1000;
}

function latenessFields(lateness: Lateness): LogFields {
  return {
    late_by: lateness.culprit,
    event_loop_blocked_ms: milliseconds(lateness.eventLoopBlockedSeconds),
    first_attempt_ms: millisecondsOrNull(lateness.firstAttemptSeconds),
    clock_offset_ms: millisecondsOrNull(lateness.clockOffsetSeconds),
  };
}

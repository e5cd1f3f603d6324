import type { InvocationLog, LogFields, Logger } from '../../logging/logger';
import type { InvocationSettled, Lateness, Operation, Sink } from '../event';
import { isAnsweredElsewhere, settledText } from './settled-text';

const WARNING_INTERVAL_MS = 60_000;

const milliseconds = (seconds: number): number => Math.round(seconds * 1e6) / 1e3;
const millisecondsOrNull = (seconds: number | null): number | null =>
  seconds === null ? null : milliseconds(seconds);

interface Build {
  readonly version: string;
  readonly commit: string;
}

/**
 * Writes the one line that settles an invocation: info for ok and refused, error for failed. A failure says in which
 * build it was: that is asked of those lines, and on every line it would make the log a tenth longer.
 */
export function createLogSink(logger: Pick<Logger, 'warn'>, log: InvocationLog, build: Build): Sink {
  const release = { version: build.version, commit: build.commit };
  let warnedAt = -Infinity;

  function settled(event: InvocationSettled): void {
    const { outcome } = event;
    const fields = {
      event: 'command_settled',
      outcome: outcome.kind,
      ...(outcome.kind === 'ok' ? {} : { reason: outcome.reason }),
      duration_ms: milliseconds(event.durationSeconds),
      ack_ms: event.ack === null ? null : milliseconds(event.ack.afterCreationSeconds),
      deadline: event.deadline,
      ...(event.lateness === null ? {} : latenessFields(event.lateness)),
      ...(isStory(event) ? restFields(event.operations) : {}),
      ...(outcome.kind === 'failed' ? { error: outcome.error, ...release } : {}),
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

function restFields(operations: readonly Operation[]): LogFields {
  const calls = operations.flatMap((operation) => {
    if (operation.kind !== 'rest') return [];
    const { method, route, status, durationSeconds, attempts } = operation;
    return [{ method, route, status, duration_ms: milliseconds(durationSeconds), attempts }];
  });
  return calls.length === 0 ? {} : { rest_calls: calls };
}

function latenessFields(lateness: Lateness): LogFields {
  return {
    late_by: lateness.culprit,
    delivery_ms: milliseconds(lateness.deliverySeconds),
    event_loop_blocked_ms: milliseconds(lateness.eventLoopBlockedSeconds),
    first_attempt_ms: millisecondsOrNull(lateness.firstAttemptSeconds),
    clock_offset_ms: millisecondsOrNull(lateness.clockOffsetSeconds),
  };
}

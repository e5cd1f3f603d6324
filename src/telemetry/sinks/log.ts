import type { InvocationContext } from '../../logging/context';
import type { LogFields, Logger } from '../../logging/logger';
import type { InvocationSettled, Lateness, Sink } from '../event';
import { isAnsweredElsewhere, settledText } from './settled-text';

const WARNING_INTERVAL_MS = 60_000;

const milliseconds = (seconds: number): number => Math.round(seconds * 1e6) / 1e3;
const millisecondsOrNull = (seconds: number | null): number | null =>
  seconds === null ? null : milliseconds(seconds);

/** Writes the one line that settles an invocation: info for ok and refused, error for failed. */
export function createLogSink(logger: Logger, context: InvocationContext): Sink {
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
      ...(outcome.kind === 'failed' ? { error: outcome.error } : {}),
    };
    context.run(event, () =>
      outcome.kind === 'failed'
        ? logger.error(settledText(event), fields)
        : logger.info(settledText(event), fields),
    );
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

function latenessFields(lateness: Lateness): LogFields {
  return {
    late_by: lateness.culprit,
    delivery_ms: milliseconds(lateness.deliverySeconds),
    event_loop_blocked_ms: milliseconds(lateness.eventLoopBlockedSeconds),
    first_attempt_ms: millisecondsOrNull(lateness.firstAttemptSeconds),
    clock_offset_ms: millisecondsOrNull(lateness.clockOffsetSeconds),
  };
}

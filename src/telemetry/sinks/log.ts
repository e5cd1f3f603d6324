import type { InvocationContext } from '../../logging/context';
import type { Logger } from '../../logging/logger';
import { ANSWER_DEADLINE_SECONDS, type InvocationSettled, type Sink } from '../event';

const milliseconds = (seconds: number): number => Math.round(seconds * 1e6) / 1e3;

function describe(event: InvocationSettled): string {
  const name = event.kind === 'chat_input' ? `/${event.command}` : event.command;
  const took = `${milliseconds(event.durationSeconds).toFixed(1)} ms`;
  switch (event.outcome.kind) {
    case 'ok':
      return `${name} answered in ${took}`;
    case 'refused':
      return `${name} refused (${event.outcome.reason}) in ${took}`;
    case 'failed':
      return `${name} failed (${event.outcome.reason}) after ${took}${lateness(event)}`;
  }
}

function lateness(event: InvocationSettled): string {
  switch (event.deadline) {
    case 'met':
      return '';
    case 'missed':
      return `; the user saw no answer within ${ANSWER_DEADLINE_SECONDS} s`;
    case 'unanswered':
      return '; the user got no answer';
  }
}

/** Writes the one line that settles an invocation: info for ok and refused, error for failed. */
export function createLogSink(logger: Logger, context: InvocationContext): Sink {
  function settled(event: InvocationSettled): void {
    const { outcome } = event;
    const fields = {
      event: 'command_settled',
      outcome: outcome.kind,
      ...(outcome.kind === 'ok' ? {} : { reason: outcome.reason }),
      duration_ms: milliseconds(event.durationSeconds),
      ack_ms: event.ack === null ? null : milliseconds(event.ack.afterCreationSeconds),
      deadline: event.deadline,
      ...(outcome.kind === 'failed' ? { error: outcome.error } : {}),
    };
    context.run(event, () =>
      outcome.kind === 'failed'
        ? logger.error(describe(event), fields)
        : logger.info(describe(event), fields),
    );
  }

  return {
    name: 'log',
    record(event) {
      if (event.type === 'invocation_settled') settled(event);
    },
  };
}

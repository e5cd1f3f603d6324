import {
  ANSWER_DEADLINE_SECONDS,
  OTHER,
  type FailureReason,
  type InvocationSettled,
  type Kind,
  type Lateness,
} from '../event';

/** Kinds that lead to a component's route, not to a command. */
const COMPONENTS: ReadonlySet<Kind> = new Set(['button', 'select', 'modal']);

/** What happened, in one sentence for people. */
export function settledText(event: InvocationSettled): string {
  const name = nameText(event);
  const took = `${(event.durationSeconds * 1000).toFixed(1)} ms`;
  switch (event.outcome.kind) {
    case 'ok':
      return `${name} answered in ${took}`;
    case 'refused':
      return `${name} refused (${event.outcome.reason}) in ${took}`;
    case 'failed':
      return `${name} failed (${event.outcome.reason}) after ${took}${missText(event)}`;
  }
}

function nameText({ command, kind }: InvocationSettled): string {
  if (command === OTHER) return COMPONENTS.has(kind) ? 'an unknown component' : 'an unknown command';
  return kind === 'chat_input' ? `/${command}` : command;
}

/**
 * Whether somebody else has answered: Discord says that there is an answer, and we know of none of ours. Whoever
 * answers twice by himself has been accepted once.
 */
export function isAnsweredElsewhere(event: InvocationSettled): boolean {
  return event.deadline === 'missed' && isOutcome(event, 'already_acknowledged');
}

function missText(event: InvocationSettled): string {
  if (isAnsweredElsewhere(event)) {
    return '; it had been answered already: a second instance seems to run with the same token';
  }
  const why =
    event.lateness === null ? '' : `: ${culpritText(event, event.lateness)}${clockText(event.lateness)}`;
  switch (event.deadline) {
    case 'met':
      return isOutcome(event, 'unanswered') ? '; the answer was deferred, and none came' : '';
    case null:
      return '';
    case 'missed':
      return `; the user saw no answer within ${ANSWER_DEADLINE_SECONDS} s${why}`;
    case 'unanswered':
      return `; the user got no answer${why}`;
  }
}

const seconds = (value: number): string => `${value.toFixed(1)} s`;

const isOutcome = ({ outcome }: InvocationSettled, reason: FailureReason): boolean =>
  outcome.kind === 'failed' && outcome.reason === reason;

function culpritText(event: InvocationSettled, lateness: Lateness): string {
  switch (lateness.culprit) {
    case 'delivery':
      return `it was delivered only after ${seconds(lateness.deliverySeconds)}`;
    case 'event_loop':
      return `the event loop was blocked for ${seconds(lateness.eventLoopBlockedSeconds)}`;
    case 'handler':
      return handlerText(event, lateness);
    case 'discord':
      return `Discord did not take the answer that was sent after ${seconds(lateness.firstAttemptSeconds ?? 0)}`;
    case 'clock_skew':
      return 'by our clock the answer was in time, so it and Discord’s disagree';
  }
}

function handlerText(event: InvocationSettled, { deliverySeconds, firstAttemptSeconds }: Lateness): string {
  if (firstAttemptSeconds === null) return 'the command did not try to answer';
  const isLate = deliverySeconds + firstAttemptSeconds > ANSWER_DEADLINE_SECONDS / 2;
  if (isLate) return `the command tried to answer only after ${seconds(firstAttemptSeconds)}`;
  return isOutcome(event, 'missing_permissions')
    ? 'the bot lacks a permission for what the command answered'
    : 'what the command answered was not valid';
}

function clockText({ clockOffsetSeconds: offset }: Lateness): string {
  if (offset === null || Math.abs(offset) < 1) return '';
  return ` (our clock is ${seconds(Math.abs(offset))} ${offset > 0 ? 'ahead of' : 'behind'} Discord’s)`;
}

import {
  ANSWER_DEADLINE_SECONDS,
  type FailureReason,
  type Invocation,
  type Lateness,
} from '../telemetry/event';
import type { Answer } from './answer';
import { judgeLateness, type Refused } from './lateness';

/** What delays an answer, measured: nothing of it is looked at for an interaction that is answered in time. */

/** What tells who was late. */
export interface DelaySources {
  /** Seconds of a time, given in monotonic milliseconds, in which the event loop was blocked. */
  readonly blockedSecondsBetween: (from: number, to: number) => number;
  /** How far our clock is ahead of Discord's; null while that is not known. */
  readonly clockOffsetSeconds: () => number | null;
}

/** One that has come to its end without an answer in time. */
interface Late {
  readonly invocation: Invocation;
  /** Monotonic milliseconds at the receipt. */
  readonly startedAt: number;
  readonly answer: Answer;
}

/** Seconds from the creation to the receipt, the clocks put right as far as they are known to differ; never negative. */
export function deliverySecondsOf(
  { createdAt, receivedAt }: Invocation,
  { clockOffsetSeconds }: DelaySources,
): number {
  return Math.max(0, (receivedAt - createdAt) / 1000 - (clockOffsetSeconds() ?? 0));
}

/** Why there was no answer in time; null where somebody else has given one: the user was not kept waiting. */
export function latenessOf(
  { invocation, startedAt, answer }: Late,
  sources: DelaySources,
  classify: (error: unknown) => FailureReason,
): Lateness | null {
  const reason = answer.refusal === null ? null : classify(answer.refusal.error);
  if (reason === 'already_acknowledged') return null;
  const deliverySeconds = deliverySecondsOf(invocation, sources);
  const { firstAttemptAt, refusal } = answer;
  const created = startedAt - deliverySeconds * 1000;
  const deadline = created + ANSWER_DEADLINE_SECONDS * 1000;
  const received = Math.min(startedAt, deadline);
  const attempted = Math.min(firstAttemptAt ?? deadline, deadline);
  const { blockedSecondsBetween } = sources;
  return judgeLateness({
    deliverySeconds,
    clockOffsetSeconds: sources.clockOffsetSeconds(),
    firstAttemptSeconds: firstAttemptAt === null ? null : (firstAttemptAt - startedAt) / 1000,
    blockedSeconds: {
      inDelivery: blockedSecondsBetween(created, received),
      inHandling: blockedSecondsBetween(received, attempted),
      inAnswering: blockedSecondsBetween(attempted, deadline),
    },
    refused: refusal === null ? null : refusedAs(refusal.error, reason),
  });
}

function refusedAs(error: unknown, reason: FailureReason | null): Refused {
  if (reason === 'unknown_interaction') return 'too_late';
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : null;
  const isOurs = typeof status === 'number' && status >= 400 && status < 500 && status !== 429;
  return isOurs ? 'invalid' : 'trouble';
}

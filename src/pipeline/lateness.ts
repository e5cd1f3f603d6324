import { ANSWER_DEADLINE_SECONDS, type Culprit, type Lateness } from '../telemetry/event';

/** Who was late, where an interaction was not answered in time: the judgement, from what was measured. */

/** How Discord refused the first answer. */
export type Refused =
  /** It came too late, by Discord's own clock (10062). */
  | 'too_late'
  /** It was no valid answer: whoever sent it could have known. */
  | 'invalid'
  /** It is Discord's own trouble: a 5xx, a rate limit, a connection that broke. */
  | 'trouble';

/** Where the 3 s from the creation to the deadline went; seconds. All that lies beyond the deadline is left out. */
export interface LatenessFacts {
  /** From the creation to the receipt, by two clocks that are put right by the offset; not negative. */
  readonly deliverySeconds: number;
  /** How far our clock is ahead of Discord's; null if that is not known. */
  readonly clockOffsetSeconds: number | null;
  /** From the receipt to the first attempt to answer; null if none was made. */
  readonly firstAttemptSeconds: number | null;
  /** How long the event loop was blocked before the receipt, before the attempt, and after it. */
  readonly blockedSeconds: {
    readonly inDelivery: number;
    readonly inHandling: number;
    readonly inAnswering: number;
  };
  /** Null: no attempt was refused. */
  readonly refused: Refused | null;
}

/** An answer that is sent so long before the deadline is in time, unless Discord is slow. */
const ENOUGH_FOR_DISCORD_SECONDS = 0.5;
/** Clocks that differ by more than this disagree: the offset is measured with about this precision. */
const CLOCKS_DISAGREE_SECONDS = 1;

/**
 * Names who was late. An answer that was sent with half a second or more to spare was not in Discord's hands too
 * late: it was refused for what it was (the handler's doing), or Discord is late, or says that we are while our clock
 * says that we are not. Otherwise it is whoever took most of the 3 s: the delivery, the event loop, or the handler.
 * A time in which the event loop was blocked is the event loop's, also where it kept us from reading what had been
 * delivered, or from sending what had been answered.
 */
export function judgeLateness(facts: LatenessFacts): Lateness {
  const { deliverySeconds, clockOffsetSeconds, firstAttemptSeconds, blockedSeconds } = facts;
  const { inDelivery, inHandling, inAnswering } = blockedSeconds;
  return {
    culprit: culpritOf(facts),
    deliverySeconds,
    eventLoopBlockedSeconds: inDelivery + inHandling + inAnswering,
    firstAttemptSeconds,
    clockOffsetSeconds,
  };
}

function culpritOf(facts: LatenessFacts): Culprit {
  const { inDelivery, inHandling, inAnswering } = facts.blockedSeconds;
  const received = Math.min(facts.deliverySeconds, ANSWER_DEADLINE_SECONDS);
  const attempted = Math.min(received + (facts.firstAttemptSeconds ?? Infinity), ANSWER_DEADLINE_SECONDS);
  const answering = ANSWER_DEADLINE_SECONDS - attempted - inAnswering;
  if (answering >= ENOUGH_FOR_DISCORD_SECONDS) return culpritOfAnswer(facts);
  const shares: readonly (readonly [Culprit, number])[] = [
    ['delivery', received - inDelivery],
    ['event_loop', inDelivery + inHandling + inAnswering],
    ['handler', attempted - received - inHandling],
  ];
  return shares.reduce((most, share) => (share[1] > most[1] ? share : most))[0];
}

/** Of an answer that was sent early enough. */
function culpritOfAnswer({ refused, clockOffsetSeconds }: LatenessFacts): Culprit {
  if (refused === 'invalid') return 'handler';
  if (refused !== 'too_late') return 'discord';
  const agree = clockOffsetSeconds !== null && Math.abs(clockOffsetSeconds) <= CLOCKS_DISAGREE_SECONDS;
  return agree ? 'discord' : 'clock_skew';
}

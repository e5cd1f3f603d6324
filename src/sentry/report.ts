import { chainOf, describeThrown, type Thrown } from '../logging/thrown';
import { describeError, withoutDiscordIds } from '../stats/describe-error';
import type { FailureReason, Invocation } from '../telemetry/event';

/** What is told of an error, before it is anybody's format: redacted, without Discord ids, bounded, plain. */

export interface Report {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Whether the bot went on. */
  readonly isHandled: boolean;
  /** The error, and behind it what caused it. At most 10. */
  readonly thrown: readonly Thrown[];
  /** What makes two failures one: the same as in the statistics. */
  readonly fingerprint: string;
  readonly reason: Reason;
  readonly run: ReportedRun | null;
}

export type Unhandled = 'exception' | 'rejection';
export type Reason = FailureReason | `unhandled_${Unhandled}`;

/** The invocation in which it happened, as far as anybody else may know of it. */
export interface ReportedRun {
  readonly command: string;
  readonly kind: string;
  readonly traceId: string;
  /** Keyed hash, the same as in the statistics. */
  readonly userHash: string;
}

export interface Failure {
  readonly reason: FailureReason;
  readonly error: unknown;
  readonly invocation: Invocation | null;
  /** As what it came to the process itself; null where it was caught. */
  readonly unhandled: Unhandled | null;
}

export interface ReporterOptions {
  /** Gives a text without secrets, and without what was typed. */
  readonly redact: (text: string, typed: readonly string[]) => string;
  readonly hashUser: (userId: string) => string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const NOTHING_TYPED: readonly string[] = [];

/** Makes what describes failures. It costs what redacting an error costs, and never throws for what was thrown. */
export function createReporter({ redact, hashUser, now }: ReporterOptions): (failure: Failure) => Report {
  return ({ reason, error, invocation, unhandled }) => {
    const typed = invocation?.typed ?? NOTHING_TYPED;
    const redacted = (text: string): string => redact(text, typed);
    return {
      at: now(),
      isHandled: unhandled === null,
      thrown: chainOf(describeThrown(error, (text) => withoutDiscordIds(redacted(text)))),
      // By what it is, not by who caught it.
      fingerprint: describeError(reason, error, redacted).fingerprint,
      reason: unhandled === null ? reason : `unhandled_${unhandled}`,
      run: invocation === null ? null : runOf(invocation, hashUser),
    };
  };
}

function runOf(invocation: Invocation, hashUser: (userId: string) => string): ReportedRun {
  const { command, kind, traceId, userId } = invocation;
  return { command, kind, traceId, userHash: hashUser(userId) };
}

import { causesOf, plainThrown } from '../logging/errors';
import { createNames } from '../logging/names';
import type { PlainObject } from '../logging/plain';
import { PlainWriter } from '../logging/plain-writer';
import { isSecretName, type Redactor } from '../logging/redact';
import { describeError, fingerprintOf } from '../stats/describe-error';
import type { FailureReason, Invocation } from '../telemetry/event';

/** What is told of an error, before it is anybody's format: redacted, bounded, plain. */

/** One error of a chain; every text without secrets, and without what was typed. */
export interface Thrown {
  readonly name: string;
  readonly message: string;
  readonly stack: string | null;
}

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

export type Reason = FailureReason | 'unhandled_exception' | 'unhandled_rejection';

/** The invocation in which it happened, as far as anybody else may know of it. */
export interface ReportedRun {
  readonly command: string;
  readonly kind: string;
  readonly traceId: string;
  /** Keyed hash, the same as in the statistics. */
  readonly userHash: string;
}

export interface Failure {
  readonly reason: Reason;
  readonly error: unknown;
  readonly invocation: Invocation | null;
  readonly isHandled: boolean;
}

export interface ReporterOptions {
  /** Gives a text without secrets, and without what was typed. */
  readonly redact: (text: string, typed: readonly string[]) => string;
  readonly hashUser: (userId: string) => string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const MAX_THROWN = 10;
const NOTHING_TYPED: readonly string[] = [];
/** No secret is longer, in characters: a text that is cut may have cut one in two. */
const LONGEST_SECRET = 4096;

/** Makes what describes failures. It costs what redacting an error costs, and never throws for what was thrown. */
export function createReporter({ redact, hashUser, now }: ReporterOptions): (failure: Failure) => Report {
  const redactorFor = (typed: readonly string[]): Redactor => ({
    text: (text) => redact(text, typed),
    isSecretKey: isSecretName,
    longest: LONGEST_SECRET,
  });
  const names = createNames(redactorFor(NOTHING_TYPED));
  return ({ reason, error, invocation, isHandled }) => {
    const typed = invocation?.typed ?? NOTHING_TYPED;
    const redactor = redactorFor(typed);
    const plain = plainThrown(error, new PlainWriter(redactor, names));
    const message = describeError(error, redactor.text);
    return {
      at: now(),
      isHandled,
      thrown: chainOf(plain).map((one) => thrownOf(one, redactor.text)),
      fingerprint: fingerprintOf(reason, error, message),
      reason,
      run: invocation === null ? null : runOf(invocation, hashUser),
    };
  };
}

/** The error and all that is behind it, the nearer first. */
function chainOf(error: PlainObject): readonly PlainObject[] {
  const chain = [error];
  for (let at = 0; at < chain.length && chain.length < MAX_THROWN; at += 1) {
    const one = chain[at];
    if (one !== undefined) chain.push(...causesOf(one));
  }
  return chain.slice(0, MAX_THROWN);
}

/** Numbers and names inside of what is no error become text only now: what was typed is looked for in them once more. */
function thrownOf({ name, message, stack }: PlainObject, redact: (text: string) => string): Thrown {
  const textOf = (value: unknown): string => (typeof value === 'string' ? redact(value) : '');
  return {
    name: textOf(name) || 'Error',
    message: textOf(message),
    stack: typeof stack === 'string' ? stack : null,
  };
}

function runOf(invocation: Invocation, hashUser: (userId: string) => string): ReportedRun {
  const { command, kind, traceId, userId } = invocation;
  return { command, kind, traceId, userHash: hashUser(userId) };
}

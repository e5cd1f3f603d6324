import type { FailureReason, InvocationSettled, Kind, OutcomeKind, RefusalReason } from '../telemetry/event';
import { describeError } from './describe-error';

/**
 * A settled invocation on its way to the database: plain data, so that it can be handed to another thread. Users are
 * still named in it; the hash takes their place where it is written.
 */
export interface InvocationRow {
  /** When it settled; milliseconds since the epoch. */
  readonly at: number;
  /** When the interaction was received; milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly command: string;
  readonly kind: Kind;
  readonly outcome: OutcomeKind;
  readonly reason: RefusalReason | FailureReason | null;
  /** Of failures alone, like the message: 12 hexadecimal digits. */
  readonly fingerprint: string | null;
  readonly message: string | null;
  readonly guildId: string | null;
  readonly userId: string;
  readonly durationSeconds: number;
  readonly ackSeconds: number | null;
  readonly traceId: string;
  readonly shard: number;
}

/** Gives a text without secrets, and without what was typed. */
export type Redact = (text: string, typed: readonly string[]) => string;

/** @param at when it settled; milliseconds since the epoch. */
export function rowOf(event: InvocationSettled, at: number, redact: Redact): InvocationRow {
  const { outcome, typed } = event;
  const failure =
    outcome.kind === 'failed'
      ? describeError(outcome.reason, outcome.error, (text) => redact(text, typed))
      : null;
  return {
    at,
    receivedAt: event.receivedAt,
    command: event.command,
    kind: event.kind,
    outcome: outcome.kind,
    reason: outcome.kind === 'ok' ? null : outcome.reason,
    fingerprint: failure === null ? null : failure.fingerprint,
    message: failure === null ? null : failure.message,
    guildId: event.guildId,
    userId: event.userId,
    durationSeconds: event.durationSeconds,
    ackSeconds: event.ack === null ? null : event.ack.afterCreationSeconds,
    traceId: event.traceId,
    shard: event.shard,
  };
}

import type { InvocationRow } from '../../src/stats/invocation-row';
import type { FailureReason, InvocationSettled, Outcome, RefusalReason } from '../../src/telemetry/event';
import { createProgress } from '../../src/telemetry/operations';

/** The event that becomes such a row, settled at `at` (milliseconds since the epoch). */
export function settledFrom(row: Omit<InvocationRow, 'at' | 'receivedAt'>, at: number): InvocationSettled {
  return {
    type: 'invocation_settled',
    outcome: outcomeOf(row),
    durationSeconds: row.durationSeconds,
    ack: row.ackSeconds === null ? null : { kind: 'reply', afterCreationSeconds: row.ackSeconds },
    deadline: 'met',
    lateness: null,
    parentTraceId: null,
    typed: [],
    operations: [],
    progress: createProgress(),
    command: row.command,
    kind: row.kind,
    traceId: row.traceId,
    interactionId: '1',
    guildId: row.guildId,
    userId: row.userId,
    channelId: '1',
    shard: row.shard,
    locale: 'en-US',
    createdAt: at,
    receivedAt: at,
  };
}

function outcomeOf({
  outcome,
  reason,
  message,
}: Pick<InvocationRow, 'outcome' | 'reason' | 'message'>): Outcome {
  switch (outcome) {
    case 'ok':
      return { kind: 'ok' };
    case 'refused':
      return { kind: 'refused', reason: reason as RefusalReason, message: 'Wait.' };
    case 'failed':
      return { kind: 'failed', reason: reason as FailureReason, error: new Error(message ?? '') };
  }
}

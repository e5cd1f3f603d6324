import type { InvocationSettled } from '../../src/telemetry/event';
import { createProgress } from '../../src/telemetry/operations';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** Midnight, so that every step begins there. */
export const START = Date.UTC(2026, 0, 5);

export const OK: InvocationSettled['outcome'] = { kind: 'ok' };
export const REFUSED: InvocationSettled['outcome'] = {
  kind: 'refused',
  reason: 'cooldown',
  message: 'Wait.',
};
export const failed = (error: unknown): InvocationSettled['outcome'] => ({
  kind: 'failed',
  reason: 'exception',
  error,
});

/** A settled `/ping` that went well, but for what is said otherwise. */
export function settled(changes: Partial<InvocationSettled> = {}): InvocationSettled {
  return {
    type: 'invocation_settled',
    command: 'ping',
    kind: 'chat_input',
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    interactionId: '1',
    guildId: 'guild-1',
    userId: 'user-1',
    channelId: 'channel-1',
    shard: 0,
    locale: 'en-US',
    createdAt: START,
    receivedAt: START,
    parentTraceId: null,
    typed: [],
    operations: [],
    progress: createProgress(),
    outcome: OK,
    durationSeconds: 0.25,
    ack: { kind: 'reply', afterCreationSeconds: 0.3 },
    deadline: 'met',
    lateness: null,
    ...changes,
  };
}

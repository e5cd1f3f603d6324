import { createMemoryStats, type MemoryStatsOptions } from '../../src/stats/memory';
import type { Stats } from '../../src/stats/stats';
import type { InvocationSettled, Sink } from '../../src/telemetry/event';

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
    outcome: OK,
    durationSeconds: 0.25,
    ack: { kind: 'reply', afterCreationSeconds: 0.3 },
    deadline: 'met',
    ...changes,
  };
}

/** Statistics on a clock that the test sets: `clock.now` in milliseconds since the epoch. */
export function memoryStats(options: Partial<MemoryStatsOptions> = {}): {
  readonly stats: Stats & Sink;
  readonly clock: { now: number };
} {
  const clock = { now: START };
  const stats = createMemoryStats({
    now: () => clock.now,
    redact: (text) => text.replaceAll('s3cret', '[redacted]'),
    hashUser: (userId) => `hash of ${userId}`,
    ...options,
  });
  return { stats, clock };
}

/** Numbers from 0 to 1 that are the same at every run. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** Durations as services have them: log-normal, in seconds. */
export function logNormal(count: number, seed: number): number[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, () => {
    const normal = Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
    return Math.exp(normal * 1.2 - 2);
  });
}

/** The true quantile, by sorting. */
export function exactQuantile(values: readonly number[], q: number): number {
  return values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(q * values.length) - 1)]!;
}

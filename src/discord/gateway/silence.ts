/**
 * How long one shard may hear nothing before that is strange. It is told by the shard's own last day, by hours.
 *
 * A silence is strange if it is longer than 5 minutes and 20 times as long as the longest of the 24 hours before it
 * began; and only where that record covers 12 times as long as the limit that comes of it. So
 * - a shard is judged after an hour at the earliest;
 * - it is judged only if it was never silent for more than 6 minutes in that day: whoever has quiet nights is not;
 * - at least 240 dispatches stand behind every judgement (12 × 20 silences that were none longer than the longest).
 *
 * docs/adr/0008-when-a-connection-is-deaf.md says where the numbers come from.
 */
export const SILENCE_RULE = {
  leastMs: 300_000,
  /** Of the longest silence in the record. */
  factor: 20,
  /** How many times its limit a record must cover. */
  coverage: 12,
} as const;

export type SilenceRule = { readonly [Name in keyof typeof SILENCE_RULE]: number };

const HOUR_MS = 3_600_000;
const HOURS = 24;

export interface SilenceRecord {
  /** Something was heard at `at` (milliseconds since the epoch), after a silence of so many milliseconds. */
  heard(silenceMs: number, at: number): void;
  /** The longest silence that would not be strange if it began at `since`; null if the record does not tell. */
  limitMs(since: number): number | null;
  /** What was usual is no longer known. */
  forget(): void;
}

/** Opens an empty record: 24 hours of it, whatever is heard. */
export function createSilenceRecord(rule: SilenceRule = SILENCE_RULE): SilenceRecord {
  const hours = Array.from({ length: HOURS }, () => ({ hour: -1, listenedMs: 0, longestMs: 0 }));
  const nothing = { hour: -1, listenedMs: 0, longestMs: 0 };
  return {
    heard(silenceMs, at) {
      const hour = Math.floor(at / HOUR_MS);
      const slot = hours[hour % HOURS] ?? nothing;
      if (slot.hour !== hour) {
        slot.hour = hour;
        slot.listenedMs = 0;
        slot.longestMs = 0;
      }
      slot.listenedMs += silenceMs;
      if (silenceMs > slot.longestMs) slot.longestMs = silenceMs;
    },
    limitMs(since) {
      const oldest = Math.floor(since / HOUR_MS) - HOURS;
      const recent = hours.filter(({ hour }) => hour > oldest);
      const longestMs = Math.max(...recent.map((slot) => slot.longestMs));
      const listenedMs = recent.reduce((sum, slot) => sum + slot.listenedMs, 0);
      const limitMs = Math.max(rule.leastMs, rule.factor * longestMs);
      return listenedMs >= rule.coverage * limitMs ? limitMs : null;
    },
    forget() {
      for (const slot of hours) slot.hour = -1;
    },
  };
}

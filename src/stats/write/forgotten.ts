/** Users who had themselves forgotten a moment ago: rows of before may still be on their way. */
export interface Forgotten {
  add(hash: string): void;
  /** Whether what was received then has to be written without its user. */
  covers(hash: string, receivedAt: number): boolean;
}

/** Longer than any command takes, and any row waits. */
const REMEMBERED_MS = 900_000;

/** @param now milliseconds since the epoch. */
export function createForgotten(now: () => number): Forgotten {
  const forgottenAt = new Map<string, number>();
  return {
    add(hash) {
      for (const [known, at] of forgottenAt) if (now() - at > REMEMBERED_MS) forgottenAt.delete(known);
      forgottenAt.set(hash, now());
    },
    covers(hash, receivedAt) {
      if (forgottenAt.size === 0) return false;
      const at = forgottenAt.get(hash);
      return at !== undefined && receivedAt <= at && now() - at <= REMEMBERED_MS;
    },
  };
}

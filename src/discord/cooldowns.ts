export interface Cooldowns {
  /**
   * Begins a cooldown, unless one is going on.
   *
   * @returns when the one that is going on ends, in milliseconds since the epoch; null: the user may go on.
   */
  begin(command: string, userId: string, seconds: number): number | null;
}

const FIRST_SWEEP = 1000;

/** Cooldowns of each user on each command. Those that are over are swept out as the number doubles. */
export function createCooldowns(now: () => number): Cooldowns {
  const ends = new Map<string, number>();
  let sweepAt = FIRST_SWEEP;

  function sweep(time: number): void {
    for (const [key, end] of ends) if (end <= time) ends.delete(key);
    sweepAt = Math.max(FIRST_SWEEP, ends.size * 2);
  }

  return {
    begin(command, userId, seconds) {
      const time = now();
      const key = `${userId} ${command}`;
      const end = ends.get(key) ?? 0;
      if (end > time) return end;
      if (ends.size >= sweepAt) sweep(time);
      ends.set(key, time + seconds * 1000);
      return null;
    },
  };
}

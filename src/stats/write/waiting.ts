/** Which servers have enough rows to be rolled up, as far as this process knows: it counts what it writes. */
export interface Waiting {
  /** A row was written. */
  add(guildId: string): void;
  /** Enough rows of a server wait. */
  found(guildId: string): void;
  /** One that has enough of them. */
  next(): string | undefined;
  /** All of a server's rows were rolled up. */
  done(guildId: string): void;
}

/** Counting costs 100 bytes a server. Those that are forgotten are found by the sweep. */
const MAXIMUM_GUILDS = 20_000;

/** @param enough rows of one server. */
export function createWaiting(enough: number): Waiting {
  const counts = new Map<string, number>();
  const due = new Set<string>();

  return {
    add(guildId) {
      const count = (counts.get(guildId) ?? 0) + 1;
      counts.set(guildId, count);
      if (count >= enough) due.add(guildId);
      if (counts.size <= MAXIMUM_GUILDS) return;
      // Who has been counted for longest is the quietest.
      const [quietest = guildId] = counts.keys();
      counts.delete(quietest);
    },
    found: (guildId) => void due.add(guildId),
    next: () => due.values().next().value,
    done(guildId) {
      counts.delete(guildId);
      due.delete(guildId);
    },
  };
}

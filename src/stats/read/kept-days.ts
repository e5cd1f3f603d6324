/**
 * Days that are over, added up. They hardly ever change, and to add them up takes most of the time of a question about
 * a long period.
 */
export interface KeptDays<Sums> {
  /**
   * Gives what was made under this key before, if its counts are still these, or else what is made now. Whoever gets it
   * must not change it.
   */
  get(key: string, counts: string, make: () => Promise<Sums>): Promise<Sums>;
}

/** Each takes up to 2 MB for 200 commands. */
const MAXIMUM_KEPT = 8;

/** Remembers what was asked for last. */
export function createKeptDays<Sums>(): KeptDays<Sums> {
  const entries = new Map<string, { readonly counts: string; readonly sums: Sums }>();
  return {
    async get(key, counts, make) {
      const known = entries.get(key);
      entries.delete(key);
      const entry = known?.counts === counts ? known : { counts, sums: await make() };
      entries.set(key, entry);
      const oldest = entries.size > MAXIMUM_KEPT ? entries.keys().next().value : undefined;
      if (oldest !== undefined) entries.delete(oldest);
      return entry.sums;
    },
  };
}

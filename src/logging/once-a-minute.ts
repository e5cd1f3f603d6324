const MINUTE_MS = 60_000;

/**
 * Whether it is time to say something again: at once, and then not before a minute has passed since it was said last.
 *
 * @param now milliseconds, of whichever clock.
 */
export function onceAMinute(now: () => number): () => boolean {
  let lastAt = -Infinity;
  return () => {
    const at = now();
    if (at - lastAt < MINUTE_MS) return false;
    lastAt = at;
    return true;
  };
}

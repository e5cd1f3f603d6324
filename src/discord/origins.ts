/** The newest runs by their interaction, so that a press finds the one that made what was pressed. */
export interface Origins<Origin> {
  remember(interactionId: string, origin: Origin): void;
  find(interactionId: string | null): Origin | null;
}

/**
 * @param limit so many are remembered, the newest: a message with components is pressed soon, or by somebody who needs no
 * link to its run any more.
 */
export function createOrigins<Origin>(limit: number): Origins<Origin> {
  const newest = new Map<string, Origin>();
  return {
    remember(interactionId, origin) {
      newest.set(interactionId, origin);
      if (newest.size <= limit) return;
      // The first of a map is its oldest.
      for (const oldest of newest.keys()) {
        newest.delete(oldest);
        break;
      }
    },
    find: (interactionId) => (interactionId === null ? null : (newest.get(interactionId) ?? null)),
  };
}

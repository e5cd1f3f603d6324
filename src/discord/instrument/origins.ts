/** What a component's press has to know of the run that put it there. */
export interface Origin {
  readonly traceId: string;
  readonly command: string;
  /** What was typed for it, as far as it is remembered. */
  readonly typed: readonly string[];
}

/** The newest runs by their interaction, so that presses find the one that they come of. */
export interface Origins {
  remember(interactionId: string, origin: Origin): void;
  find(interactionId: string | null): Origin | null;
}

/** A message with components is pressed soon, or by somebody who needs no link to its run any more. */
const REMEMBERED = 1000;
/** Of what was typed for one of them, in characters: whoever types a lot does not fill the memory. */
const REMEMBERED_CHARACTERS = 8000;

export function createOrigins(): Origins {
  const newest = new Map<string, Origin>();
  return {
    remember(interactionId, origin) {
      newest.set(interactionId, origin);
      if (newest.size <= REMEMBERED) return;
      // The first of a map is its oldest.
      for (const oldest of newest.keys()) {
        newest.delete(oldest);
        break;
      }
    },
    find: (interactionId) => (interactionId === null ? null : (newest.get(interactionId) ?? null)),
  };
}

/** The first of the values that were typed, as many as are remembered. */
export function startOf(typed: readonly string[]): readonly string[] {
  let left = REMEMBERED_CHARACTERS;
  return typed.filter((value) => {
    left -= value.length;
    return left >= 0;
  });
}

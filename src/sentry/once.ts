import type { Failure } from './report';

/** Hands failures on, each error once. */
export interface Once {
  /** Hands it on at the end of this turn of the event loop. */
  add(this: void, failure: Failure): void;
  /** Hands on at once what has not been yet. */
  release(this: void): void;
}

/** As many may be held; one more, and all are handed on. */
const MAX_HELD = 64;

/**
 * An error that a command throws, and nobody catches, comes twice in one turn: as the command's failure, and as what the
 * process itself was told of. It is handed on as one: not handled, and of that command. An error that two commands throw,
 * such as that of a connection which both waited for, is two failures all the same.
 */
export function createOnce(handOn: (failure: Failure) => void): Once {
  let held: Failure[] = [];

  function release(): void {
    const all = held;
    held = [];
    for (const failure of all) handOn(failure);
  }

  return {
    add(failure) {
      const index = held.findIndex((other) => isSame(other, failure));
      const other = held[index];
      if (other !== undefined) {
        held[index] = together(other, failure);
        return;
      }
      if (held.length === MAX_HELD) release();
      if (held.length === 0) setImmediate(release).unref();
      held.push(failure);
    },
    release,
  };
}

/** What is no object may be equal by chance. */
function isSame(one: Failure, other: Failure): boolean {
  const isObject = typeof one.error === 'object' && one.error !== null;
  return isObject && one.error === other.error && (one.unhandled === null) !== (other.unhandled === null);
}

function together(one: Failure, other: Failure): Failure {
  const [failure, crash] = one.unhandled === null ? [one, other] : [other, one];
  return { ...failure, unhandled: crash.unhandled };
}

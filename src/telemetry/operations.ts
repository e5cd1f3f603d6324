import { MAX_OPERATIONS, MAX_UNDERWAY, type Invocation, type Operation, type Progress } from './event';

/** Those that are kept whatever comes after them. */
const FIRST_OPERATIONS = MAX_OPERATIONS / 2;

/** Of an invocation that begins. */
export function createProgress(): Progress {
  return { underway: new Set(), dropped: 0, droppedRest: 0, isSettled: false };
}

/**
 * Remembers what was done in the name of an invocation: the first, and the newest, since what fails is most often the
 * last. In nobody's name, and after the settlement, nothing.
 */
export function addOperation(invocation: Invocation | null, operation: Operation): void {
  if (invocation === null || invocation.progress.isSettled) return;
  const { operations, progress } = invocation;
  if (operations.length >= MAX_OPERATIONS) {
    progress.dropped += 1;
    if (operations[FIRST_OPERATIONS]?.kind === 'rest') progress.droppedRest += 1;
    operations.copyWithin(FIRST_OPERATIONS, FIRST_OPERATIONS + 1).length -= 1;
  }
  operations.push(operation);
}

/**
 * Something begins that may still be going on when the invocation settles, and is told of all the same then.
 *
 * @param soFar gives what is known of it by then, as an operation that is unfinished.
 * @returns what is to be called with it when it has ended.
 */
export function beginOperation(
  invocation: Invocation | null,
  soFar: () => Operation,
): (ended: Operation) => void {
  if (invocation === null || invocation.progress.isSettled) return () => undefined;
  const { underway } = invocation.progress;
  if (underway.size >= MAX_UNDERWAY) return (ended) => addOperation(invocation, ended);
  underway.add(soFar);
  return (ended) => {
    if (underway.delete(soFar)) addOperation(invocation, ended);
  };
}

/** The invocation settles: what has not ended by now is one of its operations, as it is, and what ends later is none. */
export function addUnfinished({ operations, progress }: Invocation): void {
  const { underway } = progress;
  progress.isSettled = true;
  if (underway.size === 0) return;
  for (const soFar of underway) operations.push(soFar());
  underway.clear();
}

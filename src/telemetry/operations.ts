import { MAX_OPERATIONS, type Invocation, type Operation } from './event';

/** Remembers what was done in the name of an invocation, while there is room; in nobody's name, nothing. */
export function addOperation(invocation: Invocation | null, operation: Operation): void {
  if (invocation !== null && invocation.operations.length < MAX_OPERATIONS) {
    invocation.operations.push(operation);
  }
}

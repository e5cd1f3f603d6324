import fs from 'node:fs';

/** A write that has not gone on for this long, when the process ends, is taken for one that will not. */
const PATIENCE_MS = 500;
const LOOK_EVERY_MS = 2;

export interface WriteInFlight {
  readonly descriptor: number;
  readonly chunk: Buffer;
  /** Where the file ended before. */
  readonly from: number;
  /** How much of the chunk is known to be written. */
  readonly doneBytes: number;
  /** Whether nobody else writes to the file. */
  readonly isOurs: boolean;
}

/**
 * Blocks until a write that another thread does is in the file, unless it does not go on for half a second. Gives how
 * many bytes of it are. For the moment in which the process ends, when nobody tells any more.
 */
export function waitUntilWritten(write: WriteInFlight): number {
  let seenBytes = grownBytes(write);
  let until = performance.now() + PATIENCE_MS;
  const never = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  while (!isWritten(write)) {
    const bytes = grownBytes(write);
    if (bytes > seenBytes) until = performance.now() + PATIENCE_MS;
    seenBytes = bytes;
    if (performance.now() > until) return write.isOurs ? bytes : write.doneBytes;
    Atomics.wait(never, 0, 0, LOOK_EVERY_MS);
  }
  return write.chunk.length;
}

function isWritten(write: WriteInFlight): boolean {
  const bytes = grownBytes(write);
  if (bytes < write.chunk.length) return false;
  if (write.isOurs) return true;
  const since = Buffer.alloc(bytes);
  fs.readSync(write.descriptor, since, 0, bytes, write.from);
  return since.includes(write.chunk);
}

const grownBytes = ({ descriptor, from }: WriteInFlight): number =>
  Math.max(0, fs.fstatSync(descriptor).size - from);

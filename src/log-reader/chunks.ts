import type { FileHandle } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createGunzip, type Gunzip } from 'node:zlib';
import type { OpenLogFile } from './log-file';

/** What is read at once. The event loop has its turn after each, so a bot that reads its own log goes on answering. */
const CHUNK_BYTES = 64 * 1024;
/** Lines shrink to a tenth or less: so little of them becomes many. */
const COMPRESSED_CHUNK_BYTES = 8 * 1024;

/**
 * The bytes of a file, chunk by chunk; a chunk is valid until the next is asked for. A compressed one may be several
 * members, one behind the other. Where it is cut off or damaged, rejects after all that can be read was given.
 */
export function chunksOf({ handle, compressed }: OpenLogFile): AsyncGenerator<Buffer> {
  return compressed ? unpacked(chunksFrom(handle, 0, COMPRESSED_CHUNK_BYTES)) : chunksFrom(handle, 0);
}

/** The bytes of a file from a position to its end. */
export async function* chunksFrom(
  handle: FileHandle,
  start: number,
  bytes = CHUNK_BYTES,
): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafe(bytes);
  for (let position = start; ;) {
    const { bytesRead } = await handle.read(buffer, 0, bytes, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

async function* unpacked(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  const ready: Buffer[] = [];
  const failures: Error[] = [];
  gunzip.on('data', (chunk: Buffer) => ready.push(chunk));
  gunzip.on('error', (error) => failures.push(error));
  try {
    for await (const chunk of packed) {
      await taken(gunzip, chunk);
      for (const part of ready.splice(0)) {
        yield part;
        await nextTurn();
      }
      if (gunzip.destroyed) break;
    }
    await ended(gunzip);
    yield* ready;
    for (const failure of failures) throw failure;
  } finally {
    gunzip.destroy();
  }
}

/** Resolves once the bytes are unpacked, or never will be. A damaged stream calls nobody back but by closing. */
function taken(gunzip: Gunzip, chunk: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      gunzip.off('close', done);
      resolve();
    };
    gunzip.once('close', done);
    gunzip.write(chunk, done);
  });
}

function ended(gunzip: Gunzip): Promise<void> {
  if (gunzip.closed) return Promise.resolve();
  return new Promise((resolve) => {
    gunzip.once('close', () => resolve());
    gunzip.end();
  });
}

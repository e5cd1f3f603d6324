import { constants, type Stats } from 'node:fs';
import { open, readdir, rename, rm, stat, utimes, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createGzip, gzip } from 'node:zlib';
import { byAge, dayOf, logFilesAmong, temporaryName, type LogFiles } from './log-files';

/** Whoever still writes to a file that is removed notices at its next line: for so long its lines are waited for. */
const LINGER_MS = 1000;
/** What nobody has written to for so long is left over, by a process that is no more or is done with it. */
const STALE_MS = 2000;
/** So many removed files are waited for at a time. */
const MAX_LINGERING = 8;
const CHUNK_BYTES = 64 * 1024;
/** A pipe that is at its place does not hold us up. */
const ADD_TO = constants.O_WRONLY | constants.O_APPEND | constants.O_NONBLOCK;

export interface CompressorOptions extends LogFiles {
  /** Told what the file system says; the file stays as it is until the next file is begun. */
  readonly onFault: (error: Error) => void;
}

/** Compresses the files that are finished, one after the other, in the background. */
export interface Compressor {
  /** Looks for files that are finished. This one is not. */
  wake(current: string): void;
  /** Resolves soon: what is not compressed waits for the next start. */
  close(): Promise<void>;
}

/**
 * Each file is compressed beside its plain form, which is removed only when the other is whole and on the disk.
 * Wherever it is broken off, either is there, and whoever comes next begins anew.
 */
export function createCompressor(options: CompressorOptions): Compressor {
  const closing = new AbortController();
  const lingering = new Set<Promise<void>>();
  const ours = new Set<string>();
  let current = '';
  let running: Promise<void> | null = null;
  const onError = (error: unknown): void => {
    if (!closing.signal.aborted) options.onFault(error instanceof Error ? error : new Error(String(error)));
  };
  const compressAll = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      const finished = await finishedFiles(options, current);
      if (finished.length === 0) return;
      forgetAllBut(finished, ours);
      const name = await firstQuiet(options.directory, finished, ours);
      const removed = name === null ? 'busy' : await compress(options.directory, name, closing.signal);
      if (removed === 'busy') await pause(STALE_MS, closing.signal);
      if (typeof removed === 'string') continue;
      const late = addLateLines(removed, closing.signal)
        .catch(onError)
        .finally(() => lingering.delete(late));
      lingering.add(late);
      if (lingering.size >= MAX_LINGERING) await Promise.race(lingering);
    }
  };
  return {
    wake: (name) => {
      if (current !== '') ours.add(current);
      current = name;
      running ??= compressAll()
        .catch(onError)
        .finally(() => {
          running = null;
        });
    },
    close: async () => {
      closing.abort();
      await running;
      await Promise.all(lingering);
    },
  };
}

/** The newest is somebody's current one, if not ours. Pipes, links and whatever else is there are left alone. */
async function finishedFiles({ directory, kind }: LogFiles, current: string): Promise<readonly string[]> {
  const there = (await readdir(directory, { withFileTypes: true })).filter((one) => one.isFile());
  const names = there.map(({ name }) => name);
  const files = byAge(logFilesAmong(names, kind), dayOf(new Date())).slice(0, -1);
  return files.filter(({ name, isPlain }) => isPlain && name !== current).map(({ name }) => name);
}

function forgetAllBut(names: readonly string[], from: Set<string>): void {
  for (const name of from) if (!names.includes(name)) from.delete(name);
}

/** Another process may be writing to a file that is not ours: it is left alone while lines come. */
async function firstQuiet(
  directory: string,
  names: readonly string[],
  ours: ReadonlySet<string>,
): Promise<string | null> {
  for (const name of names) {
    if (ours.has(name)) return name;
    const file = await stat(join(directory, name)).catch(() => null);
    if (file !== null && Date.now() - file.mtimeMs >= STALE_MS) return name;
  }
  return null;
}

/** A file that is there in its compressed form alone, and may still be open elsewhere. */
interface RemovedFile {
  readonly source: FileHandle;
  /** How much of it is compressed. */
  readonly bytes: number;
  readonly path: string;
}

/** Busy where another process has it in hand. */
async function compress(
  directory: string,
  name: string,
  signal: AbortSignal,
): Promise<RemovedFile | 'gone' | 'busy'> {
  const path = join(directory, name);
  const temporary = join(directory, temporaryName(name));
  const source = await openUnless('ENOENT', path, constants.O_RDONLY | constants.O_NONBLOCK);
  if (source === null) return 'gone';
  try {
    const target = await begin(temporary);
    if (target === null) {
      await source.close();
      return 'busy';
    }
    const bytes = await compressInto(source, target, signal);
    // One that was removed meanwhile, as the oldest, is not to come back in another form.
    const there = await stat(path).catch(() => null);
    if (there === null) await rm(temporary, { force: true });
    else await putInPlace(temporary, `${path}.gz`, there);
    await rm(path, { force: true });
    return { source, bytes, path: `${path}.gz` };
  } catch (error) {
    await source.close();
    await rm(temporary, { force: true });
    // It was removed meanwhile, as the oldest, and the other with it.
    if ((await stat(path).catch(() => null)) === null) return 'gone';
    throw error;
  }
}

/** The time of the last line tells a reader whether it has to look into the file. */
async function putInPlace(temporary: string, path: string, { atime, mtime }: Stats): Promise<void> {
  await utimes(temporary, atime, mtime);
  await rename(temporary, path);
}

/** Creates the file, or null where another process is writing to it. */
async function begin(temporary: string): Promise<FileHandle | null> {
  const there = await stat(temporary).catch(() => null);
  if (there !== null) {
    if (Date.now() - there.mtimeMs < STALE_MS) return null;
    await rm(temporary, { force: true });
  }
  return openUnless('EEXIST', temporary, 'wx');
}

/** Resolves when all of it is on the disk, with how many bytes were read. Closes the target. */
async function compressInto(source: FileHandle, target: FileHandle, signal: AbortSignal): Promise<number> {
  let bytes = 0;
  async function* chunks(): AsyncGenerator<Buffer> {
    for (;;) {
      const { buffer, bytesRead } = await source.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, bytes);
      if (bytesRead === 0) return;
      bytes += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }
  await pipeline(chunks, createGzip(), target.createWriteStream({ flush: true }), { signal });
  return bytes;
}

/** Adds what another process has still written to the file: a gzip file may have several members. */
async function addLateLines({ source, bytes, path }: RemovedFile, signal: AbortSignal): Promise<void> {
  try {
    await pause(LINGER_MS, signal);
    const length = (await source.stat()).size - bytes;
    if (length <= 0) return;
    const { buffer } = await source.read(Buffer.alloc(length), 0, length, bytes);
    const target = await openUnless('ENOENT', path, ADD_TO);
    if (target !== null) await target.appendFile(await promisify(gzip)(buffer)).finally(() => target.close());
  } finally {
    await source.close();
  }
}

async function openUnless(code: string, path: string, flags: string | number): Promise<FileHandle | null> {
  return open(path, flags).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === code) return null;
    throw error;
  });
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
}

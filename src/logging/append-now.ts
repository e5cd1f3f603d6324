import fs from 'node:fs';
import { join } from 'node:path';
import { dayOf, logFilesAmong, namesBeyond, nextLogFileName, type LogFiles } from './log-files';

export interface AppendNowOptions extends LogFiles {
  readonly maxSizeBytes: number;
  /** The current file, if nobody else writes to it. */
  readonly ownPath: string | null;
}

/** Lines that are left. */
export interface Rest {
  /** Whole lines, up to the one with which that many bytes are reached; null where there are no more. */
  next(atLeastBytes: number): Buffer | null;
  /** Told how many bytes of them are in the file; they end with a line. */
  written(bytes: number): void;
}

/**
 * Appends what is left when the process ends, blocking, by the same rules as ever. Throws what the file system says,
 * and leaves no half of a line.
 *
 * @returns the current file, if nobody else writes to it.
 */
export function appendNow(options: AppendNowOptions, rest: Rest): string | null {
  fs.mkdirSync(options.directory, { recursive: true });
  let place = newestWithRoom(options);
  try {
    for (;;) {
      const lines = rest.next(place?.roomBytes ?? options.maxSizeBytes + 1);
      if (lines === null) return place?.isOurs === true ? place.path : null;
      place ??= beginNext(options);
      append(place.descriptor, lines, rest);
      place = { ...place, roomBytes: place.roomBytes - lines.length };
      if (place.roomBytes > 0) continue;
      fs.closeSync(place.descriptor);
      place = null;
    }
  } finally {
    if (place !== null) fs.closeSync(place.descriptor);
  }
}

interface Place {
  readonly path: string;
  readonly descriptor: number;
  readonly roomBytes: number;
  /** Whether nobody else writes to it. */
  readonly isOurs: boolean;
}

/** The newest file, unless it is full, cannot be opened, or is another process's. */
function newestWithRoom(options: AppendNowOptions): Place | null {
  const today = dayOf(new Date());
  const newest = list(options).findLast(({ date }) => date === today);
  if (newest?.isPlain !== true) return null;
  const path = join(options.directory, newest.name);
  const isOurs = path === options.ownPath;
  if (options.ownPath !== null && !isOurs) return null;
  const descriptor = openExisting(path);
  if (descriptor === null) return null;
  const roomBytes = options.maxSizeBytes + 1 - sizeOfLines(descriptor);
  // Another process may be at the same file, and have seen the same room.
  if (roomBytes > 0)
    return { path, descriptor, isOurs, roomBytes: isOurs ? roomBytes : Math.ceil(roomBytes / 2) };
  fs.closeSync(descriptor);
  return null;
}

function openExisting(path: string): number | null {
  const { O_RDWR, O_APPEND, O_NONBLOCK } = fs.constants;
  try {
    return fs.openSync(path, O_RDWR | O_APPEND | O_NONBLOCK);
  } catch {
    return null;
  }
}

/** Infinite for what is no file, and for one that ends in half a line, which is not to be joined to ours. */
function sizeOfLines(descriptor: number): number {
  const file = fs.fstatSync(descriptor);
  if (!file.isFile()) return Infinity;
  const last = Buffer.from('\n');
  if (file.size > 0) fs.readSync(descriptor, last, 0, 1, file.size - 1);
  return last.toString() === '\n' ? file.size : Infinity;
}

function beginNext(options: AppendNowOptions): Place {
  const { directory, kind, backupCount, maxSizeBytes } = options;
  for (;;) {
    const known = list(options);
    const today = dayOf(new Date());
    for (const name of namesBeyond(known, backupCount, today)) remove(join(directory, name));
    const path = join(directory, nextLogFileName(known, kind, today));
    try {
      return { path, descriptor: fs.openSync(path, 'ax+'), roomBytes: maxSizeBytes + 1, isOurs: true };
    } catch (error) {
      // Another process was quicker to take the name.
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
}

/** What cannot be removed, such as a directory, fails nothing. */
function remove(path: string): void {
  try {
    fs.rmSync(path, { force: true });
  } catch {
    // It stays.
  }
}

function append(descriptor: number, lines: Buffer, rest: Rest): void {
  const before = fs.fstatSync(descriptor).size;
  let bytes = 0;
  try {
    while (bytes < lines.length) bytes += fs.writeSync(descriptor, lines, bytes);
  } finally {
    const wholeBytes = lines.subarray(0, bytes).lastIndexOf('\n') + 1;
    rest.written(wholeBytes);
    // Unless somebody else has written behind it.
    const isCut = wholeBytes < bytes && fs.fstatSync(descriptor).size === before + bytes;
    if (isCut) fs.ftruncateSync(descriptor, before + wholeBytes);
  }
}

const list = ({ directory, kind }: LogFiles): ReturnType<typeof logFilesAmong> =>
  logFilesAmong(fs.readdirSync(directory), kind);

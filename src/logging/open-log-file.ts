import fs from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { listLogFiles, nextLogFileName, removeOldest, type LogFile, type LogFiles } from './log-files';
import { linkNewest, type LinkResult } from './newest-link';

const open = promisify(fs.open);
const fstat = promisify<number, fs.Stats>(fs.fstat);
const read = promisify(fs.read);
const write = promisify<number, string>(fs.write);
const close = promisify(fs.close);

/** Others may be quicker to make the file that is wanted; each time is one more file of theirs. */
const MAX_TRIES = 100;
/** Another process's write is seen in pieces for a moment. */
const TORN_FOR_MS = 20;

export interface RotationSettings extends LogFiles {
  /** A file that has grown past this is followed by the next. */
  readonly maxSizeBytes: number;
  /** Told of each file that is opened. */
  readonly onOpened: (name: string, link: LinkResult) => void;
}

/** The place in a file where a line broke off. */
export interface Cut {
  readonly path: string;
  readonly inode: number;
  readonly size: number;
}

export interface OpenFile {
  readonly path: string;
  readonly descriptor: number;
  readonly inode: number;
  readonly size: number;
}

/**
 * To go on with the newest file of the day while it has room, which may end in the half of a line that was cut there;
 * or to begin the next in any case.
 */
export type Opening = { readonly how: 'go_on'; readonly cut: Cut | null } | { readonly how: 'begin' };

/**
 * Opens a file of that day, and makes the link to it. No more files are left than allowed. A file that is begun is
 * begun by nobody else: processes that share a directory part at their first rotation, and from then on the size holds
 * for each. Rejects with what the file system says.
 */
export async function openLogFile(
  settings: RotationSettings,
  date: string,
  opening: Opening,
): Promise<OpenFile> {
  const { directory, kind, backupCount } = settings;
  await mkdir(directory, { recursive: true });
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const known = await listLogFiles(settings);
    const newest = known.filter((file) => file.date === date).at(-1);
    if (opening.how === 'go_on' && newest?.isPlain === true) {
      const file = await goOn(settings, newest, opening.cut);
      if (file !== null) {
        const others = known.filter((one) => one !== newest);
        await removeOldest(directory, others, backupCount);
        settings.onOpened(newest.name, await linkNewest(settings, newest.name, known));
        return file;
      }
    }
    await removeOldest(directory, known, backupCount);
    const name = nextLogFileName(known, kind, date);
    const file = await begin(join(directory, name));
    if (file === null) continue;
    settings.onOpened(name, await linkNewest(settings, name, known));
    return file;
  }
  throw new Error(`no name is free for the next log file in ${directory}`);
}

/** Null where the file is full, is gone by now, or cannot be opened: the next one can be, or tells what is wrong. */
async function goOn(
  settings: RotationSettings,
  { name }: LogFile,
  cut: Cut | null,
): Promise<OpenFile | null> {
  const path = join(settings.directory, name);
  // Not created if another process removes it now; and a pipe without a reader does not hold us up.
  const flags = fs.constants.O_RDWR | fs.constants.O_APPEND | fs.constants.O_NONBLOCK;
  const descriptor = await open(path, flags).catch(() => null);
  if (descriptor === null) return null;
  try {
    const stats = await fstat(descriptor);
    const { ino: inode, size } = stats;
    if (stats.isFile() && size <= settings.maxSizeBytes) {
      if (cut?.inode !== inode || cut.size !== size) await endTornLine(descriptor);
      return { path, descriptor, inode, size: (await fstat(descriptor)).size };
    }
  } catch (error) {
    await close(descriptor);
    throw error;
  }
  await close(descriptor);
  return null;
}

/** Null where the file is there already. */
async function begin(path: string): Promise<OpenFile | null> {
  try {
    const descriptor = await open(path, 'ax+');
    const { ino: inode } = await fstat(descriptor);
    return { path, descriptor, inode, size: 0 };
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return null;
    throw error;
  }
}

/** A process that was killed, or a disk that was full, may have left half a line: the next must not be joined to it. */
async function endTornLine(descriptor: number): Promise<void> {
  const before = await lastByte(descriptor);
  if (before === null || before.byte === 0x0a) return;
  await delay(TORN_FOR_MS);
  const after = await lastByte(descriptor);
  if (after?.size === before.size) await write(descriptor, '\n');
}

async function lastByte(descriptor: number): Promise<{ size: number; byte: number } | null> {
  const file = await fstat(descriptor);
  if (file.size === 0) return null;
  const { buffer } = await read(descriptor, Buffer.alloc(1), 0, 1, file.size - 1);
  return { size: file.size, byte: buffer[0] ?? 0 };
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

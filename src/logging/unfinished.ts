import fs from 'node:fs';
import type { Batch } from './line-queue';
import type { Cut } from './open-log-file';

/** A batch on its way, or what is left of one after a fault, from the beginning of a line. */
export interface Unfinished extends Batch {
  /** How much of its first line is written already, and where that line broke off. */
  readonly writtenBytes: number;
  readonly cut: Cut | null;
}

/** Whether its first line broke off right here. */
export function goesOnAt({ cut }: Unfinished, end: Cut): boolean {
  return cut !== null && cut.inode === end.inode && cut.size === end.size;
}

/** To be written with the whole of its first line. */
export function fromLineStart(unfinished: Unfinished): Unfinished {
  return { ...unfinished, writtenBytes: 0, cut: null };
}

/**
 * Takes the half of a line off the end of its file, for it will not be gone on with. It stays where somebody else has
 * written behind it. Throws what the file system says.
 */
export function removeHalf({ cut, writtenBytes }: Unfinished): void {
  if (cut === null) return;
  const file = fs.statSync(cut.path, { throwIfNoEntry: false });
  if (file?.ino === cut.inode && file.size === cut.size) fs.truncateSync(cut.path, cut.size - writtenBytes);
}

/** What of it is still to be written, up to the line with which the room is filled. */
export function chunkOf({ bytes, writtenBytes }: Unfinished, roomBytes: number): Buffer {
  if (bytes.length - writtenBytes <= roomBytes) return bytes.subarray(writtenBytes);
  const lastOfLine = bytes.indexOf('\n', writtenBytes + roomBytes - 1);
  return bytes.subarray(writtenBytes, lastOfLine + 1);
}

/** What is left when so many more bytes of it are written, and the file ends there; null where nothing is. */
export function remainderOf(unfinished: Unfinished, bytes: number, end: Cut | null): Unfinished | null {
  const written = unfinished.writtenBytes + bytes;
  if (written >= unfinished.bytes.length) return null;
  const lineStart = unfinished.bytes.subarray(0, written).lastIndexOf('\n') + 1;
  const left = unfinished.bytes.subarray(lineStart);
  const writtenBytes = written - lineStart;
  const cut = writtenBytes === 0 ? null : end;
  return { bytes: left, lines: unfinished.lines - linesIn(unfinished.bytes, lineStart), writtenBytes, cut };
}

function linesIn(bytes: Buffer, before: number): number {
  let lines = 0;
  for (let at = bytes.indexOf('\n'); at !== -1 && at < before; at = bytes.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

import { constants } from 'node:fs';
import { open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { logFilesAmong } from '../logging/log-files';
import type { LogLevel } from '../logging/logger';

/** The files that the log is kept in, as a reader finds them: plain, compressed, or just becoming so. */

/** `bot`: every line; `error`: the errors alone, which therefore reach further back. */
export type FileKind = 'bot' | 'error';

export interface LogFile {
  readonly directory: string;
  /** Without `.gz`: the same lines have the same name, compressed or not. */
  readonly name: string;
}

export interface OpenLogFile {
  readonly handle: FileHandle;
  readonly compressed: boolean;
}

/** The files of a kind, oldest first, without the link to the newest. Rejects if the directory cannot be read. */
export async function listLogFiles(directory: string, kind: FileKind): Promise<readonly LogFile[]> {
  return logFilesAmong(await readdir(directory), kind).map(({ name }) => ({ directory, name }));
}

/** The kind that answers for lines of this level: errors are found sooner, and further back, where they stand alone. */
export async function kindFor(directory: string, level: LogLevel | null): Promise<FileKind> {
  if (level !== 'error') return 'bot';
  return (await listLogFiles(directory, 'error')).length > 0 ? 'error' : 'bot';
}

/**
 * Opens the file, or the compressed one that has taken its place. Null where it is gone; rejects where it cannot be
 * read.
 */
export async function openLogFile({ directory, name }: LogFile): Promise<OpenLogFile | null> {
  const path = join(directory, name);
  const plain = await openExisting(path);
  if (plain !== null) return { handle: plain, compressed: false };
  const packed = await openExisting(`${path}.gz`);
  return packed === null ? null : { handle: packed, compressed: true };
}

/** A pipe, to which nobody writes, would be waited for without end. */
async function openExisting(path: string): Promise<FileHandle | null> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (handle === null || (await handle.stat()).isFile()) return handle;
  await handle.close();
  throw new Error('it is not a file');
}

/** Whether the file system says that there is no such thing. */
export function isMissing(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** The code of an error of the file system or of zlib; empty where it has none. */
export function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : '';
  return typeof code === 'string' ? code : '';
}

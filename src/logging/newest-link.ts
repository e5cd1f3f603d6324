import { link, lstat, open, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { logFilesAmong, type LogFile, type LogFiles } from './log-files';

/** How every line of ours begins. */
const OUR_LINE = /^\{"timestamp":"[^"]{24}","level":"(?:error|warn|info|debug)","logger":"/;
const HEAD_BYTES = 128;

/** What became of the link: something that is not ours stands at its place and is left alone, or it could not be made. */
export type LinkResult = 'linked' | 'not_ours' | 'failed';

/**
 * Makes `bot.log` a name of the file, in one step, between the last line of the file before and the first of this one.
 * A hard link: `tail -F` follows it by the kernel's events. It only polls what is behind a symbolic link, and looks at
 * the link itself every few seconds, by when whole files may have passed. Never rejects.
 *
 * @param known the files that are there.
 */
export async function linkNewest(
  { directory, kind }: LogFiles,
  name: string,
  known: readonly LogFile[],
): Promise<LinkResult> {
  const path = join(directory, `${kind}.log`);
  const temporary = join(directory, `.${kind}.log.tmp`);
  try {
    if (!(await isOurs(path, directory, kind, known))) return 'not_ours';
    await rm(temporary, { force: true });
    // Some file systems have no hard links. A relative target stays right in a directory that is moved.
    await link(join(directory, name), temporary).catch(() => symlink(name, temporary));
    await rename(temporary, path);
    return 'linked';
  } catch {
    return 'failed';
  } finally {
    // Where both were the same file already, renaming has done nothing.
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

async function isOurs(
  path: string,
  directory: string,
  kind: string,
  known: readonly LogFile[],
): Promise<boolean> {
  const there = await lstat(path).catch(() => null);
  if (there === null) return true;
  if (there.isSymbolicLink()) return logFilesAmong([basename(await readlink(path))], kind).length > 0;
  if (!there.isFile()) return false;
  if (there.size === 0 || (await beginsWithOurLine(path))) return true;
  // A file that begins with half a line.
  const others = known.map(({ name }) => stat(join(directory, name)).catch(() => null));
  return (await Promise.all(others)).some((other) => other?.ino === there.ino && other.dev === there.dev);
}

async function beginsWithOurLine(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    // Another process may have replaced it by the link to a file that it has just begun.
    return bytesRead === 0 || OUR_LINE.test(buffer.toString('utf8', 0, bytesRead));
  } finally {
    await file.close();
  }
}

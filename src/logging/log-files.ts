import { createHash } from 'node:crypto';
import { appendFile, mkdir, open, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** The files of one kind in a log directory: what they are called, which is the newest, how many are kept. */
export interface LogFiles {
  readonly directory: string;
  /** The kind: `bot` has the files `bot-2026-01-31.log`, `bot-2026-01-31.log.1`, … and the link `bot.log`. */
  readonly kind: string;
  /** Older files that are kept beside the current one. */
  readonly backupCount: number;
}

/** Where winston-daily-rotate-file keeps its own list of the files. */
export function auditPath({ directory, kind }: LogFiles): string {
  return join(directory, `.${kind}-audit.json`);
}

/** Names of the files, oldest first. Rejects if the directory cannot be read. */
export async function listLogFiles({ directory, kind }: LogFiles): Promise<readonly string[]> {
  const names = await readdir(directory);
  return names
    .flatMap((name) => parse(name, kind) ?? [])
    .sort((a, b) => a.date.localeCompare(b.date) || a.number - b.number)
    .map(({ name }) => name);
}

function parse(name: string, kind: string): { name: string; date: string; number: number } | null {
  const match = /^(?<kind>.+)-(?<date>\d{4}-\d{2}-\d{2})\.log(?:\.(?<number>\d+))?$/.exec(name);
  if (match?.groups?.kind !== kind) return null;
  return { name, date: match.groups.date ?? '', number: Number(match.groups.number ?? 0) };
}

/**
 * Makes the directory ready to be opened: it exists, no more files than allowed are in it, and the rotation's own
 * list names those that are there. That list alone decides which number the rotation goes on with and what it
 * deletes, and it may be lost, broken, or older than the files. Rejects with what the file system says.
 */
export async function prepareLogFiles(files: LogFiles): Promise<void> {
  await mkdir(files.directory, { recursive: true });
  const names = await listLogFiles(files);
  const excess = Math.max(0, names.length - (files.backupCount + 1));
  await Promise.all(names.slice(0, excess).map((name) => rm(join(files.directory, name), { force: true })));
  const newest = names.at(-1);
  if (newest !== undefined) await endTornLine(join(files.directory, newest));
  await writeFile(auditPath(files), JSON.stringify(auditOf(files, names.slice(excess))));
}

/** A process that was killed, or a disk that was full, may have left half a line: the next must not be joined to it. */
async function endTornLine(path: string): Promise<void> {
  const file = await stat(path).catch(() => null);
  if (file?.isFile() !== true || file.size === 0) return;
  const handle = await open(path, 'r');
  try {
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, file.size - 1);
    if (buffer.toString() !== '\n') await appendFile(path, '\n');
  } finally {
    await handle.close();
  }
}

function auditOf(files: LogFiles, names: readonly string[]): object {
  const date = 0;
  const entries = names.map((name) => {
    const path = join(files.directory, name);
    return { date, name: path, hash: createHash('sha256').update(`${path}LOG_FILE${date}`).digest('hex') };
  });
  return {
    keep: { days: false, amount: files.backupCount + 1 },
    auditLog: auditPath(files),
    files: isPlainText(files.directory) ? entries : [],
    hashType: 'sha256',
  };
}

/**
 * The directory as the rotation can take it, which uses its path as a pattern: one with `+` or `(` in it is spelled
 * relative to the working directory, where that helps. Where it does not, the rotation starts its numbers anew with
 * each opening.
 */
export function rotatablePath(directory: string): string {
  const nearby = relative(process.cwd(), directory);
  return !isPlainText(directory) && nearby !== '' && isPlainText(nearby) ? nearby : directory;
}

function isPlainText(pattern: string): boolean {
  return !/[\\^$*+?()[\]{}|]/.test(pattern);
}

import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** The files of one kind in a log directory: what they are called, which is the newest, which are too many. */
export interface LogFiles {
  readonly directory: string;
  /** The kind: `bot` has the files `bot-2026-01-31.log`, `bot-2026-01-31.log.1`, … and the link `bot.log`. */
  readonly kind: string;
  /** Older files that are kept beside the current one, compressed or not. */
  readonly backupCount: number;
}

/** One file of lines. While it is being compressed it is there in both forms, with the same lines. */
export interface LogFile {
  readonly date: string;
  readonly number: number;
  /** Its name, without the `.gz` of its compressed form. */
  readonly name: string;
  readonly isPlain: boolean;
  readonly isCompressed: boolean;
}

/** Numbers have nine digits at most: what has more is none of ours. */
const MAX_NUMBER = 999_999_999;

/** What of a name is told by the file's kind, day and number. */
export function logFileName(kind: string, date: string, number: number): string {
  return `${kind}-${date}.log${number === 0 ? '' : `.${number}`}`;
}

/** Where the compressed form of a file is written, until it is whole. */
export const temporaryName = (name: string): string => `.${name}.gz.tmp`;

/** The files among the names, by day and number. Links, and whatever else is there, are passed over. */
export function logFilesAmong(names: readonly string[], kind: string): readonly LogFile[] {
  const files = new Map<string, LogFile>();
  for (const one of names) {
    const file = parse(one, kind);
    if (file === null) continue;
    const other = files.get(file.name);
    files.set(file.name, other === undefined ? file : { ...file, isPlain: true, isCompressed: true });
  }
  return [...files.values()].sort((a, b) => a.date.localeCompare(b.date) || a.number - b.number);
}

function parse(name: string, kind: string): LogFile | null {
  const match = /^(?<kind>.+)-(?<date>\d{4}-\d{2}-\d{2})\.log(?:\.(?<number>\d{1,9}))?(?<gz>\.gz)?$/.exec(
    name,
  );
  if (match?.groups?.kind !== kind) return null;
  const isCompressed = match.groups.gz !== undefined;
  return {
    date: match.groups.date ?? '',
    number: Number(match.groups.number ?? 0),
    name: isCompressed ? name.slice(0, -'.gz'.length) : name,
    isPlain: !isCompressed,
    isCompressed,
  };
}

/** Rejects with what the file system says if the directory cannot be read. */
export async function listLogFiles({ directory, kind }: LogFiles): Promise<readonly LogFile[]> {
  return logFilesAmong(await readdir(directory), kind);
}

/** The day in UTC, as in the files' names. */
export const dayOf = (time: Date): string => time.toISOString().slice(0, 10);

/** The name after all there are of this day; where none is left after the last, that in the newest gap. */
export function nextLogFileName(files: readonly LogFile[], kind: string, date: string): string {
  const numbers = files.filter((file) => file.date === date).map(({ number }) => number);
  const taken = new Set(numbers);
  const before = numbers.findLast((number) => number < MAX_NUMBER && !taken.has(number + 1));
  return logFileName(kind, date, before === undefined ? 0 : before + 1);
}

/** The files, oldest first. A day that is yet to come is that of a clock that was wrong: it is older than any other. */
export function byAge(files: readonly LogFile[], today: string): readonly LogFile[] {
  const isToCome = ({ date }: LogFile): boolean => date > today;
  return [...files.filter(isToCome), ...files.filter((file) => !isToCome(file))];
}

/** Names of all that belongs to the files that are too many, so many of the newest being kept. */
export function namesBeyond(files: readonly LogFile[], keep: number, today: string): readonly string[] {
  const excess = byAge(files, today).slice(0, Math.max(0, files.length - keep));
  return excess.flatMap(({ name }) => [name, `${name}.gz`, temporaryName(name)]);
}

/** Removes the oldest, so many of the newest being kept. One that cannot be removed fails nothing. */
export async function removeOldest(
  directory: string,
  files: readonly LogFile[],
  keep: number,
): Promise<void> {
  const names = namesBeyond(files, keep, dayOf(new Date()));
  await Promise.allSettled(names.map((name) => rm(join(directory, name), { force: true })));
}

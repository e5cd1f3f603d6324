import { watchDirectory, watchFileSystem, type Watch } from './directory-changes';
import type { LogEntry } from './entry';
import type { FollowedFile } from './followed-file';
import { FollowedFiles, type OpenFiles } from './followed-files';
import type { FileKind } from './log-file';
import { newestOf } from './newest';
import { entriesOf, matching, newestEntries, reasonOf, type Reading } from './read';

/** Lines as they come, across rotations, deletions and compression: each once, none left out. */

export interface FollowOptions {
  readonly directory: string;
  readonly kind: FileKind;
  readonly reading: Reading;
  /** How many of the lines that are there already come first; null: all of them. */
  readonly backlog: number | null;
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** Told once of each file that cannot be read. */
  readonly onUnreadable: (name: string, reason: string) => void;
  /** Milliseconds between two looks where the file system tells of no change; 200 without it. */
  readonly pollMs?: number;
  /** Node's own without it. */
  readonly watch?: Watch;
}

const POLL_MS = 200;

/** Gives the matching lines that are there, then each new one, until the signal is aborted. */
export async function* follow(options: FollowOptions): AsyncGenerator<readonly LogEntry[]> {
  const { directory, kind, reading, signal, now } = options;
  const { pollMs = POLL_MS, watch = watchFileSystem } = options;
  const report = onceEach(options.onUnreadable);
  const files = new FollowedFiles(directory, kind, now, report);
  const changes = watchDirectory(directory, { pollMs, signal, watch });
  try {
    yield* backlogOf(files, options, report);
    while (!signal.aborted) {
      const open = await refreshed(files, directory, report);
      for (const file of open.files) yield* newEntries(file, reading, report);
      reading.brokenLines += await files.prune();
      if (!open.hasMore) await changes.next();
    }
  } finally {
    changes.close();
    await files.close();
  }
}

type Report = (name: string, error: unknown) => void;

function onceEach(tell: FollowOptions['onUnreadable']): Report {
  const told = new Set<string>();
  return (name, error) => {
    if (told.size >= 1000 || told.has(name)) return;
    told.add(name);
    tell(name, reasonOf(error));
  };
}

/** A directory that cannot be read may be readable later. */
async function refreshed(files: FollowedFiles, directory: string, report: Report): Promise<OpenFiles> {
  return files.refresh().catch((error: unknown) => {
    report(directory, error);
    return { files: [], hasMore: false };
  });
}

/** What is there already, and as much of it as is wanted. */
async function* backlogOf(
  files: FollowedFiles,
  { directory, backlog, reading }: FollowOptions,
  report: Report,
): AsyncGenerator<readonly LogEntry[]> {
  const older = await files.older().catch(() => []);
  const open = (await refreshed(files, directory, report)).files;
  if (backlog === null) {
    for (const file of older) yield* entriesOf(file, reading);
    for (const file of open) {
      if (await isTooOld(file, reading)) file.skip();
      else yield* newEntries(file, reading, report);
    }
    return;
  }
  let newest: readonly LogEntry[] = [];
  const bounds = () => ({ count: backlog - newest.length, characters: Infinity });
  for (const file of open.toReversed()) {
    // The newest is read in any case: it is the one that grows.
    if (newest.length >= backlog && file !== open.at(-1)) file.skip();
    else newest = [...(await newestOf(newEntries(file, reading, report), bounds())).entries, ...newest];
  }
  if (newest.length < backlog) {
    newest = [...(await newestEntries(older, reading, bounds())).entries, ...newest];
  }
  yield newest;
}

async function isTooOld(file: FollowedFile, { query }: Reading): Promise<boolean> {
  return query.since !== null && (await file.writtenAt()) < Date.parse(query.since);
}

/** The new lines of a file that match. Never rejects. */
async function* newEntries(
  file: FollowedFile,
  reading: Reading,
  report: Report,
): AsyncGenerator<readonly LogEntry[]> {
  try {
    for await (const lines of file.newLines()) yield matching(lines, reading);
  } catch (error) {
    report(file.name, error);
  }
}

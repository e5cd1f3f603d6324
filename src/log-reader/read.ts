import { chunksOf } from './chunks';
import { parseEntry, type LogEntry } from './entry';
import { LineSplitter } from './line-splitter';
import { newestOf, type Newest, type NewestBounds } from './newest';
import { codeOf, openLogFile, type LogFile, type OpenLogFile } from './log-file';
import { createMatcher, leadingTimestamp, type LogQuery, type Matcher } from './query';

/** Reading files, one after the other, however large they are. */

/** A question that is being answered, and what came up meanwhile. */
export interface Reading {
  readonly query: LogQuery;
  readonly matcher: Matcher;
  /** Asked after each chunk; false ends the reading there. */
  readonly goesOn: (readBytes: number) => boolean;
  readBytes: number;
  /** Lines that are none of ours, or half of one. */
  brokenLines: number;
  /** Files that could not be read, or not to their end, and why. */
  readonly unreadable: { readonly name: string; readonly reason: string }[];
}

/** Begins to answer a question. */
export function createReading(query: LogQuery, goesOn: Reading['goesOn'] = () => true): Reading {
  return { query, matcher: createMatcher(query), goesOn, readBytes: 0, brokenLines: 0, unreadable: [] };
}

/** Lines wait at most this long to be written: a file that begins this much later holds none of before. */
const LATEST_WRITE_MS = 60_000;

/**
 * The lines of a file that match, in the file's order, chunk by chunk. Never rejects: what cannot be read is noted in
 * the reading.
 */
export async function* entriesOf(file: LogFile, reading: Reading): AsyncGenerator<readonly LogEntry[]> {
  let open: OpenLogFile | null = null;
  try {
    open = await openLogFile(file);
    if (open !== null && !(await isTooOld(open, reading.query))) yield* matchesIn(open, reading);
  } catch (error) {
    reading.unreadable.push({ name: file.name, reason: reasonOf(error) });
  } finally {
    await open?.handle.close();
  }
}

/** Whether the last write was before all that is asked for. */
async function isTooOld({ handle }: OpenLogFile, { since }: LogQuery): Promise<boolean> {
  return since !== null && (await handle.stat()).mtimeMs < Date.parse(since);
}

async function* matchesIn(open: OpenLogFile, reading: Reading): AsyncGenerator<readonly LogEntry[]> {
  const lines = new LineSplitter();
  let failure: unknown = null;
  let isFirst = true;
  try {
    for await (const chunk of chunksOf(open)) {
      reading.readBytes += chunk.length;
      const whole = lines.push(chunk);
      if (isFirst && whole[0] !== undefined && isTooYoung(whole[0], reading.query)) return;
      isFirst &&= whole.length === 0;
      yield matching(whole, reading);
      if (!reading.goesOn(reading.readBytes)) return;
    }
  } catch (error) {
    failure = error;
  }
  const last = lines.end();
  if (last !== null) yield matching([last], reading);
  if (failure !== null) throw failure as Error;
}

function isTooYoung(firstLine: string, { until }: LogQuery): boolean {
  const first = leadingTimestamp(firstLine);
  return until !== null && first !== null && Date.parse(first) > Date.parse(until) + LATEST_WRITE_MS;
}

/** The lines among these that match; the broken ones are counted. */
export function matching(lines: readonly string[], reading: Reading): readonly LogEntry[] {
  const found: LogEntry[] = [];
  for (const given of lines) {
    const line = given.endsWith('\r') ? given.slice(0, -1) : given; // Somebody's editor was at it.
    if (line === '') continue;
    // A half line may lack what is searched for: it is told by its end.
    const isWhole = line.startsWith('{') && line.endsWith('}');
    if (isWhole && !reading.matcher.mayMatch(line)) continue;
    const entry = isWhole ? parseEntry(line) : null;
    if (entry === null) reading.brokenLines += 1;
    else if (reading.matcher.matches(entry)) found.push(entry);
  }
  return found;
}

/**
 * The newest lines that match, oldest first. Files are read from the newest backwards, and no more of them than needed.
 *
 * @param bounds how much of them stands in memory.
 */
export async function newestEntries(
  files: readonly LogFile[],
  reading: Reading,
  bounds: NewestBounds,
): Promise<Newest> {
  let newest: Newest = { entries: [], characters: 0, isCut: false };
  for (const file of files.toReversed()) {
    const room = {
      count: bounds.count - newest.entries.length,
      characters: bounds.characters - newest.characters,
    };
    if (room.count <= 0 || newest.isCut || !reading.goesOn(reading.readBytes)) break;
    const before = await newestOf(entriesOf(file, reading), room);
    newest = {
      entries: [...before.entries, ...newest.entries],
      characters: before.characters + newest.characters,
      isCut: before.isCut,
    };
  }
  return newest;
}

/** What went wrong, in words. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code === 'Z_BUF_ERROR') return 'it is cut off; all before that was read';
  if (code.startsWith('Z_')) return 'it is damaged; all before that was read';
  return typeof error === 'object' && error !== null && 'message' in error
    ? String(error.message)
    : String(error);
}

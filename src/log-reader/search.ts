import type { LogEntry } from './entry';
import { kindFor, listLogFiles, type LogFile } from './log-file';
import type { LogQuery } from './query';
import { reachOf, type Reach } from './reach';
import { createReading, entriesOf, newestEntries, type Reading } from './read';
import { createSummariser, type LogSummary } from './summary';

/** Questions to the log files from within the bot: bounded, and in small pieces, so that the bot goes on answering. */

/** Which bound ended a reading before everything was read; null: none. The newest files were read first. */
export type StoppedBy = 'time' | 'bytes' | null;

interface Answer {
  readonly stoppedBy: StoppedBy;
  /** Lines that are none of ours, or half of one. */
  readonly brokenLines: number;
  /** Names of files that could not be read, or not to their end. */
  readonly unreadable: readonly string[];
  readonly readBytes: number;
  readonly reach: Reach;
  /** Whether older lines were left out because these are as long as an answer may be. */
  readonly isCut: boolean;
}

export interface LinesAnswer extends Answer {
  /** Oldest first. */
  readonly entries: readonly LogEntry[];
}

export interface SummaryAnswer extends Answer {
  readonly summary: LogSummary;
}

export interface LogSearch {
  /** The newest lines that match. Rejects where the directory cannot be read. */
  newest(this: void, query: LogQuery, limit: number): Promise<LinesAnswer>;
  /** What the lines that match come to: the newest, or all without a limit. Rejects as above. */
  summary(this: void, query: LogQuery, limit: number | null): Promise<SummaryAnswer>;
}

export interface LogSearchOptions {
  readonly directory: string;
  /** Monotonic milliseconds. */
  readonly monotonic: () => number;
  /** How long a question may take, in milliseconds; 10 s without it. */
  readonly limitMs?: number;
  /** How many characters the lines of an answer may have; 8 Mi without it. */
  readonly limitCharacters?: number;
  /** How many bytes a question may read, unpacked; 1 GiB without it. */
  readonly limitBytes?: number;
}

/** The sentences of `/logs` name these bounds. */
const LIMIT_CHARACTERS = 8 * 1024 * 1024;
export const SEARCH_LIMIT_MS = 10_000;
export const SEARCH_LIMIT_BYTES = 1024 ** 3;

export function createLogSearch(options: LogSearchOptions): LogSearch {
  const { directory, monotonic } = options;
  const { limitMs = SEARCH_LIMIT_MS, limitBytes = SEARCH_LIMIT_BYTES } = options;
  const { limitCharacters: characters = LIMIT_CHARACTERS } = options;

  async function ask<Result extends { readonly isCut: boolean }>(
    query: LogQuery,
    read: (files: readonly LogFile[], reading: Reading) => Promise<Result>,
  ): Promise<Result & Answer> {
    const until = monotonic() + limitMs;
    let stoppedBy: StoppedBy = null;
    const reading = createReading(query, (bytes) => {
      if (monotonic() > until) stoppedBy = 'time';
      else if (bytes > limitBytes) stoppedBy = 'bytes';
      return stoppedBy === null;
    });
    const files = await listLogFiles(directory, await kindFor(directory, query.level));
    const result = await read(files, reading);
    const { brokenLines, readBytes } = reading;
    const unreadable = reading.unreadable.map(({ name }) => name);
    return {
      stoppedBy,
      brokenLines,
      readBytes,
      unreadable,
      reach: await reachOf(directory, files),
      ...result,
    };
  }

  return {
    newest: (query, count) =>
      ask(query, async (files, reading) => {
        const { entries, isCut } = await newestEntries(files, reading, { count, characters });
        return { entries, isCut };
      }),
    summary: (query, limit) =>
      ask(query, async (files, reading) => {
        if (limit === null) return { summary: await summarise(files, reading), isCut: false };
        const { entries, isCut } = await newestEntries(files, reading, { count: limit, characters });
        const summariser = createSummariser(query.level);
        summariser.add(entries);
        return { summary: summariser.summary(), isCut };
      }),
  };
}

async function summarise(files: readonly LogFile[], reading: Reading): Promise<LogSummary> {
  const summariser = createSummariser(reading.query.level);
  for (const file of files.toReversed()) {
    if (!reading.goesOn(reading.readBytes)) break;
    for await (const entries of entriesOf(file, reading)) summariser.add(entries);
  }
  return summariser.summary();
}

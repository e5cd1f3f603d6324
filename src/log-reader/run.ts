import { stat } from 'node:fs/promises';
import { ArgumentError, parseArguments, type Arguments } from './arguments';
import { createEntryText } from './entry-text';
import type { LogEntry } from './entry';
import { follow } from './follow';
import { HELP } from './help';
import { isMissing, kindFor, listLogFiles, type LogFile } from './log-file';
import { createOutput, wantsColour, type Output } from './output';
import { reachOf } from './reach';
import { createReading, entriesOf, newestEntries, reasonOf, type Reading } from './read';
import { createSummariser } from './summary';
import { shortTime, summaryText } from './summary-text';

/** `npm run logs`: the command line, from its arguments to its exit code. */

export const EXIT_OK = 0;
export const EXIT_NO_FILES = 1;
export const EXIT_ARGUMENTS = 2;

export interface RunOptions {
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where the settings say that the files are. Asked for only where the command line does not say. */
  readonly defaultDirectory: () => string;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  /** Aborted by Ctrl-C. */
  readonly stop: AbortController;
  readonly now: () => number;
}

/** What is known once the arguments are understood. */
interface Task {
  readonly asked: Arguments;
  readonly directory: string;
  readonly reading: Reading;
  readonly output: Output;
  readonly signal: AbortSignal;
  readonly say: (sentence: string) => void;
  readonly lineOf: (entry: LogEntry) => string;
  readonly now: () => number;
}

const FOLLOWED_LINES = 10;

/** Answers the question on the command line. Gives the exit code. */
export async function runLogs(options: RunOptions): Promise<number> {
  const { stdout, stderr, stop, now } = options;
  const say = (sentence: string): void => void stderr.write(`${sentence}\n`);
  try {
    const asked = parseArguments(options.arguments, now());
    const output = createOutput(stdout, () => stop.abort());
    if (asked.help) {
      await output.write(HELP);
      return EXIT_OK;
    }
    const { signal } = stop;
    const pretty = createEntryText(wantsColour(stdout, options.environment));
    return await answer({
      asked,
      directory: asked.directory ?? options.defaultDirectory(),
      reading: createReading(asked.query, () => !signal.aborted),
      output,
      signal,
      say,
      lineOf: asked.json ? ({ text }) => text : pretty,
      now,
    });
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    say(error.message);
    return EXIT_ARGUMENTS;
  }
}

async function answer(task: Task): Promise<number> {
  const { asked, directory, reading, say, signal } = task;
  if (await isFile(directory)) {
    say(`${directory} is a file. --directory (or LOG_DIRECTORY) takes the directory that it is in.`);
    return EXIT_NO_FILES;
  }
  if (asked.follow) return followed(task);
  const files = await filesOf(task);
  if (typeof files === 'string') {
    say(files);
    return EXIT_NO_FILES;
  }
  const found = asked.summary ? await summarise(task, files) : await print(task, entriesIn(task, files));
  for (const { name, reason } of reading.unreadable) say(`${name} could not be read whole: ${reason}.`);
  sayBroken(task);
  if (found === 0 && !signal.aborted) say(await nothingIn(directory, files));
  return EXIT_OK;
}

/** That nothing matched, and in how much. */
async function nothingIn(directory: string, all: readonly LogFile[]): Promise<string> {
  const { files, from } = await reachOf(directory, all);
  const where = `Nothing matched in ${files === 1 ? '1 file' : `${files} files`} in ${directory}`;
  if (from === null) return `${where}.`;
  return `${where}, which ${files === 1 ? 'reaches' : 'reach'} back to ${shortTime(from)} UTC.`;
}

/** The files to read, oldest first; or why there are none and what to do. */
async function filesOf({ asked, directory }: Task): Promise<readonly LogFile[] | string> {
  const advice =
    'Start the bot first (npm start), or say with --directory (or LOG_DIRECTORY) where its log files are.';
  try {
    const files = await listLogFiles(directory, await kindFor(directory, asked.query.level));
    return files.length > 0 ? files : `There are no log files in ${directory}. ${advice}`;
  } catch (error) {
    return isMissing(error)
      ? `There is no directory ${directory}. ${advice}`
      : `The directory ${directory} cannot be read: ${reasonOf(error)}`;
  }
}

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found?.isFile() ?? false;
}

async function* entriesIn(
  { asked, reading }: Task,
  files: readonly LogFile[],
): AsyncGenerator<readonly LogEntry[]> {
  if (asked.limit !== null) {
    const bounds = { count: asked.limit, characters: Infinity };
    yield (await newestEntries(files, reading, bounds)).entries;
    return;
  }
  for (const file of files) {
    if (!reading.goesOn(reading.readBytes)) return;
    yield* entriesOf(file, reading);
  }
}

/** Gives how many lines were printed. */
async function print(
  { output, signal, lineOf }: Task,
  batches: AsyncIterable<readonly LogEntry[]>,
): Promise<number> {
  let printed = 0;
  for await (const entries of batches) {
    printed += entries.length;
    await output.write(entries.map((entry) => `${lineOf(entry)}\n`).join(''));
    if (signal.aborted) break;
  }
  return printed;
}

/** Gives how many lines there were. */
async function summarise(task: Task, files: readonly LogFile[]): Promise<number> {
  const summariser = createSummariser(task.asked.query.level);
  for await (const entries of entriesIn(task, files)) summariser.add(entries);
  const summary = summariser.summary();
  await task.output.write(`${task.asked.json ? JSON.stringify(summary) : summaryText(summary)}\n`);
  return summary.lines;
}

async function followed(task: Task): Promise<number> {
  const { asked, directory, reading, signal, now, say } = task;
  const there = await listLogFiles(directory, 'bot').catch(() => null);
  if (there === null) say(`There is no directory ${directory} to read yet; waiting for it.`);
  const kind = there === null ? 'bot' : await kindFor(directory, asked.query.level);
  const all = asked.query.since !== null && asked.limit === null;
  await print(
    task,
    follow({
      directory,
      kind,
      reading,
      backlog: all ? null : (asked.limit ?? FOLLOWED_LINES),
      signal,
      now,
      onUnreadable: (name, reason) => say(`${name} could not be read whole: ${reason}.`),
    }),
  );
  sayBroken(task);
  return EXIT_OK;
}

function sayBroken({ reading: { brokenLines }, say }: Task): void {
  if (brokenLines === 1) say('1 line was broken, and is left out.');
  if (brokenLines > 1) say(`${brokenLines} lines were broken, and are left out.`);
}

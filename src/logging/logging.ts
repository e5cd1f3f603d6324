import { openConsole } from './console';
import type { InvocationContext } from './context';
import { createEcsFormat } from './formats/ecs';
import { sharedFormat, type Format, type Service } from './formats/format';
import { createJsonFormat } from './formats/json';
import { createPrettyFormat } from './formats/pretty';
import { Levels, unheldTimer, type Later, type LevelControl, type LevelsOptions } from './level-control';
import { SEVERITY, zeroByLevel, type LogDestination } from './levels';
import type { InvocationLog, LogCounts, LogFormat, LogLevel, Logger } from './logger';
import { createLoggers, type Emit } from './loggers';
import { openFiles, type Files } from './open-files';
import { openPipeline } from './pipeline';
import { createRecorder, type LogEntry } from './record';
import { createRedactor } from './redact';
import { createTypedRedactors } from './typed-values';
import type { RotatingFile } from './rotating-file';
import type { Destination } from './transport';

export interface LoggingOptions {
  /** The level of every destination that has none of its own. */
  readonly level: LogLevel;
  readonly consoleLevel?: LogLevel;
  readonly fileLevel?: LogLevel;
  readonly directory: string;
  /** A file that has grown past this is followed by the next; it exceeds it by less than a line. */
  readonly maxSizeBytes: number;
  /** Older files that are kept beside the current one, of each kind. */
  readonly backupCount: number;
  /** Whether files that are finished are compressed; not without it. */
  readonly compress?: boolean;
  /** The console's. Files are JSON lines. */
  readonly format: LogFormat;
  /** Exact values that must never be printed, such as the token. */
  readonly secrets: readonly string[];
  readonly service: Service;
  readonly context: InvocationContext;
  readonly stdout: NodeJS.WritableStream;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Ends changes of levels; a timer of the system without it. */
  readonly later?: Later;
}

export interface Logging {
  /** The logger of this name, always the same one. Its methods need no `this` and never throw. */
  readonly logger: (name: string) => Logger;
  /** Logs under that name for whoever knows an invocation and does not run in it; never throws. */
  readonly invocationLog: (name: string) => InvocationLog;
  /** The levels, to be changed for a time while the program runs. */
  readonly levels: LevelControl;
  readonly counts: () => LogCounts;
  /** The text without the secrets in it, and without what was typed, for what leaves on other ways than the log. */
  readonly redact: (text: string, typed?: readonly string[]) => string;
  /** Resolves when every line that was logged before is in the files. Later lines are counted as dropped. */
  readonly close: () => Promise<void>;
}

/**
 * Opens the console and the log files. A file that cannot be opened or written fails nothing: the console says so
 * at most once a minute, lines wait in bounded memory, and what finds no room there is counted.
 */
export function createLogging(options: LoggingOptions): Logging {
  const { now = Date.now } = options;
  const redactor = createRedactor(options.secrets);
  const typedRedactors = createTypedRedactors(redactor);
  const toRecord = createRecorder(redactor);
  const json = sharedFormat(createJsonFormat(options.service));
  const output = openConsole(options.stdout, consoleFormat(options, json));
  const files = openFiles(options, (level, message, fields) => {
    output.write(toRecord({ level, logger: 'logging', message, fields, at: now() }));
    output.flush();
    intake.records[level] += 1;
  });
  const levels = openLevels(options, {
    warn: (message, fields) => loggers.logger('logging').warn(message, fields),
    // What was logged before goes where it went then.
    beforeChange: () => pipeline.flush(),
  });
  const pipeline = openPipeline([
    { ...output, takes: atLevel(levels, 'console') },
    ...fileDestinations(files, json, levels),
  ]);
  const exit = writeAtExit(() => {
    pipeline.flush();
    files.writeRestNow();
  });
  const intake = createIntake(options, (entry) => {
    pipeline.write(toRecord(entry));
    exit.afterLine();
  });
  const loggers = createLoggers(intake.emit, (name) => levels.gate(name));
  let closing: Promise<void> | null = null;
  return {
    ...loggers,
    levels: levels.control,
    counts: () => ({
      records: { ...intake.records },
      dropped: intake.refused() + output.dropped() + files.bot.dropped + files.error.dropped,
    }),
    redact: (text, typed = []) => typedRedactors(typed).text(text),
    close: () => {
      levels.close();
      intake.end();
      return (closing ??= pipeline.close().finally(exit.forget));
    },
  };
}

/** Lets lines in until it is ended, in the name of the invocation that is running, and counts them. */
function createIntake(
  { context, now = Date.now }: LoggingOptions,
  take: (entry: LogEntry) => void,
): { emit: Emit; end: () => void; refused: () => number; records: Record<LogLevel, number> } {
  const records = zeroByLevel();
  let isEnded = false;
  let refused = 0;
  return {
    records,
    refused: () => refused,
    end: () => (isEnded = true),
    emit(level, logger, message, fields, invocation = context.getStore()) {
      try {
        if (isEnded) throw new Error('the log is closed');
        take({ level, logger, message, fields, invocation, at: now() });
        records[level] += 1;
      } catch {
        // To log must never break what logs.
        refused += 1;
      }
    },
  };
}

/**
 * Writes in the last moment of the process, in which nothing can be waited for; and from then on after each line, for
 * others may be told of that moment later than we are.
 */
function writeAtExit(writeNow: () => void): { afterLine: () => void; forget: () => void } {
  let isExiting = false;
  const onExit = (): void => {
    isExiting = true;
    writeNow();
  };
  process.on('exit', onExit);
  return {
    afterLine: () => {
      if (isExiting) writeNow();
    },
    forget: () => void process.off('exit', onExit),
  };
}

/** What the destination takes of a logger, as its level is now. */
function atLevel(levels: Levels, destination: LogDestination): Destination['takes'] {
  return ({ level, logger }) => SEVERITY[level] <= levels.gate(logger)[destination];
}

function openLevels(options: LoggingOptions, hooks: Pick<LevelsOptions, 'warn' | 'beforeChange'>): Levels {
  const { level, consoleLevel = level, fileLevel = level, now = Date.now, later = unheldTimer } = options;
  return new Levels({ settings: { console: consoleLevel, file: fileLevel }, now, later, ...hooks });
}

/** Everything at the file's level in one file, the errors alone in the other. */
function fileDestinations(files: Files, format: Format, levels: Levels): readonly Destination[] {
  const into = (file: RotatingFile, takes: Destination['takes']): Destination => {
    return { takes, write: (record) => file.write(format(record)), close: () => file.close() };
  };
  return [into(files.bot, atLevel(levels, 'file')), into(files.error, ({ level }) => level === 'error')];
}

function consoleFormat({ format, stdout, service }: LoggingOptions, json: Format): Format {
  switch (format) {
    case 'json':
      return json;
    case 'ecs':
      return createEcsFormat(service);
    case 'pretty':
      return createPrettyFormat('isTTY' in stdout && stdout.isTTY === true);
  }
}

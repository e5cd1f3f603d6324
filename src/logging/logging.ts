import { openConsole } from './console';
import type { InvocationContext } from './context';
import { createFaultReporter } from './faults';
import { createEcsFormat, type Service } from './formats/ecs';
import { sharedFormat, type Format } from './formats/format';
import { formatJson } from './formats/json';
import { createPrettyFormat } from './formats/pretty';
import { reaches, zeroByLevel, type LogLevels } from './levels';
import { rotatablePath } from './log-files';
import type { LogCounts, LogFields, LogFormat, LogLevel, Logger } from './logger';
import { openPipeline } from './pipeline';
import { createRecorder } from './record';
import { createRedactor } from './redact';
import { RotatingFile } from './rotating-file';
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
  /** The console's. Files are JSON lines. */
  readonly format: LogFormat;
  /** Exact values that must never be printed, such as the token. */
  readonly secrets: readonly string[];
  readonly service: Service;
  readonly context: InvocationContext;
  readonly stdout: NodeJS.WritableStream;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

export interface Logging {
  /** The logger of this name, always the same one. Its methods need no `this` and never throw. */
  readonly logger: (name: string) => Logger;
  /** Assign to change a level while the program runs. */
  readonly levels: LogLevels;
  readonly counts: () => LogCounts;
  /** The text without the secrets in it, for what leaves on other ways than the log. */
  readonly redact: (text: string) => string;
  /** Resolves when every line that was logged before is in the files. Later lines are counted as dropped. */
  readonly close: () => Promise<void>;
}

/**
 * Opens the console and the log files. A file that cannot be opened or written fails nothing: the console says so
 * at most once a minute, lines wait in bounded memory, and what finds no room there is counted.
 */
export function createLogging(options: LoggingOptions): Logging {
  const { context, now = Date.now } = options;
  const levels = { console: options.consoleLevel ?? options.level, file: options.fileLevel ?? options.level };
  const redactor = createRedactor(options.secrets);
  const records = zeroByLevel();
  const toRecord = createRecorder(redactor);
  const json = sharedFormat(formatJson);
  const output = openConsole(options.stdout, consoleFormat(options, json));
  const files = openFiles(options, (level, message, fields) => {
    output.write(toRecord({ level, logger: 'logging', message, fields, at: now() }));
    records[level] += 1;
  });
  const pipeline = openPipeline([
    { write: output.write, close: output.close, enabled: (level) => reaches(level, levels.console) },
    ...fileDestinations(files, json, levels),
  ]);
  let refused = 0;
  let closing: Promise<void> | null = null;
  const emit: Emit = (level, logger, message, fields) => {
    if (!reaches(level, levels.file) && !reaches(level, levels.console)) return;
    try {
      if (closing !== null) throw new Error('the log is closed');
      pipeline.write(toRecord({ level, logger, message, fields, invocation: context.getStore(), at: now() }));
      records[level] += 1;
    } catch {
      // To log must never break what logs: not even where the console throws.
      refused += 1;
    }
  };
  return {
    logger: createLoggers(emit),
    levels,
    counts: () => ({
      records: { ...records },
      dropped: refused + output.dropped + files.bot.dropped + files.error.dropped,
    }),
    redact: redactor.text,
    close: () => (closing ??= pipeline.close()),
  };
}

type Emit = (level: LogLevel, logger: string, message: unknown, fields: unknown) => void;

function createLoggers(emit: Emit): (name: string) => Logger {
  const loggers = new Map<string, Logger>();
  return (name) => {
    const known = loggers.get(name);
    if (known !== undefined) return known;
    const logger: Logger = {
      error: (message, fields) => emit('error', name, message, fields),
      warn: (message, fields) => emit('warn', name, message, fields),
      info: (message, fields) => emit('info', name, message, fields),
      debug: (message, fields) => emit('debug', name, message, fields),
    };
    loggers.set(name, logger);
    return logger;
  };
}

type Files = Readonly<Record<'bot' | 'error', RotatingFile>>;

/** `say` must not go through the files that it speaks of, nor speak in the name of whatever invocation was logging. */
function openFiles(
  options: LoggingOptions,
  say: (level: LogLevel, message: string, fields: LogFields) => void,
): Files {
  const { maxSizeBytes, backupCount, now = Date.now } = options;
  const directory = rotatablePath(options.directory);
  const faults = createFaultReporter(say, now);
  const open = (kind: string): RotatingFile =>
    new RotatingFile({
      directory,
      kind,
      maxSizeBytes,
      backupCount,
      onFault: (error) => faults.fault(kind, error),
      onRecovery: () => faults.recovery(kind),
    });
  return { bot: open('bot'), error: open('error') };
}

/** Everything at the file's level in one file, the errors alone in the other. */
function fileDestinations(files: Files, format: Format, levels: LogLevels): readonly Destination[] {
  const into = (file: RotatingFile, enabled: Destination['enabled']): Destination => {
    return { enabled, write: (record) => file.write(format(record)), close: () => file.close() };
  };
  return [
    into(files.bot, (level) => reaches(level, levels.file)),
    into(files.error, (level) => level === 'error'),
  ];
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

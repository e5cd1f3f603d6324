import { createFaultReporter } from './faults';
import type { LogFields, LogLevel } from './logger';
import { RotatingFile } from './rotating-file';

export interface FilesOptions {
  readonly directory: string;
  /** A file that has grown past this is followed by the next; it exceeds it by less than a line. */
  readonly maxSizeBytes: number;
  /** Older files that are kept beside the current one, of each kind. */
  readonly backupCount: number;
  /** Whether files that are finished are compressed; not without it. */
  readonly compress?: boolean;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

export interface Files {
  /** Everything at the file's level. */
  readonly bot: RotatingFile;
  /** The errors alone. */
  readonly error: RotatingFile;
  /** Writes what still waits, blocking: for the moment in which the process ends. */
  readonly writeRestNow: () => void;
}

/**
 * Opens the log files.
 *
 * @param say must not go through the files that it speaks of, nor speak in the name of whatever invocation was logging.
 */
export function openFiles(
  { directory, maxSizeBytes, backupCount, compress = false, now = Date.now }: FilesOptions,
  say: (level: LogLevel, message: string, fields: LogFields) => void,
): Files {
  const faults = createFaultReporter(say, now);
  const open = (kind: string): RotatingFile =>
    new RotatingFile({
      directory,
      kind,
      maxSizeBytes,
      backupCount,
      compress,
      onFault: (error) => faults.fault(kind, error),
      onRecovery: () => faults.recovery(kind),
      onCompressionFault: (error) => faults.compressionFault(kind, error),
      onUnlinked: (why) => faults.unlinked(kind, why),
    });
  const files = { bot: open('bot'), error: open('error') };
  const writeRestNow = (): void => {
    files.bot.writeRestNow();
    files.error.writeRestNow();
  };
  return { ...files, writeRestNow };
}

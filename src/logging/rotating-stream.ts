import { once } from 'node:events';
import fs from 'node:fs';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import DailyRotateFile from 'winston-daily-rotate-file';
import { auditPath, prepareLogFiles, type LogFiles } from './log-files';

const fstat = promisify<number, fs.Stats>(fs.fstat);

export interface RotationSettings extends LogFiles {
  readonly maxSizeBytes: number;
}

export interface WriteResult {
  /** How much of the chunk is in the file. */
  readonly writtenBytes: number;
  /** Why it is not all of it; the stream is of no more use then. */
  readonly error: Error | null;
}

/** A winston-daily-rotate-file whose writes can be waited for, and which tells what became of them. */
export interface RotatingStream {
  /** Bytes until the file rotates; null where the file is no longer at its place, and has to be opened anew. */
  roomBytes(): Promise<number | null>;
  /** Writes a chunk; one at a time. */
  write(chunk: Uint8Array): Promise<WriteResult>;
  /** Resolves when the file is closed, or is not open any more. */
  close(): Promise<void>;
}

/** The file that is written to at this moment: the rotation keeps it to itself. */
interface LiveFile {
  path: string;
  descriptor: number;
}

/** Opens the newest file, or the first. Rejects with what the file system says. */
export async function openRotatingStream(settings: RotationSettings): Promise<RotatingStream> {
  await prepareLogFiles(settings);
  const live: LiveFile = { path: '', descriptor: -1 };
  let settle: ((writtenBytes: number, error: Error | null) => void) | null = null;
  const file = openRotation(settings, live, (bytes) => settle?.(bytes, null));
  const opened = once(file.logStream, 'open');
  file.logStream.on('error', (error: Error) => settle?.(0, error));
  await opened;
  return {
    roomBytes: () => roomBytes(live, settings.maxSizeBytes),
    write: (chunk) =>
      new Promise((resolve) => {
        let writtenBytes = 0;
        settle = (bytes, error) => {
          writtenBytes += bytes;
          if (error === null && writtenBytes < chunk.length) return;
          settle = null;
          resolve({ writtenBytes, error });
        };
        try {
          file.logStream.write(chunk);
        } catch (error) {
          // On the way to the next file, the directory is made if it is gone, at once and not always with success.
          settle(0, error instanceof Error ? error : new Error(String(error)));
        }
      }),
    close: async () => {
      const finished = once(file, 'finish');
      file.close?.();
      await finished;
    },
  };
}

function openRotation(
  settings: RotationSettings,
  live: LiveFile,
  onWritten: (bytes: number) => void,
): DailyRotateFile {
  return new DailyRotateFile({
    dirname: settings.directory,
    filename: `${settings.kind}-%DATE%.log`,
    datePattern: 'YYYY-MM-DD',
    utc: true,
    maxSize: maxSizeOption(settings.maxSizeBytes),
    maxFiles: settings.backupCount + 1,
    auditFile: auditPath(settings),
    auditHashType: 'sha256',
    createSymlink: true,
    symlinkName: `${settings.kind}.log`,
    options: { flags: 'a', fs: watchedFileSystem(live, onWritten) },
  });
}

/** The rotation takes numbers of bytes for whole kilobytes, and drops sizes with a fraction other than `0.…`. */
function maxSizeOption(bytes: number): string {
  const gigabytes = bytes / 2 ** 30;
  return gigabytes < 1 ? `${gigabytes.toFixed(30)}g` : `${Math.floor(bytes / 1024)}k`;
}

/** What the rotation opens and writes its files with: the one place where it can be seen what is really written. */
function watchedFileSystem(live: LiveFile, onWritten: (bytes: number) => void): object {
  return {
    open(
      path: string,
      flags: string,
      mode: number,
      done: (error: Error | null, descriptor?: number) => void,
    ): void {
      fs.open(path, flags, mode, (error, descriptor) => {
        if (error === null) Object.assign(live, { path, descriptor });
        done(error, descriptor);
      });
    },
    write(
      descriptor: number,
      bytes: Buffer,
      offset: number,
      length: number,
      position: number | null,
      done: (error: Error | null, written: number, bytes: Buffer) => void,
    ): void {
      fs.write(descriptor, bytes, offset, length, position, (error, written) => {
        done(error, written, bytes);
        if (error === null) onWritten(written);
      });
    },
    close: fs.close,
  };
}

async function roomBytes(live: LiveFile, maxSizeBytes: number): Promise<number | null> {
  const [atPath, open] = await Promise.all([stat(live.path).catch(() => null), fstat(live.descriptor)]);
  if (atPath?.ino !== open.ino || atPath.dev !== open.dev) return null;
  // The next write to a full file goes to a new one.
  return open.size > maxSizeBytes ? maxSizeBytes : maxSizeBytes - open.size + 1;
}

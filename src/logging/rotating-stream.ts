import { once } from 'node:events';
import fs from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import DailyRotateFile from 'winston-daily-rotate-file';
import { openLogFile, type Cut, type OpenFile, type Opening, type RotationSettings } from './open-log-file';
import { waitUntilWritten } from './write-in-flight';

const fstat = promisify<number, fs.Stats>(fs.fstat);

export interface WriteResult {
  /** How much of the chunk is in the file. */
  readonly writtenBytes: number;
  /** Why it is not all of it; the stream is of no more use then. */
  readonly error: Error | null;
}

/** Bytes until the file rotates, or why the stream has to be opened anew: its file is away, or full. */
export type Room = { readonly bytes: number } | 'away' | 'full';

/** A winston-daily-rotate-file whose writes can be waited for, and which tells what became of them. */
export interface RotatingStream {
  room(): Promise<Room>;
  /** Writes a chunk; one at a time. */
  write(chunk: Buffer): Promise<WriteResult>;
  /** Where the file ends now; a line that was cut goes on there. */
  end(): Cut;
  /** The file, if nobody else writes to it. */
  ownPath(): string | null;
  /** Blocks until the chunk that is on its way is written, or is taking too long. Gives how much of it is. */
  writtenNow(): number;
  /** Resolves when the file is closed, or is not open any more. */
  close(): Promise<void>;
}

/** The file that is written to at this moment: the rotation keeps it to itself. */
interface LiveFile {
  file: OpenFile | null;
  /** Where it should end, by what is known of it. */
  size: number;
  /** Whether nobody else has been seen to write to it. */
  isOurs: boolean;
  /** What the rotation has written to it, by which it decides when the next one begins. */
  writtenBytes: number;
  /** The chunk on its way, and where the file ended before it. */
  inFlight: { readonly chunk: Buffer; readonly from: number } | null;
}

/** Opens the newest file, or the next. Rejects with what the file system says. */
export async function openRotatingStream(
  settings: RotationSettings,
  opening: Opening,
): Promise<RotatingStream> {
  const live: LiveFile = { file: null, size: 0, isOurs: false, writtenBytes: 0, inFlight: null };
  let settle: ((writtenBytes: number, error: Error | null) => void) | null = null;
  const rotation = openRotation(
    settings,
    watchedFileSystem(settings, opening, live, (n) => settle?.(n, null)),
  );
  const opened = once(rotation.logStream, 'open');
  rotation.logStream.on('error', (error: Error) => settle?.(0, error));
  await opened;
  return {
    room: () => room(live, settings.maxSizeBytes),
    end: () => ({ path: live.file?.path ?? '', inode: live.file?.inode ?? -1, size: live.size }),
    ownPath: () => (live.isOurs ? (live.file?.path ?? null) : null),
    writtenNow: () => writtenNow(live),
    write: (chunk) =>
      new Promise((resolve) => {
        let writtenBytes = 0;
        settle = (bytes, error) => {
          writtenBytes += bytes;
          if (error === null && writtenBytes < chunk.length) return;
          settle = null;
          resolve({ writtenBytes, error });
        };
        live.inFlight = { chunk, from: live.size };
        try {
          rotation.logStream.write(chunk);
        } catch (error) {
          // On the way to the next file, the directory is made if it is gone, at once and not always with success.
          settle(0, error instanceof Error ? error : new Error(String(error)));
        }
      }),
    close: async () => {
      const finished = once(rotation, 'finish');
      rotation.close?.();
      await finished;
    },
  };
}

/**
 * The rotation decides when the next file begins: by size, and at midnight UTC. Which file that is, and which are
 * deleted, is decided when it opens one: it knows only of those that it has made itself, and guesses at the rest by a
 * list of its own. So the name that it is given is one that is never there.
 */
function openRotation(settings: RotationSettings, fileSystem: object): DailyRotateFile {
  return new DailyRotateFile({
    dirname: settings.directory,
    filename: `.${settings.kind}-%DATE%`,
    datePattern: 'YYYY-MM-DD',
    utc: true,
    maxSize: maxSizeOption(settings.maxSizeBytes),
    auditFile: join(settings.directory, `.${settings.kind}-audit.json`),
    options: { flags: 'a', fs: fileSystem },
  });
}

/** The rotation takes numbers of bytes for whole kilobytes, and drops sizes with a fraction other than `0.…`. */
function maxSizeOption(bytes: number): string {
  const gigabytes = bytes / 2 ** 30;
  return gigabytes < 1 ? `${gigabytes.toFixed(30)}g` : `${Math.floor(bytes / 1024)}k`;
}

/** What the rotation opens and writes its files with: the one place where it can be seen what is really written. */
function watchedFileSystem(
  settings: RotationSettings,
  opening: Opening,
  live: LiveFile,
  onWritten: (bytes: number) => void,
): object {
  let how = opening;
  return {
    open(
      path: string,
      _flags: string,
      _mode: number,
      done: (error: Error | null, descriptor?: number) => void,
    ): void {
      const date = /\d{4}-\d{2}-\d{2}(?=(?:\.\d+)?$)/.exec(path)?.[0] ?? '';
      // What is on its way is not going to the file before.
      live.file = null;
      openLogFile(settings, date, how).then((file) => {
        // A process that starts goes on with the newest file, even with one that another has just begun at its start.
        const isOurs = how.how === 'begin';
        how = { how: 'begin' };
        const { size } = file;
        Object.assign(live, { file, size, isOurs, writtenBytes: 0 });
        if (live.inFlight !== null) live.inFlight = { chunk: live.inFlight.chunk, from: size };
        done(null, file.descriptor);
      }, done);
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
        if (error === null) {
          live.size += written;
          live.writtenBytes += written;
        }
        done(error, written, bytes);
        if (error === null) onWritten(written);
      });
    },
    close: fs.close,
  };
}

async function room(live: LiveFile, maxSizeBytes: number): Promise<Room> {
  const { file } = live;
  if (file === null) return 'away';
  const [atPath, open] = await Promise.all([stat(file.path).catch(() => null), fstat(file.descriptor)]);
  if (atPath?.ino !== open.ino || atPath.dev !== open.dev) return 'away';
  if (open.size !== live.size) live.isOurs = false;
  live.size = open.size;
  const left = maxSizeBytes - open.size + 1;
  // The rotation begins the next file at the next write, if it was itself that filled this one.
  if (left <= 0) return live.writtenBytes > maxSizeBytes ? { bytes: maxSizeBytes + 1 } : 'full';
  // Another process may be at the same file, and have seen the same room.
  return { bytes: live.isOurs ? left : Math.ceil(left / 2) };
}

function writtenNow(live: LiveFile): number {
  const { file, size, inFlight, isOurs } = live;
  if (file === null || inFlight === null) return 0;
  const { descriptor } = file;
  const bytes = waitUntilWritten({ ...inFlight, descriptor, isOurs, doneBytes: size - inFlight.from });
  live.size = inFlight.from + bytes;
  return bytes;
}

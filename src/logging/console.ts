import { setTimeout as delay } from 'node:timers/promises';
import type { Format } from './formats/format';
import type { LogRecord } from './record';

/** A reader that does not read may leave this much waiting, and no more. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;
const CLOSE_PATIENCE_MS = 1000;

/** The console as a destination. A broken one never throws; what it does not take is counted. */
export interface ConsoleOutput {
  readonly dropped: () => number;
  readonly write: (record: LogRecord) => void;
  /** Hands what was written to the stream, in one piece: that is what costs. */
  readonly flush: () => void;
  /** Resolves when all is handed to the operating system, or nobody reads it. */
  readonly close: () => Promise<void>;
}

/** Opens the console on a stream, which stays open when the console is closed. */
export function openConsole(stdout: NodeJS.WritableStream, format: Format): ConsoleOutput {
  let dropped = 0;
  let broken = false;
  let lines: string[] = [];
  // A pipe whose reader has gone away: without a listener the error would end the process.
  const onError = (): void => {
    broken = true;
  };
  stdout.on('error', onError);
  const flush = (): void => {
    const batch = lines;
    lines = [];
    if (batch.length === 0) return;
    try {
      if (broken || waitingBytes(stdout) > MAX_WAITING_BYTES) dropped += batch.length;
      else stdout.write(batch.join(''));
    } catch {
      dropped += batch.length;
    }
  };
  return {
    dropped: () => dropped,
    write: (record) => {
      try {
        lines.push(`${format(record)}\n`);
      } catch {
        // What cannot be formatted is one line less, and not the end of all others.
        dropped += 1;
      }
    },
    flush,
    close: async () => {
      flush();
      if (!broken) await Promise.race([flushed(stdout), delay(CLOSE_PATIENCE_MS, undefined, { ref: false })]);
      stdout.off('error', onError);
    },
  };
}

/** Resolves when what was written before has gone. */
function flushed(stdout: NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve) => void stdout.write('', () => resolve()));
}

function waitingBytes(stdout: NodeJS.WritableStream): number {
  return 'writableLength' in stdout && typeof stdout.writableLength === 'number' ? stdout.writableLength : 0;
}

import { appendNow } from './append-now';
import { createCompressor, type Compressor } from './compress';
import { CurrentStream } from './current-stream';
import type { LinkFault } from './faults';
import { LineQueue } from './line-queue';
import type { Cut, RotationSettings } from './open-log-file';
import { withPatience } from './patience';
import type { RotatingStream } from './rotating-stream';
import { chunkOf, fromLineStart, goesOnAt, remainderOf, removeHalf, type Unfinished } from './unfinished';

/** A batch is written when this much waits, or when its first line has waited this long. */
const BATCH_BYTES = 256 * 1024;
const FLUSH_AFTER_MS = 100;
/** Under a backlog, batches grow to this: a busy event loop leaves few turns to write in. They never do in closing. */
const MAX_BATCH_BYTES = 1024 * 1024;
const RETRY_AFTER_MS = 500;
/** Closing gives up on a disk that has taken nothing for this long. */
const CLOSE_PATIENCE_MS = 3000;
/** Closing begins no write after this, and waits so much longer for the last: the process is made to end after 10 s. */
const MAX_CLOSE_MS = 6000;
const LAST_WRITE_MS = 2500;
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

export interface RotatingFileOptions extends Omit<RotationSettings, 'onOpened'> {
  /** Whether files that are finished are compressed. */
  readonly compress: boolean;
  /** Told at each attempt that fails, and for each line for which there is no room. */
  readonly onFault: (error: Error) => void;
  /** Told when lines reach the file again after a fault. */
  readonly onRecovery: () => void;
  /** Told when a file cannot be compressed; it stays as it is. */
  readonly onCompressionFault: (error: Error) => void;
  /** Told each time that the link to the newest file is not made. */
  readonly onUnlinked: (why: LinkFault) => void;
  /** Bounds the lines that wait for the disk; 64 MiB without it. */
  readonly maxWaitingBytes?: number;
}

/** Writes lines to files that rotate, in the background, for as long as it takes. Never throws. */
export class RotatingFile {
  private readonly queue: LineQueue;
  private readonly compressor: Compressor | null;
  private readonly current: CurrentStream;
  /** What is being written, or is left of it after a fault: it goes first. */
  private unfinished: Unfinished | null = null;
  private writing = false;
  private running: Promise<void> | null = null;
  private timer: NodeJS.Timeout | null = null;
  private faulty = false;
  private closed = false;
  private givenUp = false;
  private progressAt = 0;
  /** The file that was written to last when the process ends, if it is nobody else's. */
  private lastPath: string | null = null;
  private droppedLines = 0;

  /** Opens the file at once, so that a fault shows at the start. */
  constructor(private readonly options: RotatingFileOptions) {
    this.queue = new LineQueue(options.maxWaitingBytes ?? MAX_WAITING_BYTES);
    this.compressor = options.compress
      ? createCompressor({ ...options, onFault: options.onCompressionFault })
      : null;
    this.current = new CurrentStream({ ...options, onOpened: (name) => this.compressor?.wake(name) });
    void this.pump();
  }

  /** Lines that will never be in a file. */
  get dropped(): number {
    return this.droppedLines;
  }

  /** Adds a line, given without its line break. */
  write(line: string): void {
    if (this.closed || !this.queue.push(line)) {
      this.droppedLines += 1;
      this.options.onFault(
        new Error(this.closed ? 'the log is closed' : 'the disk is too slow: no room for more lines'),
      );
      return;
    }
    this.schedule();
  }

  /**
   * Resolves when every line is in the file, or the disk takes no more of them, or is too slow. A write that is on its
   * way then is not waited for, and is counted when it has ended.
   */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    const until = performance.now() + MAX_CLOSE_MS;
    const droppedBefore = this.droppedLines;
    for (let left = Infinity; this.linesLeft > 0 && this.linesLeft < left;) {
      left = this.linesLeft;
      if (!(await this.patiently(this.running ?? this.pump(), until))) break;
    }
    if (this.timer !== null) clearTimeout(this.timer);
    this.giveUp();
    const last = until + LAST_WRITE_MS;
    await this.patiently(this.running ?? Promise.resolve(), last);
    await this.patiently(this.current.close(), last);
    await this.patiently(this.compressor?.close() ?? Promise.resolve(), last);
    const lost = this.droppedLines - droppedBefore;
    if (lost > 0) this.options.onFault(new Error(`the disk takes no more: ${lost} lines are lost`));
  }

  /**
   * Writes what is left, blocking: for the moment in which the process ends, and nothing can be waited for. Never
   * throws.
   */
  writeRestNow(): void {
    try {
      if (this.linesLeft === 0) return;
      this.leaveStream();
      this.lastPath = appendNow(
        { ...this.options, ownPath: this.lastPath },
        {
          next: (atLeastBytes) => {
            this.unfinished ??= this.takeBatch(atLeastBytes);
            return this.unfinished === null ? null : chunkOf(this.unfinished, atLeastBytes);
          },
          written: (bytes) => this.written(bytes, null),
        },
      );
    } catch (error) {
      this.giveUp();
      this.options.onFault(asError(error));
    }
  }

  /** Waits, blocking, for what is on its way. What is not written by then begins with a whole line. */
  private leaveStream(): void {
    const stream = this.current.leave();
    const { writing } = this;
    this.writing = false;
    if (stream !== null) {
      if (writing) this.written(stream.writtenNow(), stream.end());
      this.lastPath = stream.ownPath();
    }
    if (this.unfinished === null) return;
    tryToRemoveHalf(this.unfinished);
    this.unfinished = fromLineStart(this.unfinished);
  }

  private giveUp(): void {
    this.givenUp = true;
    this.droppedLines += this.queue.lines;
    this.queue.clear();
    if (!this.writing) this.giveUpUnfinished();
  }

  private giveUpUnfinished(): void {
    if (this.unfinished === null) return;
    this.droppedLines += this.unfinished.lines;
    tryToRemoveHalf(this.unfinished);
    this.unfinished = null;
  }

  private get linesLeft(): number {
    return this.queue.lines + (this.unfinished?.lines ?? 0);
  }

  private schedule(): void {
    // After a fault, and while a batch is on its way, the next attempt is arranged for already.
    if (this.running !== null || this.faulty) return;
    if (this.queue.bytes >= BATCH_BYTES) void this.pump();
    else this.timer ??= setTimeout(() => void this.pump(), FLUSH_AFTER_MS);
  }

  /** Writes until nothing waits or a fault stops it. Never rejects. */
  private pump(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.running ??= this.writeAll()
      .catch((error: unknown) => this.fail(error))
      .finally(() => {
        this.running = null;
        // A line may have come after the last look.
        if (this.queue.lines > 0) this.schedule();
      });
    return this.running;
  }

  /** What comes meanwhile waits its own time, unless it is a batch already: a write costs as much as many lines. */
  private async writeAll(): Promise<void> {
    for (let wrote = false; !wrote || this.unfinished !== null || this.queue.bytes >= BATCH_BYTES;) {
      // What comes while the file is looked at may have come after it was deleted: that takes another look.
      const waiting = this.linesLeft;
      const { stream, roomBytes } = await this.current.ready(this.unfinished?.cut ?? null);
      if (waiting === 0 && this.linesLeft > 0) continue;
      const atLeastBytes = Math.min(roomBytes, this.closed ? BATCH_BYTES : MAX_BATCH_BYTES);
      this.unfinished ??= this.takeBatch(atLeastBytes);
      if (this.unfinished === null) break;
      await this.writeTo(stream, this.unfinished, atLeastBytes);
      this.recover();
      wrote = true;
    }
    // The file could be opened, and there is nothing that could fail.
    this.recover();
  }

  private takeBatch(atLeastBytes: number): Unfinished | null {
    const batch = this.queue.take(atLeastBytes);
    return batch === null ? null : { ...batch, writtenBytes: 0, cut: null };
  }

  /** Where a line broke off at the end of this very file, it is gone on with from there. */
  private async writeTo(stream: RotatingStream, unfinished: Unfinished, atLeastBytes: number): Promise<void> {
    const resumed = goesOnAt(unfinished, stream.end()) ? unfinished : fromLineStart(unfinished);
    this.unfinished = resumed;
    this.writing = true;
    const { writtenBytes, error } = await stream.write(chunkOf(resumed, atLeastBytes));
    this.writing = false;
    this.written(writtenBytes, stream.end());
    if (this.givenUp) this.giveUpUnfinished();
    if (error !== null) throw error;
  }

  private written(bytes: number, end: Cut | null): void {
    if (bytes > 0) this.progressAt = performance.now();
    if (this.unfinished !== null) this.unfinished = remainderOf(this.unfinished, bytes, end);
  }

  private async fail(error: unknown): Promise<void> {
    this.faulty = true;
    await this.current.close().catch(() => undefined);
    this.options.onFault(asError(error));
    if (!this.closed) this.timer = setTimeout(() => void this.pump(), RETRY_AFTER_MS).unref();
  }

  private recover(): void {
    if (!this.faulty) return;
    this.faulty = false;
    this.options.onRecovery();
  }

  /** Whether the work ended; it is not waited for where nothing is written for long, nor longer than until then. */
  private patiently(work: Promise<unknown>, until: number): Promise<boolean> {
    return withPatience(work, { quietMs: CLOSE_PATIENCE_MS, progressAt: () => this.progressAt, until });
  }
}

function tryToRemoveHalf(unfinished: Unfinished): void {
  try {
    removeHalf(unfinished);
  } catch {
    // Whoever goes on with the file ends the line there.
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

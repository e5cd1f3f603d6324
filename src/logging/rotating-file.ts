import { setTimeout as delay } from 'node:timers/promises';
import { LineQueue, type Batch } from './line-queue';
import { openRotatingStream, type RotatingStream, type RotationSettings } from './rotating-stream';

/** A batch is written when this much waits, or when its first line has waited this long. */
const BATCH_BYTES = 64 * 1024;
const FLUSH_AFTER_MS = 100;
/** Under a backlog, batches grow to this: a busy event loop leaves few turns to write in. */
const MAX_BATCH_BYTES = 4 * 1024 * 1024;
const RETRY_AFTER_MS = 500;
/** Closing gives up on a disk that has taken nothing for this long. */
const CLOSE_PATIENCE_MS = 3000;
const MAX_WAITING_CHARACTERS = 64 * 1024 * 1024;

export interface RotatingFileOptions extends RotationSettings {
  /** Told at each attempt that fails, and for each line for which there is no room. */
  readonly onFault: (error: Error) => void;
  /** Told when lines reach the file again after a fault. */
  readonly onRecovery: () => void;
  /** Bounds the lines that wait for the disk; 64 Mi characters without it. */
  readonly maxWaitingCharacters?: number;
}

/** Writes lines to files that rotate, in the background, for as long as it takes. Never throws. */
export class RotatingFile {
  private readonly queue: LineQueue;
  private stream: RotatingStream | null = null;
  /** What is being written, or is left of it after a fault: it goes first. */
  private unfinished: Batch | null = null;
  private running: Promise<void> | null = null;
  private timer: NodeJS.Timeout | null = null;
  private faulty = false;
  private closed = false;
  private droppedLines = 0;

  /** Opens the file at once, so that a fault shows at the start. */
  constructor(private readonly options: RotatingFileOptions) {
    this.queue = new LineQueue(options.maxWaitingCharacters ?? MAX_WAITING_CHARACTERS);
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

  /** Resolves when every line is in the file, or the disk takes no more of them. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    for (let left = Infinity; this.linesLeft > 0 && this.linesLeft < left;) {
      left = this.linesLeft;
      await this.withPatience(this.running ?? this.pump());
    }
    if (this.timer !== null) clearTimeout(this.timer);
    this.droppedLines += this.linesLeft;
    this.queue.clear();
    this.unfinished = null;
    await this.withPatience(this.running ?? Promise.resolve());
    await this.withPatience(this.closeStream());
  }

  private get linesLeft(): number {
    return this.queue.lines + (this.unfinished?.lines ?? 0);
  }

  private schedule(): void {
    // After a fault, and while a batch is on its way, the next attempt is arranged for already.
    if (this.running !== null || this.faulty) return;
    if (this.queue.characters >= BATCH_BYTES) void this.pump();
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
    for (let wrote = false; !wrote || this.unfinished !== null || this.queue.characters >= BATCH_BYTES;) {
      // What comes while the file is looked at may have come after it was deleted: that takes another look.
      const waiting = this.linesLeft;
      const { stream, roomBytes } = await this.openStream();
      if (waiting === 0 && this.linesLeft > 0) continue;
      this.unfinished ??= this.queue.take(Math.min(roomBytes, MAX_BATCH_BYTES));
      if (this.unfinished === null) break;
      const { writtenBytes, error } = await stream.write(this.unfinished.bytes);
      this.unfinished = remainder(this.unfinished, writtenBytes);
      if (error !== null) throw error;
      this.recover();
      wrote = true;
    }
    // The file could be opened, and there is nothing that could fail.
    this.recover();
  }

  /** The stream, opened anew if its file was deleted or moved away. */
  private async openStream(): Promise<{ stream: RotatingStream; roomBytes: number }> {
    const roomBytes = await this.stream?.roomBytes();
    if (this.stream !== null && typeof roomBytes === 'number') return { stream: this.stream, roomBytes };
    await this.closeStream();
    this.stream = await openRotatingStream(this.options);
    return { stream: this.stream, roomBytes: (await this.stream.roomBytes()) ?? MAX_BATCH_BYTES };
  }

  private async closeStream(): Promise<void> {
    const { stream } = this;
    this.stream = null;
    await stream?.close();
  }

  private async fail(error: unknown): Promise<void> {
    this.faulty = true;
    await this.closeStream().catch(() => undefined);
    this.options.onFault(error instanceof Error ? error : new Error(String(error)));
    if (!this.closed) this.timer = setTimeout(() => void this.pump(), RETRY_AFTER_MS).unref();
  }

  private recover(): void {
    if (!this.faulty) return;
    this.faulty = false;
    this.options.onRecovery();
  }

  private async withPatience(work: Promise<unknown>): Promise<void> {
    const timeout = new AbortController();
    const patience = delay(CLOSE_PATIENCE_MS, undefined, { signal: timeout.signal }).catch(() => undefined);
    await Promise.race([work, patience]);
    timeout.abort();
  }
}

/** The lines of which nothing, or not all, was written: half a line is written anew, as a whole. */
function remainder(batch: Batch, writtenBytes: number): Batch | null {
  if (writtenBytes >= batch.bytes.length) return null;
  const firstUnwritten = batch.bytes.subarray(0, writtenBytes).lastIndexOf('\n') + 1;
  const bytes = batch.bytes.subarray(firstUnwritten);
  return { bytes, lines: bytes.filter((byte) => byte === 0x0a).length };
}

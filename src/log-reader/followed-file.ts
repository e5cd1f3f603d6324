import type { FileHandle } from 'node:fs/promises';
import { chunksFrom, chunksOf } from './chunks';
import { LineSplitter } from './line-splitter';
import { openLogFile, type LogFile } from './log-file';

/**
 * A file that is read as it grows. Its descriptor stays open, so that nothing is lost when it is deleted or compressed
 * meanwhile, and so that no other file is given its number.
 */
export class FollowedFile {
  readonly #lines = new LineSplitter();
  #position = 0;
  /** Of a compressed file, which has no position to go on from: lines that were given. */
  #linesGiven = 0;

  private constructor(
    readonly name: string,
    readonly compressed: boolean,
    private readonly handle: FileHandle,
    private readonly identity: string,
    private readonly sizeAtOpening: number,
  ) {}

  /** Null where the file is gone. Rejects where it cannot be read. */
  static async open(file: LogFile): Promise<FollowedFile | null> {
    const opened = await openLogFile(file);
    if (opened === null) return null;
    const stats = await opened.handle.stat();
    return new FollowedFile(file.name, opened.compressed, opened.handle, identityOf(stats), stats.size);
  }

  /** Whether this is the file of these facts. */
  is(stats: { readonly ino: number; readonly dev: number }): boolean {
    return identityOf(stats) === this.identity;
  }

  /** Half a line waits for its end. */
  get holdsHalfLine(): boolean {
    return this.#lines.waitingBytes > 0;
  }

  /** Passes over what was in it when it was opened, without reading it. */
  skip(): void {
    this.#position = this.sizeAtOpening;
    this.#linesGiven = Infinity;
  }

  /** When it was written to for the last time, in milliseconds since the epoch. */
  async writtenAt(): Promise<number> {
    return (await this.handle.stat()).mtimeMs;
  }

  /** The lines that have come since it was read, whole ones only. Rejects where it cannot be read any more. */
  async *newLines(): AsyncGenerator<readonly string[]> {
    const { size } = await this.handle.stat();
    if (size === this.#position) return;
    if (this.compressed) {
      this.#position = size;
      yield* this.#unpackedLines();
      return;
    }
    // It was emptied: what is in it now is new.
    if (size < this.#position) {
      this.#lines.clear();
      this.#position = 0;
    }
    for await (const chunk of chunksFrom(this.handle, this.#position)) {
      this.#position += chunk.length;
      yield this.#lines.push(chunk);
    }
  }

  close(): Promise<void> {
    return this.handle.close();
  }

  /** A compressed file grows where somebody was still writing to it: then it is read anew, and what is known passed over. */
  async *#unpackedLines(): AsyncGenerator<readonly string[]> {
    const lines = new LineSplitter();
    let passed = 0;
    for await (const chunk of chunksOf({ handle: this.handle, compressed: true })) {
      const whole = lines.push(chunk);
      const known = Math.min(whole.length, Math.max(0, this.#linesGiven - passed));
      passed += whole.length;
      this.#linesGiven = Math.max(this.#linesGiven, passed);
      yield whole.slice(known);
    }
  }
}

function identityOf({ ino, dev }: { readonly ino: number; readonly dev: number }): string {
  return `${dev}:${ino}`;
}

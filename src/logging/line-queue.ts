/** Lines on their way to the disk. */
export interface Batch {
  /** Whole lines, each with its line break. */
  readonly bytes: Buffer;
  readonly lines: number;
}

/** So much is packed at a time. */
const PACK_CHARACTERS = 64 * 1024;

/**
 * Lines that wait to be written, within bounds. They are packed into bytes as they come: strings take several times as
 * much memory, and thousands of them would have to be packed in one go when the disk is ready at last.
 */
export class LineQueue {
  private packed: Batch[] = [];
  private packedBytes = 0;
  private packedLines = 0;
  private loose: string[] = [];
  private looseCharacters = 0;

  constructor(private readonly maxBytes: number) {}

  /** Bytes that wait, where a character of the newest 64 Ki counts for one. */
  get bytes(): number {
    return this.packedBytes + this.looseCharacters;
  }

  get lines(): number {
    return this.packedLines + this.loose.length;
  }

  /** Adds a line (without line break); false, and nothing done, where there is no room for it. */
  push(line: string): boolean {
    if (this.bytes + line.length > this.maxBytes) return false;
    this.loose.push(line);
    this.looseCharacters += line.length;
    if (this.looseCharacters >= PACK_CHARACTERS) this.pack();
    return true;
  }

  /** Takes the oldest lines, at least so many bytes of them if there are; null where none waits. */
  take(atLeastBytes: number): Batch | null {
    let bytes = 0;
    const taken = this.packed.findIndex((batch) => (bytes += batch.bytes.length) >= atLeastBytes) + 1;
    if (taken === 0) this.pack();
    const batches = this.packed.splice(0, taken === 0 ? this.packed.length : taken);
    const [first, ...others] = batches;
    if (first === undefined) return null;
    const batch = others.length === 0 ? first : joined(batches);
    this.packedBytes -= batch.bytes.length;
    this.packedLines -= batch.lines;
    return batch;
  }

  /** Gives up all that waits. */
  clear(): void {
    this.packed = [];
    this.packedBytes = 0;
    this.packedLines = 0;
    this.loose = [];
    this.looseCharacters = 0;
  }

  private pack(): void {
    if (this.loose.length === 0) return;
    const batch = { bytes: Buffer.from(`${this.loose.join('\n')}\n`), lines: this.loose.length };
    this.packed.push(batch);
    this.packedBytes += batch.bytes.length;
    this.packedLines += batch.lines;
    this.loose = [];
    this.looseCharacters = 0;
  }
}

function joined(batches: readonly Batch[]): Batch {
  return {
    bytes: Buffer.concat(batches.map(({ bytes }) => bytes)),
    lines: batches.reduce((sum, { lines }) => sum + lines, 0),
  };
}

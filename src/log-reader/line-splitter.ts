/** Our lines are far shorter; of a longer one only the beginning and the end are kept, which then is no JSON. */
const MAX_LINE_BYTES = 4 * 1024 * 1024;
const LINE_BREAK = 0x0a;

/** Puts lines together from chunks of bytes. What follows the last line break waits for its end. */
export class LineSplitter {
  #parts: Buffer[] = [];
  #bytes = 0;

  /** Bytes that wait for a line break. */
  get waitingBytes(): number {
    return this.#bytes;
  }

  /** The lines that end in this chunk, without their line breaks. The chunk may be overwritten afterwards. */
  push(chunk: Buffer): readonly string[] {
    const end = chunk.lastIndexOf(LINE_BREAK);
    if (end === -1) {
      this.#keep(chunk);
      return [];
    }
    const whole = chunk.subarray(0, end);
    const text =
      this.#bytes === 0 ? whole.toString('utf8') : Buffer.concat([...this.#parts, whole]).toString('utf8');
    this.clear();
    this.#keep(chunk.subarray(end + 1));
    return text.split('\n');
  }

  /** What is left without a line break, which may be half a line; null if nothing is. */
  end(): string | null {
    const text = this.#bytes === 0 ? null : Buffer.concat(this.#parts).toString('utf8');
    this.clear();
    return text;
  }

  clear(): void {
    this.#parts = [];
    this.#bytes = 0;
  }

  #keep(part: Buffer): void {
    if (part.length === 0 || this.#bytes > MAX_LINE_BYTES) return;
    this.#parts.push(Buffer.from(part));
    this.#bytes += part.length;
  }
}

/** Lines on their way to the disk. */
export interface Batch {
  /** Whole lines, each with its line break. */
  readonly bytes: Buffer;
  readonly lines: number;
}

/** Lines that wait to be written, within bounds. */
export class LineQueue {
  private waiting: string[] = [];
  private head = 0;
  private charactersWaiting = 0;

  constructor(private readonly maxCharacters: number) {}

  /** Characters that wait: near enough to bytes to plan with. */
  get characters(): number {
    return this.charactersWaiting;
  }

  get lines(): number {
    return this.waiting.length - this.head;
  }

  /** Adds a line (without line break); false, and nothing done, where there is no room for it. */
  push(line: string): boolean {
    if (this.charactersWaiting + line.length > this.maxCharacters) return false;
    this.charactersWaiting += line.length;
    this.waiting.push(line);
    return true;
  }

  /** Takes the oldest lines up to the one with which `atLeastBytes` are reached; null where none waits. */
  take(atLeastBytes: number): Batch | null {
    const start = this.head;
    let bytes = 0;
    for (; this.head < this.waiting.length && bytes < atLeastBytes; this.head += 1) {
      const line = this.waiting[this.head] ?? '';
      bytes += Buffer.byteLength(line) + 1;
      this.charactersWaiting -= line.length;
    }
    if (this.head === start) return null;
    const lines = this.waiting.slice(start, this.head);
    this.compact();
    return { bytes: Buffer.from(`${lines.join('\n')}\n`), lines: lines.length };
  }

  /** Gives up all that waits; returns how many lines that were. */
  clear(): number {
    const { lines } = this;
    this.waiting = [];
    this.head = 0;
    this.charactersWaiting = 0;
    return lines;
  }

  /** Moving the rest down for each batch would be quadratic: only once most of the array is behind us. */
  private compact(): void {
    if (this.head * 2 < this.waiting.length) return;
    this.waiting = this.waiting.slice(this.head);
    this.head = 0;
  }
}

/** Writes numbers and texts one after the other, as `ByteReader` reads them. */
export class ByteWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  /** A whole number from 0 to 2^53 - 1: seven bits a byte, the lowest first. */
  varint(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} cannot be written.`);
    this.#reserve(8);
    let rest = value;
    while (rest > 127) {
      this.#bytes[this.#length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }

  text(text: string): void {
    const bytes = Buffer.from(text);
    this.varint(bytes.length);
    this.bytes(bytes);
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#length + more, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/** Reads what a `ByteWriter` wrote. Whatever the bytes are, it ends, or throws a RangeError. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Whether everything has been read. */
  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  varint(): number {
    const first = this.#bytes[this.#at];
    // Nearly all are of one byte.
    if (first !== undefined && first < 128) {
      this.#at += 1;
      return first;
    }
    return this.#longVarint();
  }

  text(): string {
    return Buffer.from(this.bytes(this.varint())).toString();
  }

  /** A view of the next bytes, without a copy. */
  bytes(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError('The bytes end too early.');
    const view = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return view;
  }

  #longVarint(): number {
    let value = 0;
    for (let factor = 1; factor <= 2 ** 49; factor *= 128) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new RangeError('The bytes end too early.');
      if (byte < 128) return safe(value + byte * factor);
      value += (byte - 128) * factor;
    }
    throw new RangeError('The bytes hold a number that is too large.');
  }
}

function safe(value: number): number {
  if (value > Number.MAX_SAFE_INTEGER) throw new RangeError('The bytes hold a number that is too large.');
  return value;
}

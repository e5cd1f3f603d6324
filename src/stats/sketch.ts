import type { ByteReader, ByteWriter } from './bytes';

/** The promise of every quantile: at most this far from the true one, relative to it. */
const RELATIVE_ERROR = 0.02;

const GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const LOG_GAMMA = Math.log(GAMMA);
/** Shorter and longer ones are counted in the outermost bins, so a sketch has at most about 520 bins (4 KiB). */
const SHORTEST_SECONDS = 1e-5;
const LONGEST_SECONDS = 1e4;
const LOWEST_BIN = binOf(SHORTEST_SECONDS);
const HIGHEST_BIN = binOf(LONGEST_SECONDS);
/** The shortest and the longest are written in tenths of a microsecond. */
const UNITS_PER_SECOND = 1e7;

/**
 * Durations, kept as counts in bins whose borders grow by a constant factor, after DDSketch: Masson, Rim and Lee,
 * "DDSketch: A Fast and Fully-Mergeable Quantile Sketch with Relative-Error Guarantees", PVLDB 12(12), 2019.
 * Sketches merge without loss, so quantiles of an hour can be had from those of its minutes. Not a number counts as 0.
 */
export class LatencySketch {
  /** Counts are exact up to 2^53. Most sketches are small and short-lived: a plain array is made faster than a typed one. */
  #bins: number[] = [];
  /** The bin index that `#bins[0]` counts. */
  #first = 0;
  #count = 0;
  #minimum = Infinity;
  #maximum = -Infinity;

  /** Counts one duration, in seconds. */
  add(seconds: number): void {
    const value = Math.min(Math.max(seconds || 0, 0), LONGEST_SECONDS);
    const index = binOf(Math.max(value, SHORTEST_SECONDS));
    this.#cover(index, index);
    this.#increase(index, 1);
    this.#minimum = Math.min(this.#minimum, value);
    this.#maximum = Math.max(this.#maximum, value);
  }

  /** Adds everything that another sketch has counted. */
  merge(other: LatencySketch): void {
    if (other.#count === 0) return;
    this.#cover(other.#first, other.#first + other.#bins.length - 1);
    const shift = other.#first - this.#first;
    for (let i = 0; i < other.#bins.length; i += 1) {
      this.#bins[i + shift] = (this.#bins[i + shift] ?? 0) + (other.#bins[i] ?? 0);
    }
    this.#count += other.#count;
    this.#minimum = Math.min(this.#minimum, other.#minimum);
    this.#maximum = Math.max(this.#maximum, other.#maximum);
  }

  /** The shortest duration in seconds that the share `q` (0 to 1) does not exceed; null where nothing was counted. */
  quantile(q: number): number | null {
    if (this.#count === 0) return null;
    const rank = Math.max(0, Math.ceil(q * this.#count) - 1);
    let below = 0;
    const position = this.#bins.findIndex((inBin) => (below += inBin) > rank);
    const middle = (2 * GAMMA ** (this.#first + position)) / (GAMMA + 1);
    return Math.min(Math.max(middle, this.#minimum), this.#maximum);
  }

  /** How many durations are longer than this one, in seconds; those in the same bin are not. */
  countAbove(seconds: number): number {
    const bin = binOf(Math.min(Math.max(seconds, SHORTEST_SECONDS), LONGEST_SECONDS));
    const first = Math.max(0, bin + 1 - this.#first);
    return this.#bins.slice(first).reduce((sum, inBin) => sum + inBin, 0);
  }

  /**
   * Writes the number of bins that count anything, and then, if there are any: the first of them, how far it is to
   * the last, the shortest and how much longer the longest is, and for each bin its distance to the one before and its count.
   */
  encode(writer: ByteWriter): void {
    const filled = this.#filled();
    const [first, last] = [filled[0], filled.at(-1)];
    writer.varint(filled.length);
    if (first === undefined || last === undefined) return;
    const shortest = Math.round(this.#minimum * UNITS_PER_SECOND);
    writer.varint(this.#first + first - LOWEST_BIN);
    writer.varint(last - first);
    writer.varint(shortest);
    writer.varint(Math.round(this.#maximum * UNITS_PER_SECOND) - shortest);
    let before = first;
    for (const position of filled) {
      writer.varint(position - before);
      writer.varint(this.#bins[position] ?? 0);
      before = position;
    }
  }

  /** Adds everything that an encoded sketch has counted. Throws a RangeError if the bytes hold none. */
  mergeEncoded(reader: ByteReader): void {
    const filled = reader.varint();
    if (filled === 0) return;
    const first = reader.varint() + LOWEST_BIN;
    const last = first + reader.varint();
    if (last > HIGHEST_BIN || filled > last - first + 1) throw new RangeError('The bytes hold no latencies.');
    const shortest = reader.varint();
    const longest = shortest + reader.varint();
    this.#cover(first, last);
    for (let index = first, left = filled; left > 0; left -= 1) {
      index += reader.varint();
      if (index > last) throw new RangeError('The bytes hold no latencies.');
      this.#increase(index, reader.varint());
    }
    this.#minimum = Math.min(this.#minimum, shortest / UNITS_PER_SECOND);
    this.#maximum = Math.max(this.#maximum, longest / UNITS_PER_SECOND);
  }

  /** Positions of the bins that count anything. */
  #filled(): number[] {
    const filled: number[] = [];
    for (let position = 0; position < this.#bins.length; position += 1) {
      if (this.#bins[position] !== 0) filled.push(position);
    }
    return filled;
  }

  #increase(index: number, by: number): void {
    const position = index - this.#first;
    this.#bins[position] = (this.#bins[position] ?? 0) + by;
    this.#count += by;
  }

  /** Makes room for the bins from `low` to `high`. */
  #cover(low: number, high: number): void {
    const end = this.#first + this.#bins.length;
    const empty = this.#bins.length === 0;
    if (!empty && low >= this.#first && high < end) return;
    const from = empty ? low : Math.min(low, this.#first);
    const to = empty ? high + 1 : Math.max(high + 1, end);
    const bins = new Array<number>(to - from).fill(0);
    const shift = this.#first - from;
    for (let i = 0; i < this.#bins.length; i += 1) bins[i + shift] = this.#bins[i] ?? 0;
    this.#bins = bins;
    this.#first = from;
  }
}

function binOf(seconds: number): number {
  return Math.ceil(Math.log(seconds) / LOG_GAMMA);
}

/** The promise of every quantile: at most this far from the true one, relative to it. */
const RELATIVE_ERROR = 0.01;

const GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const LOG_GAMMA = Math.log(GAMMA);
/** Shorter and longer ones are counted in the outermost bins, so a sketch has at most about 1,050 bins (4 KiB). */
const SHORTEST_SECONDS = 1e-5;
const LONGEST_SECONDS = 1e4;

/**
 * Durations, kept as counts in bins whose borders grow by a constant factor, after DDSketch: Masson, Rim and Lee,
 * "DDSketch: A Fast and Fully-Mergeable Quantile Sketch with Relative-Error Guarantees", PVLDB 12(12), 2019.
 * Sketches merge without loss, so quantiles of an hour can be had from those of its minutes. Not a number counts as 0.
 */
export class LatencySketch {
  #bins = new Uint32Array(0);
  /** The bin index that `#bins[0]` counts. */
  #first = 0;
  #count = 0;
  #minimum = Infinity;
  #maximum = -Infinity;

  /** Counts one duration, in seconds. */
  add(seconds: number): void {
    const value = Math.min(Math.max(seconds || 0, 0), LONGEST_SECONDS);
    const index = Math.ceil(Math.log(Math.max(value, SHORTEST_SECONDS)) / LOG_GAMMA);
    this.#cover(index, index);
    const position = index - this.#first;
    this.#bins[position] = (this.#bins[position] ?? 0) + 1;
    this.#count += 1;
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

  /** Makes room for the bins from `low` to `high`. */
  #cover(low: number, high: number): void {
    const end = this.#first + this.#bins.length;
    const empty = this.#bins.length === 0;
    if (!empty && low >= this.#first && high < end) return;
    const from = empty ? low : Math.min(low, this.#first);
    const to = empty ? high + 1 : Math.max(high + 1, end);
    const bins = new Uint32Array(to - from);
    bins.set(this.#bins, empty ? 0 : this.#first - from);
    this.#bins = bins;
    this.#first = from;
  }
}

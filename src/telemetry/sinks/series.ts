import { OTHER } from '../event';

/** The firewall against metrics that grow without end: how many series each may have. */

export type Labels<Label extends string> = Readonly<Record<Label, string>>;

/** The label combinations of one metric. */
export interface Series<Label extends string> {
  /** The labels to count under: these, or `_other` in their place once there are too many. Costs about 40 ns. */
  admit(labels: Labels<Label>): Labels<Label>;
  /** Adds one that is known beforehand, whatever the limit. Gives whether it is new. */
  declare(labels: Labels<Label>): boolean;
  /** How many there are. */
  size(): number;
  /** Forgets all. */
  clear(): void;
}

export interface SeriesOptions<Label extends string> {
  readonly labels: readonly Label[];
  /** How many there may be beside those that are declared. */
  readonly limit: number;
  /** The labels that become `_other` beyond the limit; the others keep their values. */
  readonly overflow: readonly Label[];
  /** Told at the first combination beyond the limit, and not again. */
  readonly onOverflow: () => void;
}

/** By the value of the first label, then of the second, and so on: no key has to be put together to look one up. */
type Branch = Map<string, Branch>;
const LEAF: Branch = new Map();

/**
 * Opens the book of a metric's label combinations. There are never more than those that are declared, twice the
 * limit (where the labels that overflow are not all), and one.
 */
export function createSeries<Label extends string>(options: SeriesOptions<Label>): Series<Label> {
  const { labels: names, limit, overflow, onOverflow } = options;
  const root: Branch = new Map();
  const last = names.length - 1;
  let size = names.length === 0 ? 1 : 0; // A metric without labels is there from the start.
  let others = 0;
  let collapsed = 0;
  let hasOverflowed = false;

  function has(labels: Labels<Label>): boolean {
    let branch = root;
    for (const name of names) {
      const next = branch.get(labels[name]);
      if (next === undefined) return false;
      branch = next;
    }
    return size > 0;
  }

  function add(labels: Labels<Label>): void {
    let branch = root;
    names.forEach((name, i) => {
      const next = branch.get(labels[name]) ?? (i === last ? LEAF : new Map<string, Branch>());
      branch.set(labels[name], next);
      branch = next;
    });
    size += 1;
  }

  function collapse(labels: Labels<Label>): Labels<Label> {
    if (!hasOverflowed) onOverflow();
    hasOverflowed = true;
    const closed = otherIn(labels, overflow);
    if (has(closed)) return closed;
    const admitted = collapsed < limit ? closed : otherIn(labels, names);
    if (has(admitted)) return admitted;
    collapsed += 1;
    add(admitted);
    return admitted;
  }

  return {
    admit(labels) {
      if (has(labels)) return labels;
      if (others >= limit) return collapse(labels);
      others += 1;
      add(labels);
      return labels;
    },
    declare(labels) {
      if (has(labels)) return false;
      add(labels);
      return true;
    },
    size: () => size,
    clear() {
      root.clear();
      size = others = collapsed = 0;
    },
  };
}

function otherIn<Label extends string>(labels: Labels<Label>, names: readonly Label[]): Labels<Label> {
  const other: Record<Label, string> = { ...labels };
  for (const name of names) other[name] = OTHER;
  return other;
}

import type { LogEntry } from './entry';

/** The last of many lines, within bounded memory. */
export interface Newest {
  /** Oldest first. */
  readonly entries: readonly LogEntry[];
  readonly characters: number;
  /** Whether lines were left out for their length, not for their number. */
  readonly isCut: boolean;
}

export interface NewestBounds {
  /** Lines. */
  readonly count: number;
  /** Characters of all of them together. */
  readonly characters: number;
}

/** Keeps the newest of the lines that come. */
export async function newestOf(
  batches: AsyncIterable<readonly LogEntry[]>,
  bounds: NewestBounds,
): Promise<Newest> {
  let newest: Newest = { entries: [], characters: 0, isCut: false };
  let waiting: LogEntry[] = [];
  let characters = 0;
  const settle = (): void => {
    const { entries, isCut } = newest;
    newest = trimmed([...entries, ...waiting], bounds, isCut);
    waiting = [];
    characters = 0;
  };
  for await (const batch of batches) {
    for (const entry of batch) characters += entry.text.length;
    waiting.push(...batch);
    // Now and then is enough, and moves each line but a few times.
    if (waiting.length > bounds.count + 1000 || characters > bounds.characters) settle();
  }
  settle();
  return newest;
}

function trimmed(entries: readonly LogEntry[], bounds: NewestBounds, wasCut: boolean): Newest {
  const first = Math.max(0, entries.length - Math.max(0, bounds.count));
  let characters = 0;
  let start = entries.length;
  for (; start > first; start -= 1) {
    const length = entries[start - 1]?.text.length ?? 0;
    if (characters + length > bounds.characters) break;
    characters += length;
  }
  // Once enough newer lines have come, what was left out for its length would have been left out anyway.
  const isCut = start > first || (wasCut && entries.length - start < bounds.count);
  return { entries: entries.slice(start), characters, isCut };
}

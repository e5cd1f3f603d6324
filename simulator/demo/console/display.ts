import type { Line } from '../view/rich';

/** Where the demo shows what happens: a terminal, or lines in a pipe. */
export interface Display {
  /** Columns there are for text. */
  readonly columns: number;
  /** Writes lines that stay. */
  print(lines: readonly Line[]): void;
  /** Something has happened: `news` in a line of its own, or folded into the `status`. */
  happened(news: Line, status: Line): void;
  /** Shows another status, where there is one. */
  status(status: Line): void;
  /** Takes the status away and gives the terminal back. What is printed after that is printed as it is. */
  close(): void;
}

/** How to read what the user types, where a display can be typed into. */
export interface Input {
  /** A line was typed. Resolves when the answer to it has been seen. */
  readonly onLine: (line: string) => Promise<void>;
  /** There will be no more lines. */
  readonly onEnd: () => void;
}

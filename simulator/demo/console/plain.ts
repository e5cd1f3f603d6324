import { createInterface } from 'node:readline';
import type { Painter } from '../view/paint';
import type { Line } from '../view/rich';
import type { Display, Input } from './display';

const COLUMNS = 100;

/** A display that only ever writes whole lines: for pipes, files and simple terminals. */
export function openPlain(output: NodeJS.WritableStream, paint: Painter): Display {
  const print = (lines: readonly Line[]): void => void output.write(`${paint(lines)}\n`);
  return {
    columns: COLUMNS,
    print,
    happened: (news) => print([news]),
    status: () => undefined,
    close: () => undefined,
  };
}

/**
 * Reads lines from a pipe, one after another, each when the one before has been answered. An input without a single
 * line, such as `/dev/null`, does not count as one that has come to its end. Returns how to stop reading.
 */
export function readPiped(input: NodeJS.ReadableStream, { onLine, onEnd }: Input): () => void {
  const lines = createInterface({ input, terminal: false });
  let answered: Promise<void> | null = null;
  lines.on('line', (line) => {
    answered = (answered ?? Promise.resolve()).then(() => onLine(line));
  });
  lines.on('close', () => void answered?.then(onEnd));
  return () => {
    answered = null;
    lines.close();
  };
}

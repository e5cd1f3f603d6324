import { createInterface, type CompleterResult, type Interface } from 'node:readline';
import type { Painter } from '../view/paint';
import { span, type Line } from '../view/rich';
import { clipWidth, displayWidth } from '../view/width';
import type { Completion } from './complete';
import type { Display, Input } from './display';

const DEFAULT_COLUMNS = 80;

export interface TerminalOptions extends Input {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly paint: Painter;
  /** What stands before the line that is typed. */
  readonly prompt: () => string;
  readonly complete: (line: string) => Promise<Completion>;
  /** Ctrl-C: in its raw mode a terminal sends no signal. */
  readonly onInterrupt: () => void;
}

/**
 * A display with a status line above the line that is typed. Both are readline's prompt, so it keeps them in place;
 * what is printed goes above them.
 */
export class Terminal implements Display {
  readonly #options: TerminalOptions;
  readonly #readline: Interface;
  #status: Line = [];
  #closed = false;

  constructor(options: TerminalOptions) {
    this.#options = options;
    const { input, output } = options;
    const completer = (line: string, done: (error: null, result: CompleterResult) => void): void => {
      void this.#suggest(line).then((result) => {
        if (!this.#closed) done(null, result);
      });
    };
    this.#readline = createInterface({ input, output, completer, terminal: true });
    this.#readline.on('line', (line) => this.#take(line));
    this.#readline.on('SIGINT', options.onInterrupt);
    this.#readline.on('close', () => {
      if (this.#closed) return;
      this.close(); // It was Ctrl-D: nothing may be asked of readline any more.
      options.onEnd();
    });
  }

  get columns(): number {
    return this.#options.output.columns || DEFAULT_COLUMNS;
  }

  print(lines: readonly Line[]): void {
    const { output, paint } = this.#options;
    if (!this.#closed) output.write(toStartOf(this.#rowsAbove));
    output.write(`${paint(lines)}\n`);
    this.#refresh(0);
  }

  happened(_news: Line, status: Line): void {
    this.status(status);
  }

  status(status: Line): void {
    this.#status = status;
    this.#refresh();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#options.output.write(toStartOf(this.#rowsAbove));
    this.#readline.close();
  }

  /** Rows from the status line down to the cursor, also where pasted text has wrapped. */
  get #rowsAbove(): number {
    return this.#readline.getCursorPos().rows;
  }

  /** Draws the status and the prompt anew, from so many rows above the cursor on. */
  #refresh(rowsAbove = this.#rowsAbove): void {
    if (this.#closed) return;
    const { paint, prompt } = this.#options;
    // readline keeps this itself, except while text is pasted.
    Object.assign(this.#readline, { prevRows: rowsAbove });
    // One column stays free: a full line would wrap.
    this.#readline.setPrompt(`${paint([clipLine(this.#status, this.columns - 1)])}\n${prompt()}`);
    this.#readline.prompt(true);
  }

  /** A line was typed: what was the prompt becomes a line that stays, without the status above it. */
  #take(line: string): void {
    const { output, prompt, onLine } = this.#options;
    const typed = `${prompt()}${line}`;
    output.write(toStartOf(2 + Math.floor(displayWidth(typed) / this.columns)));
    if (line.trim() !== '') output.write(`${typed}\n`);
    this.#refresh(0);
    void onLine(line).then(() => this.#refresh());
  }

  async #suggest(line: string): Promise<CompleterResult> {
    const { candidates, fragment } = await this.#options.complete(line);
    if (this.#readline.line.slice(0, this.#readline.cursor) !== line) return [[], fragment]; // Typed on meanwhile.
    const values = candidates.map(({ value }) => value);
    const common = commonStart(values);
    if (values.length === 1 || common.length > fragment.length) return [[common], fragment];
    if (candidates.length > 0) this.print(listOf(candidates));
    return [[], fragment];
  }
}

/** Goes up so many rows, to the first column, and clears all below. */
function toStartOf(rows: number): string {
  return `${rows > 0 ? `\u001b[${rows}A` : ''}\r\u001b[J`;
}

function clipLine(line: Line, columns: number): Line {
  let room = columns;
  return line.flatMap((one) => {
    if (room <= 0) return [];
    const text = clipWidth(one.text, room);
    room -= displayWidth(text);
    return [{ ...one, text }];
  });
}

function commonStart(texts: readonly string[]): string {
  const [first = '', ...others] = texts;
  let length = first.length;
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length -= 1;
  return first.slice(0, length);
}

function listOf(candidates: Completion['candidates']): readonly Line[] {
  const width = Math.max(...candidates.map(({ value }) => displayWidth(value)));
  return candidates.map(({ value, note }) => {
    const gap = ' '.repeat(width - displayWidth(value) + 2);
    return [span('  '), span(value, 'cyan'), span(`${gap}${note}`, 'dim')];
  });
}

import type { Environment } from '../bot/environment';
import { paintAnsi, paintPlain, type Painter } from '../view/paint';
import type { Display } from './display';
import { openPlain, readPiped } from './plain';
import type { Session, SessionOptions } from './session';
import { Terminal } from './terminal';

/** What the demo writes to and reads from. */
export interface Surface {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly paint: Painter;
  /** Whether somebody sits at a terminal that can do more than print. */
  readonly interactive: boolean;
}

export function surfaceOf(
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
  { TERM, NO_COLOR }: Environment,
): Surface {
  const isCapable = output.isTTY && TERM !== 'dumb';
  const isColourful = isCapable && (NO_COLOR === undefined || NO_COLOR === '');
  return {
    input,
    output,
    paint: isColourful ? paintAnsi : paintPlain,
    interactive: isCapable && input.isTTY,
  };
}

export interface ConsoleOptions {
  readonly surface: Surface;
  readonly createSession: (view: Pick<SessionOptions, 'print' | 'columns'>) => Session;
  readonly onInterrupt: () => void;
  readonly onEnd: () => void;
}

/** A session at whatever the demo runs in: a terminal to type along in, or lines from and to pipes. */
export function openConsole({ surface, createSession, onInterrupt, onEnd }: ConsoleOptions): Display {
  const { input, output, paint, interactive } = surface;
  let display = openPlain(output, paint);
  const session = createSession({ print: (lines) => display.print(lines), columns: () => display.columns });
  const onLine = (line: string): Promise<void> => session.submit(line);
  if (!interactive) return { ...display, close: readPiped(input, { onLine, onEnd }) };
  display = new Terminal({
    input,
    output,
    paint,
    onLine,
    onEnd,
    onInterrupt,
    prompt: () => session.prompt,
    complete: (line) => session.complete(line),
  });
  return display;
}

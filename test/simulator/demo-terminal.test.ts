import { PassThrough } from 'node:stream';
import { Terminal, type TerminalOptions } from '../../simulator/demo/console/terminal';
import { paintPlain } from '../../simulator/demo/view/paint';
import { span } from '../../simulator/demo/view/rich';

const ERASE = '\r\u001b[J';

/** A terminal of 40 columns, whose keys are pressed by writing to `keys`. */
function openFake(overrides: Partial<TerminalOptions> = {}) {
  const keys = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => keys });
  const screen = Object.assign(new PassThrough(), { isTTY: true, columns: 40 });
  let text = '';
  screen.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const typed: string[] = [];
  const terminal = new Terminal({
    // Of streams with a terminal behind them, readline uses what these have.
    input: keys as unknown as NodeJS.ReadStream,
    output: screen as unknown as NodeJS.WriteStream,
    paint: paintPlain,
    prompt: () => 'kim> ',
    complete: () => Promise.resolve({ candidates: [], fragment: '' }),
    onInterrupt: () => undefined,
    onEnd: () => undefined,
    onLine: (line) => {
      typed.push(line);
      return Promise.resolve();
    },
    ...overrides,
  });
  const shows = async (part: string): Promise<void> => {
    while (!text.includes(part)) await new Promise((resolve) => screen.once('data', resolve));
  };
  return { keys, terminal, typed, shows, clear: () => (text = ''), text: () => text };
}

describe('the terminal of the demo', () => {
  it('keeps the status and what is being typed in place while other lines are printed above', async () => {
    const { keys, terminal, shows, clear, typed } = openFake();
    terminal.status([span('3 typed')]);
    keys.write('/sta');
    await shows('sta');
    clear();
    terminal.print([[span('news')]]);
    await shows('\u001b[1A\r\u001b[Jnews\n\u001b[1G');
    await shows('3 typed\nkim> /sta');
    keys.write('ts\r');
    await shows('kim> /stats\n\u001b[1G'); // Not up again: what was typed stays.
    expect(typed).toEqual(['/stats']);
    terminal.close();
  });

  it('never lets the status wrap, for then it could not be taken away again', async () => {
    const { terminal, shows } = openFake();
    terminal.status([span('x'.repeat(30)), span('y'.repeat(30))]);
    await shows(`${'x'.repeat(30)}${'y'.repeat(8)}…\n`);
    terminal.close();
  });

  it('finds its place again when pasted text has wrapped', async () => {
    const { keys, terminal, shows, clear } = openFake();
    terminal.status([span('1 typed')]);
    keys.write('x'.repeat(50));
    await shows('x'.repeat(9));
    clear();
    terminal.status([span('2 typed')]);
    await shows('\u001b[2A\u001b[1G\u001b[0J2 typed\n');
    terminal.close();
  });

  it('completes with one TAB what is certain, and lists with notes what is not', async () => {
    const candidates = [
      { value: 'ticket close', note: 'closes one' },
      { value: 'ticket open', note: 'opens one' },
    ];
    const complete: TerminalOptions['complete'] = (line) => Promise.resolve({ candidates, fragment: line });
    const { keys, terminal, shows, typed } = openFake({ complete });
    terminal.status([]);
    keys.write('ti\t');
    await shows('cket ');
    keys.write('\t');
    await shows('ticket open   opens one');
    keys.write('o\r');
    await shows('kim> ticket o\n');
    expect(typed).toEqual(['ticket o']);
    terminal.close();
  });

  it('takes Ctrl-C and Ctrl-D as wishes to stop, and cleans up behind itself', async () => {
    const wishes: string[] = [];
    const { keys, terminal, shows, clear } = openFake({
      onInterrupt: () => wishes.push('interrupt'),
      onEnd: () => wishes.push('end'),
    });
    terminal.status([span('status')]);
    keys.write('\u0003');
    await shows('status');
    clear();
    keys.write('\u0004');
    await shows(`\u001b[1A${ERASE}`);
    terminal.print([[span('the last word')]]);
    await shows('the last word');
    terminal.close();
    expect(wishes).toEqual(['interrupt', 'end']);
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanUp, files, open, Screen } from './support';

afterEach(cleanUp);

const HOSTILE: Readonly<Record<string, string>> = {
  'line breaks': 'a\n{"level":"error","message":"forged"}\r\n12:00:00.000 ERROR bot: forged',
  'other separators of lines': 'a\u2028forged\u2029forged\u0085forged\u000bforged\fforged',
  'ANSI sequences': '\u001b[2J\u001b[31mforged\u001b]8;;https://example.org\u0007link\u009b2Jforged',
  'controls that go back': 'seen\b\b\b\bforged\u007f\u0000\rforged',
  'turned directions': 'a\u202edegrof\u202c\u2066\u2067\u2068\u2069\u200e\u200f\u061c',
  'halves of pairs': 'a\ud800b\udc00c',
};
// Colours are the console's own.
// eslint-disable-next-line no-control-regex
const COLOUR = /\u001b\[\d+m/g;
const UNSAFE = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}]/u;

describe.each(['json', 'ecs', 'pretty', 'pretty in colour'])('a console in %s, and the files', (name) => {
  it.each(Object.entries(HOSTILE))(
    'show one line for one event, whatever %s a value has',
    async (_what, hostile) => {
      const format = name === 'json' || name === 'ecs' ? name : 'pretty';
      const screen = new Screen({ isTTY: name === 'pretty in colour' });
      const { logging, directory } = open({ format, stdout: screen });
      const error = Object.assign(new Error(hostile, { cause: hostile }), { code: hostile });
      error.stack = `Error: ${hostile}\n    at ${hostile} (/app/index.js:1:2)`;
      error.name = hostile;
      logging
        .logger(hostile)
        .error(hostile, { text: hostile, [hostile]: [hostile, { [hostile]: hostile }], error });
      logging.logger('bot').info('the next');
      await logging.close();
      const written = files(directory)
        .map((file) => readFileSync(join(directory, file), 'utf8'))
        .join('');
      expect(written.split('\n')).toHaveLength(3);
      const shown = screen.text.replace(COLOUR, '');
      for (const text of [shown, written]) expect(UNSAFE.exec(text)).toBeNull();
      // The stacks of the one format that has lines of its own are indented.
      const heads = shown.split('\n').filter((line) => line !== '' && !line.startsWith('    '));
      expect(heads).toHaveLength(2);
      expect(heads[1]).toContain('the next');
    },
  );
});

import { EVERYTHING } from '../../src/log-reader/query';
import { createLogSearch, type LogSearchOptions } from '../../src/log-reader/search';
import { at, cleanUp, directory, line, numbersOf, packed, settled, text, write } from './support';

/** What `/logs` asks, within the bot. */

afterEach(cleanUp);

const many = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, index) => settled(from + index, { message: `line ${from + index}` }));
const search = (logs: string, options: Partial<LogSearchOptions> = {}) =>
  createLogSearch({ directory: logs, monotonic: () => performance.now(), ...options });

it('stops at its bounds, with the newest lines found, and says which bound it was', async () => {
  const logs = directory();
  write(logs, { 'bot-2026-01-30.log': text(...many(1, 1000)), 'bot-2026-01-31.log': text(...many(1001, 3)) });
  const { entries, ...byBytes } = await search(logs, { limitBytes: 100 }).newest(EVERYTHING, 50);
  expect(numbersOf(entries.map((entry) => entry.text))).toEqual([1001, 1002, 1003]);
  expect(byBytes).toMatchObject({ stoppedBy: 'bytes', isCut: false });
  const byTime = await search(logs, { limitMs: -1 }).summary(EVERYTHING, null);
  expect(byTime).toMatchObject({ stoppedBy: 'time', summary: { lines: 0 } });
  const unbound = await search(logs).summary(EVERYTHING, null);
  expect(unbound).toMatchObject({ stoppedBy: null, summary: { lines: 1003 } });
});

it('sums up the newest alone where that is asked for, and says where they are too long to be held', async () => {
  const logs = directory();
  write(logs, { 'bot-2026-01-30.log': text(...many(1, 10)), 'bot-2026-01-31.log': text(...many(11, 3)) });
  expect(await search(logs).summary(EVERYTHING, 4)).toMatchObject({
    isCut: false,
    summary: { lines: 4, from: at(10), to: at(13) },
  });
  const cut = await search(logs, { limitCharacters: 1000 }).summary(EVERYTHING, 10);
  expect(cut.isCut).toBe(true);
  expect(cut.summary.lines).toBeLessThan(10);
});

it.each([
  [
    'the oldest file',
    { 'bot-2026-01-30.log.gz': packed(line(1), line(2)), 'bot-2026-01-31.log': text(line(3)) },
  ],
  [
    'that of every line, where there was no error',
    {
      'bot-2026-01-30.log': text(line(1)),
      'error-2026-01-30.log': '',
      'error-2026-01-31.log': text(line(2, { level: 'error' })),
    },
  ],
  ['the first that has a line', { 'bot-2026-01-30.log': '', 'bot-2026-01-31.log': text(line(1)) }],
])(
  'says how far back the files reach, so that nobody takes what is gone for what never was: %s',
  async (_, files) => {
    const logs = directory();
    write(logs, files);
    const { reach } = await search(logs).newest({ ...EVERYTHING, users: ['5'], level: 'error' }, 1);
    expect(reach).toEqual({ files: 2, from: at(1) });
  },
);

it('says nothing of how far back where no file can tell', async () => {
  const logs = directory();
  write(logs, { 'bot-2026-01-30.log.gz': 'no gzip', 'bot-2026-01-31.log': '{"timestamp":"never' });
  expect((await search(logs).newest(EVERYTHING, 1)).reach).toEqual({ files: 2, from: null });
});

it('lets the bot answer meanwhile: it takes small pieces in a turn of the event loop, be they packed or not', async () => {
  const logs = directory();
  const lines = many(1, 20_000);
  write(logs, { 'bot-2026-01-30.log.gz': packed(...lines), 'bot-2026-01-31.log': text(...lines) });
  let turns = 0;
  let over = false;
  const count = (): void => {
    turns += 1;
    if (!over) setImmediate(count);
  };
  setImmediate(count);
  const { summary, readBytes } = await search(logs).summary(EVERYTHING, null);
  over = true;
  expect(summary.lines).toBe(40_000);
  // Less than a millisecond each.
  expect(readBytes / turns).toBeLessThanOrEqual(64 * 1024);
});

it('is rejected where the directory is not there, so that the command fails and says so', async () => {
  await expect(search('/nowhere').newest(EVERYTHING, 1)).rejects.toThrow(/ENOENT/);
});

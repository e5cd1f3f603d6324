import { calledWith, wordsOf } from '../../../src/discord/text/call';

const address = { userId: '42', prefix: '!', isDirect: false };

it.each([
  ['<@42> stats', 'stats'],
  ['<@!42>stats', 'stats'],
  ['  <@42>\n stats  7d ', 'stats  7d'],
  ['<@42>', ''],
  ['!stats', 'stats'],
  ['<@421> stats', null],
  ['ask <@42> stats', null],
  ['@everyone stats', null],
  ['stats', null],
  ['', null],
])('a message %j calls with %j', (content, said) => {
  expect(calledWith(content, address)).toBe(said);
});

it('in direct messages everything is said to the bot, and without a prefix nothing else calls it', () => {
  expect(calledWith('stats', { ...address, isDirect: true })).toBe('stats');
  expect(calledWith('!stats', { ...address, prefix: null })).toBeNull();
});

it('words are split at white space, and kept together in quotation marks of any keyboard', () => {
  expect(
    wordsOf('ticket close "too old" reason:“a: b” id:7 https://x.y/z :smile: "open').map(
      ({ text, name, value }) => [text, name, value],
    ),
  ).toEqual([
    ['ticket', null, 'ticket'],
    ['close', null, 'close'],
    ['too old', null, 'too old'],
    ['reason:“a: b”', 'reason', 'a: b'],
    ['id:7', 'id', '7'],
    ['https://x.y/z', 'https', '//x.y/z'],
    [':smile:', null, ':smile:'],
    ['"open', null, '"open'],
  ]);
});

it('no message takes long to split', () => {
  const startedAt = performance.now();
  for (const piece of ['"', ':', 'a:', 'a:"', '“x', '<@42>']) wordsOf(piece.repeat(4000 / piece.length));
  expect(performance.now() - startedAt).toBeLessThan(200);
});

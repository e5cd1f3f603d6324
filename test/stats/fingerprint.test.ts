import { describeError } from '../../src/stats/describe-error';

/** Which errors are one row of `/errors`, one issue in Sentry, and which are two. */

const fingerprint = (error: unknown, reason = 'exception'): string =>
  describeError(reason, error, (text) => text).fingerprint;

/** Thrown by one function of one file, wherever that is called from. */
const thrown = (message: string): Error => new Error(message);

const TAIL = 'and so on and on '.repeat(30);

it.each([
  ['ids', 'No member 80351110224678912 in 3 tries', 'No member 41771983423143937 in 12 tries'],
  ['UUIDs', 'row 4bf92f35-77b3-4da6-a3ce-929d0e0e4736', 'row abcdefab-77b3-4da6-a3ce-929d0e0e4737'],
  ['hashes', 'no commit deadbeef', 'no commit 4bf92f35'],
  ['fractions', 'it took 1.5 s', 'it took 2 s'],
  ['signs', 'a balance of -5', 'a balance of 5'],
  ['thousands', 'has 1,000 members', 'has 999 members'],
  ['percentages', '50% done', '7.5 % done'],
  ['exponents', 'got 1e+21', 'got 5'],
  ['other digits', 'row ١٢ is missing', 'row 3 is missing'],
  ['dates', 'due 2026-11-21T22:10:00.123Z', 'due 2026-01-02T01:02:03Z'],
  ['dates in words', 'due Sat Nov 21 2026 10:00', 'due Wednesday, May 6 2026 9:30'],
  ['headers’ dates', 'due Sat, 21 Nov 2026', 'due Sun, 6 December 2027'],
  ['addresses', 'connect ECONNREFUSED 10.0.0.1:443', 'connect ECONNREFUSED 2001:db8::8a2e:370:7334'],
  ['URLs', 'GET https://api.example/users/bob failed', 'GET https://api.example/users/alice?q=x failed'],
  ['paths', 'cannot open /home/ann/data.json', 'cannot open /srv/bob/cache/notes.txt'],
  ['Windows’ paths', 'cannot open C:\\ann\\data.json', 'cannot open D:\\bob\\notes.txt'],
  ['e-mail', 'no mail to ann@example.org', 'no mail to bob.b@mail.example.net'],
  ['mentions', 'no role <@&80351110224678912>', 'no role <@!41771983423143937>'],
  ['names in quotes', 'Unknown item "sword"', 'Unknown item "shield of light"'],
  ['names in single quotes', "Unknown item 'sword'", "Unknown item 'shield'"],
  ['lists', 'no rows [1, 2, 3]', 'no rows [4]'],
  ['numbers before a long rest', `row 5: ${TAIL}`, `row 12345678: ${TAIL}`],
])('messages that differ in %s are one error', (_what, one, other) => {
  expect(fingerprint(thrown(one))).toBe(fingerprint(thrown(other)));
});

it.each([
  ['words', thrown('No such member'), thrown('No such role')],
  [
    'an apostrophe apart',
    thrown("the cook can't, the guest won't"),
    thrown("the cook can't, the boss won't"),
  ],
  ['the end of a long message', thrown(`${TAIL} A`), thrown(`${TAIL} B`)],
  ['the class', new (class ShopError extends Error {})('x'), new (class BankError extends Error {})('x')],
  ['the name', Object.assign(thrown('x'), { name: 'ShopError' }), thrown('x')],
  [
    'the code',
    Object.assign(thrown('x'), { code: 'EPIPE' }),
    Object.assign(thrown('x'), { code: 'ETIMEDOUT' }),
  ],
  ['the cause', Object.assign(thrown('x'), { cause: new TypeError('y') }), thrown('x')],
])('errors that differ in %s are two', (_what, one, other) => {
  expect(fingerprint(one)).not.toBe(fingerprint(other));
});

describe('the place that threw it', () => {
  const at = (...frames: string[]): Error =>
    Object.assign(thrown('x'), { stack: `Error: x\n${frames.map((frame) => `    at ${frame}`).join('\n')}` });
  const shop = 'Object.execute (/app/commands/shop.js:10:5)';

  it('counts without its line, and without what called it', () => {
    const moved = at('Module.execute (file:///srv/bot/commands/shop.js:99:1)', 'node:internal/x:1:1');
    expect(fingerprint(at(shop))).toBe(fingerprint(moved));
    expect(fingerprint(at(shop))).toBe(fingerprint(at('async execute (C:\\bot\\commands\\shop.js:1:2)')));
    expect(fingerprint(at(shop))).not.toBe(fingerprint(at('Object.execute (/app/commands/bank.js:10:5)')));
    expect(fingerprint(at(shop))).not.toBe(fingerprint(at('Object.refund (/app/commands/shop.js:10:5)')));
    expect(fingerprint(at('Shop.run (/app/dist/index.js:1:5)'))).not.toBe(
      fingerprint(at('Bank.run (/app/dist/index.js:900:5)')),
    );
    expect(fingerprint(at('execute (/app/commands/buy/index.js:1:5)'))).not.toBe(
      fingerprint(at('execute (/app/commands/sell/index.js:1:5)')),
    );
    expect(fingerprint(at('execute (/app/dist/chunk-4f2a9c1e.js:1:5)'))).toBe(
      fingerprint(at('execute (/app/dist/chunk-77be01d2.js:9:5)')),
    );
  });

  it('is the first of the bot’s own, whatever library threw', () => {
    const library = '/app/node_modules/pg/lib/client.js:5:5';
    expect(fingerprint(at(library, 'node:net:1:1', shop))).toBe(fingerprint(at(shop)));
  });

  it('is not read out of a message', () => {
    const spoofed = Object.assign(thrown('x'), {
      stack: `Error: x\n    at fake (/a/b.js:1:1)\n!\n    at ${shop}`,
    });
    expect(fingerprint(spoofed)).toBe(fingerprint(at(shop)));
  });

  it('does not count where Discord refused: it says the same to every command', () => {
    const [one, other] = [at(shop), at('Object.execute (/app/commands/bank.js:10:5)')];
    expect(fingerprint(one, 'missing_permissions')).toBe(fingerprint(other, 'missing_permissions'));
    expect(fingerprint(one)).not.toBe(fingerprint(one, 'missing_permissions'));
  });
});

it('the name of a property that is missing tells two bugs of one function apart', () => {
  const missing = (name: string): Error =>
    Object.setPrototypeOf(
      thrown(`Cannot read properties of undefined (reading '${name}')`),
      Object.assign(Object.create(Error.prototype) as Error, { name: 'TypeError' }),
    ) as Error;
  expect(fingerprint(missing('id'))).not.toBe(fingerprint(missing('guild')));
  expect(fingerprint(missing('id'))).toBe(fingerprint(missing('id')));
});

it('whatever was thrown has one: no failure is missing because it could not be looked at', () => {
  const throwing = (): never => {
    throw new Error('from a getter');
  };
  const hostile: unknown[] = [
    ...[Symbol('x'), Object.create(null), { toString: throwing }, 'n'.repeat(1e7), 5].map((name) =>
      Object.assign(thrown('x'), { name }),
    ),
    ...['name', 'message', 'stack', 'code', 'cause', 'constructor'].map((key) =>
      Object.defineProperty(thrown('x'), key, { get: throwing }),
    ),
    ...[5, 'x', `Error: x${'\n    at a (b:1:1'.repeat(1e4)}`, ' '.repeat(1e6)].map((stack) =>
      Object.assign(thrown('x'), { stack }),
    ),
    Object.assign(thrown('x'), { cause: new Proxy({}, { getPrototypeOf: throwing }), code: {} }),
    new Proxy({}, { getPrototypeOf: throwing, has: throwing }),
    undefined,
    null,
    '',
    Object.create(null),
  ];
  for (const error of hostile) expect(fingerprint(error)).toMatch(/^[0-9a-f]{12}$/);
});

it.each(['#', '1', '"', "'", '/', 'a', 'a@', '1.', '# ', '<', 'f', 'Jan #', ' ', '`', '-', 'a1-'])(
  'no expression goes back and forth for seconds over a message of nothing but %s',
  (sign) => {
    expect(fingerprint(new Error(sign.repeat(10_000)))).toMatch(/^[0-9a-f]{12}$/);
  },
  1000,
);

import { createRecorder } from '../../src/logging/record';
import { createRedactor } from '../../src/logging/redact';
import { createJsonFormat } from '../../src/logging/formats/json';
import { BUILD, parse, type Line } from './support';

const TOKEN = 'exact-secret-value';
const toRecord = createRecorder(createRedactor([TOKEN]));

/** The line that a logger writes for these arguments. */
function write(message: unknown, fields?: unknown): Line {
  const text = createJsonFormat(BUILD)(toRecord({ level: 'error', logger: 'test', message, fields, at: 0 }));
  expect(text).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
  const [line] = parse(text);
  if (line === undefined) throw new Error('no line');
  return line;
}

const hundred = <Item>(make: (n: number) => Item): Item[] => Array.from({ length: 100 }, (_, n) => make(n));
/** So many leaves, in objects of a hundred. */
const tree = (leaves: number, make: (n: number) => unknown): unknown =>
  Array.from({ length: leaves / 100 }, (_, n) => hundred((m) => make(n * 100 + m)));
/** A collection that never ends, as a class derived from it may be. */
const endless = (collection: object, item: unknown): object =>
  Object.assign(collection, {
    *[Symbol.iterator]() {
      for (;;) yield item;
    },
  });
/** Errors that gather ten others each, so many levels deep. */
function errors(depth: number): Error {
  const error = new Error('m');
  if (depth === 0) return error;
  const below = errors(depth - 1);
  return new AggregateError(Array<Error>(10).fill(below), 'm');
}

describe('errors', () => {
  it('keep name, message, code and stack, and so do their causes, to the first of them', () => {
    const root = Object.assign(new TypeError('root'), { code: 'E_ROOT' });
    const error = new Error('outer', { cause: new RangeError('middle', { cause: root }) });
    expect(write('failed', { error }).error).toEqual({
      name: 'Error',
      message: 'outer',
      stack: expect.stringContaining('values.test'),
      cause: {
        name: 'RangeError',
        message: 'middle',
        stack: expect.any(String),
        cause: { name: 'TypeError', message: 'root', code: 'E_ROOT', stack: expect.any(String) },
      },
    });
  });

  it('that gather others show them, and are errors under any name and at any depth', () => {
    const aggregate = new AggregateError([new Error('one'), 'two'], 'both');
    expect(write('failed', { tries: [{ reason: aggregate }] })).toMatchObject({
      tries: [
        { reason: { message: 'both', errors: [{ message: 'one' }, { name: 'NonError', message: 'two' }] } },
      ],
    });
  });

  it('that are their own cause, or have a thousand, end', () => {
    const self = new Error('self');
    self.cause = self;
    expect(write('failed', { error: self })).toMatchObject({ error: { cause: { message: '[circular]' } } });
    let chain = new Error('root');
    for (let n = 0; n < 1000; n += 1) chain = new Error('link', { cause: chain });
    expect(JSON.stringify(write('failed', { error: chain })).length).toBeLessThan(100_000);
  });

  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    ['boom', 'boom'],
    [42, '42'],
    [10n, '10'],
    [Symbol('s'), 'Symbol(s)'],
    [() => 1, '[function]'],
    [{ reason: 'x' }, '{"reason":"x"}'],
    [['x'], '["x"]'],
  ])('that are none, such as %p, have a message all the same', (thrown, message) => {
    expect(write('failed', { error: thrown }).error).toEqual({ name: 'NonError', message });
  });

  it('given in place of fields, or of the message, are not lost', () => {
    expect(write('failed', new Error('second'))).toMatchObject({ error: { message: 'second' } });
    expect(write(new Error('first'))).toMatchObject({ message: 'first', error: { message: 'first' } });
    expect(write(undefined, 'text')).toMatchObject({ message: 'undefined', value: 'text' });
  });
});

describe('hostile values', () => {
  const thrower = {
    get bad(): never {
      throw new Error('getter');
    },
    good: 1,
  };
  const trap = (): never => {
    throw new Error('trap');
  };
  const traps = { get: trap, ownKeys: trap, getPrototypeOf: trap, getOwnPropertyDescriptor: trap, has: trap };
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();

  it('that throw when they are read cost their own field, not the line', () => {
    const fields = {
      thrower,
      proxy: new Proxy({}, traps),
      revoked: revoked.proxy,
      toJSON: { toJSON: trap },
      text: { toString: trap, [Symbol.toPrimitive]: trap },
      after: 'intact',
    };
    expect(write('m', fields)).toMatchObject({
      thrower: { bad: '[unreadable]', good: 1 },
      proxy: '[unreadable]',
      revoked: '[unreadable]',
      toJSON: '[unreadable]',
      after: 'intact',
    });
    expect(write('m', new Proxy({}, traps))).toMatchObject({ message: 'm' });
    expect(write('m', revoked.proxy)).toMatchObject({ message: 'm' });
    expect(write('m', { error: new Proxy(new Error('x'), traps) })).toHaveProperty('error.message');
  });

  it('that are circular, endless or enormous are cut, quickly', () => {
    const circular: Record<string, unknown> = {};
    circular.self = { circular };
    const endless = (): object => ({ toJSON: endless, next: 1 });
    const wide = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, n) => [`key${n}`, { n, list: [[[[n]]]] }]),
    );
    const started = performance.now();
    const line = write('x'.repeat(10_000_000), {
      circular,
      endless: endless(),
      wide,
      sparse: new Array(1e9),
      many: Array.from({ length: 50 }, () => 'y'.repeat(100_000)),
    });
    expect(performance.now() - started).toBeLessThan(1000);
    expect(line.circular).toEqual({ self: { circular: '[circular]' } });
    expect(line.message).toMatch(/^x{16384}… \[cut, 10000000 characters\]$/);
    expect(JSON.stringify(line).length).toBeLessThan(200_000);
  });

  it.each([
    [
      'names',
      () => tree(1000, (n) => Object.fromEntries(hundred((m) => [`${n}_${m}_`.padEnd(256, 'k'), 0]))),
    ],
    ['texts', () => tree(1000, () => hundred(() => 'hello world'))],
    ['nothing', () => tree(1000, () => hundred(() => ''))],
    ['numbers', () => tree(1000, () => hundred(() => -Math.PI * 1e-300))],
    ['controls', () => hundred(() => '\u202e'.repeat(16_384))],
    ['entries without a value', () => endless(new Map([[1, undefined]]), [1, undefined])],
    ['items', () => endless(new Set([1]), 1)],
    ['errors', () => errors(9)],
  ])('of too many %s make no line longer than one may be', (_, value) => {
    const made = value();
    const started = performance.now();
    const line = write('m', { value: made, after: 1 });
    expect(performance.now() - started).toBeLessThan(1000);
    expect(JSON.stringify(line).length).toBeLessThan(128 * 1024);
    expect(line.after).toBe(1);
  });

  it('of every other kind are shown as what they are', () => {
    const fields = {
      date: new Date(0),
      invalid: new Date(NaN),
      nan: NaN,
      big: 12345678901234567890n,
      map: new Map([['a', 1]]),
      set: new Set([1]),
      bytes: Buffer.from('secret'),
      url: new URL('https://example.org/a'),
      nothing: undefined,
      nil: null,
    };
    expect(write('m', fields)).toMatchObject({
      date: '1970-01-01T00:00:00.000Z',
      invalid: 'Invalid Date',
      nan: 'NaN',
      big: '12345678901234567890',
      map: { a: 1 },
      set: [1],
      bytes: '[6 bytes]',
      url: 'https://example.org/a',
      nil: null,
    });
  });

  it('cannot change what a record is through a key such as __proto__', () => {
    const line = write('m', JSON.parse('{"__proto__":{"level":"x"},"nested":{"__proto__":{"level":"x"}}}'));
    expect(line.level).toBe('error');
    expect(Object.getPrototypeOf(line)).toBe(Object.prototype);
  });

  it('cannot forge a line with breaks and control characters, wherever they stand', () => {
    const forged = 'a\n{"level":"error"}\r\u001b[2J\u0085\u009b1m\u2028\u2029\u202e\u0000\u007f';
    const line = write(forged, { [forged]: forged, error: new Error(forged) });
    expect(line.message).toBe(forged);
    expect(line[forged]).toBe(forged);
  });

  it('do not hide a secret at the place where they are cut', () => {
    for (let shift = -40; shift <= 40; shift += 1) {
      const text = 'x '.repeat(8192 + shift) + TOKEN + ' y'.repeat(9000);
      expect(write(text).message).not.toMatch(/exact-|cret-value/);
    }
  });
});

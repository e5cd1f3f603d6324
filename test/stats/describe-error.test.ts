import { createRedactor } from '../../src/logging/redact';
import { describeError } from '../../src/stats/describe-error';

const same = (text: string): string => text;
const messageOf = (error: unknown, redact: (text: string) => string): string =>
  describeError('exception', error, redact).message;
const describePlainly = (error: unknown): string => messageOf(error, same);

describe('the description of an error', () => {
  it('says something of whatever was thrown', () => {
    expect(describePlainly(new TypeError('x is not a function'))).toBe('x is not a function');
    expect(describePlainly(new TypeError(''))).toBe('TypeError');
    expect(describePlainly('plain words')).toBe('plain words');
    expect(describePlainly({ message: 'from elsewhere' })).toBe('from elsewhere');
    expect(describePlainly(undefined)).toBe('undefined was thrown');
    expect(describePlainly(Symbol('s'))).toBe('Symbol(s) was thrown');
    expect(describePlainly(' \n ')).toBe('An error without a message');
  });

  it('never fails on an error that fails when it is looked at', () => {
    const throwing = (): never => {
      throw new Error('from a getter');
    };
    const hostile: unknown[] = [
      Object.defineProperty(new Error('x'), 'message', { get: throwing }),
      new Proxy({}, { getPrototypeOf: throwing, has: throwing }),
      { toString: throwing },
      Object.create(null),
    ];
    for (const error of hostile) expect(describePlainly(error)).toBe('An error that cannot be described');
    expect(messageOf(new Error('x'), throwing)).toBe('An error that cannot be described');
  });

  it('keeps a message on one line, short and of whole characters', () => {
    expect(describePlainly('a\r\n\tb\u0000c')).toBe('a b c');
    const long = describePlainly('😀'.repeat(300));
    expect(long.length).toBeLessThanOrEqual(200);
    expect(long).toMatch(/^(😀)+…$/u);
  });

  it('takes a secret out before the message is cut, so that no half of it stays', () => {
    const message = messageOf(`${'x'.repeat(190)} s3cret-and-long`, (text) => text.replace(/s3cret\S*/, '*'));
    expect(message).toBe(`${'x'.repeat(190)} *`);
    const cut = messageOf(`${'s'.repeat(9990)} s3cret-and-long`, (text) =>
      text.replace(/s{1000,}/, '').replace('s3cret-and-long', '*'),
    );
    expect(cut).not.toContain('s3');
    const { text } = createRedactor([]);
    expect(messageOf(`{"password":"${'p4ss '.repeat(2500)}"}`, text)).not.toContain('p4ss');
  });
});

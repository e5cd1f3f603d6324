import { inspect } from 'node:util';
import { createRedactor } from '../../src/logging/redact';
import { createTypedRedactors } from '../../src/logging/typed-values';
import { describeException } from '../../src/tracing/exception';

/** What a span tells of an error and of what caused it. */

const redactors = createTypedRedactors(createRedactor(['hunter2-secret']));
const told = (thrown: unknown, ...typed: string[]) => describeException(thrown, redactors(typed).text);
const stackOf = (thrown: unknown, ...typed: string[]): string => told(thrown, ...typed).stack ?? '';

/** An error with a stack of two frames. */
function error(message: string, behind: { cause?: unknown; errors?: readonly unknown[] } = {}): Error {
  const { cause, errors } = behind;
  const options = cause === undefined ? {} : { cause };
  const made =
    errors === undefined ? new Error(message, options) : new AggregateError(errors, message, options);
  made.stack = `${made.name}: ${message}\n    at one (/app/a.js:1:2)\n    at two (/app/b.js:3:4)`;
  return made;
}

it('the causes of an error stand in its stack just as Node prints them, so that whoever reads it finds the first', () => {
  const gathered = error('both', { errors: [error('left'), error('right', { cause: error('deeper') })] });
  for (const thrown of [
    error('alone'),
    error('outer', { cause: error('middle', { cause: error('root') }) }),
    gathered,
  ]) {
    // Node writes of a stack that repeats its parent's that it does, unless its frames are few.
    expect(stackOf(thrown)).toBe(inspect(thrown));
  }
  expect(stackOf(error('outer', { cause: error('both', { errors: [error('one')] }) }))).toContain(
    '\n  [cause]: AggregateError: both\n      at one (/app/a.js:1:2)\n      at two (/app/b.js:3:4) {\n' +
      '    [errors]: [\n      Error: one\n          at one (/app/a.js:1:2)',
  );
});

it('a cause that is no error, and an error without a stack, are told of all the same', () => {
  expect(stackOf(error('outer', { cause: 'it rained' }))).toMatch(/ \{\n {2}\[cause\]: it rained\n\}$/);
  const bare = Object.assign(error('outer', { cause: new Error('why') }), { stack: undefined });
  expect(stackOf(bare)).toMatch(/^Error: outer \{\n {2}\[cause\]: Error: why\n {6}at /);
  expect(told('only a text')).toEqual({ type: 'NonError', message: 'only a text', stack: null });
});

it('no secret and nothing typed stands in a cause, be it in its message, its stack or its own cause', () => {
  const words = 'hunter2-secret for my own words';
  const thrown = error('x', {
    cause: error(words, { errors: [error(words), words, { note: words, count: 271828 }] }),
  });
  const text = JSON.stringify(told(thrown, 'my own words', '271828'));
  expect(text).not.toMatch(/hunter2|my own|271828/);
  expect(text).toContain('[redacted]');
});

it('a class keeps its name though somebody typed that word: errors are grouped by it', () => {
  expect(told(new TypeError('no'), 'TypeError').type).toBe('TypeError');
});

it('however long a stack is, its causes are seen, and all of it stays within 8000 characters', () => {
  const long = (message: string, cause?: unknown): Error =>
    Object.assign(error(message, { cause }), {
      stack: `Error: ${message}\n${'    at far (/app/far.js:1:1)\n'.repeat(2000)}`,
    });
  const stack = stackOf(long('first', long('second', long('third'))));
  expect(stack.length).toBeLessThanOrEqual(8000);
  for (const message of ['first', 'second', 'third']) expect(stack).toContain(`Error: ${message}\n`);
});

it('errors without number, in a circle or without end, are bounded too', () => {
  const circle = error('round');
  circle.cause = circle;
  expect(stackOf(circle)).toContain('[cause]: [circular]');
  let deep: Error | undefined;
  for (let depth = 0; depth < 1000; depth += 1) deep = error(`at ${depth}`, { cause: deep });
  const wide = error('wide', {
    errors: Array.from({ length: 1000 }, (_, index) => error(`number ${index}`)),
  });
  for (const thrown of [deep, wide]) expect(stackOf(thrown).length).toBeLessThanOrEqual(8000);
  expect(stackOf(wide).match(/number \d+/g)).toHaveLength(9);
});

it.each([
  ['a getter', Object.defineProperty(new Error('x'), 'cause', { get: () => { throw new Error('no'); } })], // prettier-ignore
  ['a proxy', new Error('x', { cause: new Proxy({}, { get: () => { throw new Error('no'); } }) })], // prettier-ignore
  ['errors that are no list', Object.assign(new Error('x'), { errors: 7 })],
  ['a cause that is null', new Error('x', { cause: null })],
])('%s behind an error throws nothing back', (_, thrown) => {
  expect(told(thrown)).toMatchObject({ type: 'Error', message: 'x' });
});

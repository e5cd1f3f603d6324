import { MAX_OPERATIONS, MAX_UNDERWAY, type Operation } from '../../src/telemetry/event';
import { addOperation, addUnfinished, beginOperation } from '../../src/telemetry/operations';
import { settled, START } from '../stats/support';

/** What is remembered of an invocation's operations: bounded, and never without those that keep it waiting. */

const operation = (durationSeconds: number): Operation => {
  return { kind: 'store', question: 'summary', errorType: null, startedAt: START, durationSeconds };
};
const soFar = (): Operation => ({ isUnfinished: true, ...operation(3) });
const invocationOf = () => settled({ operations: [] });

it('what has ended is told once, as it ended; what has not, as it is when the invocation settles', () => {
  const invocation = invocationOf();
  const endFirst = beginOperation(invocation, soFar);
  const endSecond = beginOperation(invocation, () => soFar());
  endFirst(operation(1));
  addUnfinished(invocation);
  expect(invocation.operations).toEqual([operation(1), soFar()]);
  endSecond(operation(4));
  endFirst(operation(1));
  addUnfinished(invocation);
  expect(invocation.operations).toHaveLength(2);
});

it('one that hangs is told of after any number that did not, and a thousand that hang are 16', () => {
  const invocation = invocationOf();
  for (let count = 0; count < 100; count += 1) beginOperation(invocation, () => soFar())(operation(1));
  for (let count = 0; count < 1000; count += 1) beginOperation(invocation, () => soFar());
  expect(invocation.progress.underway.size).toBe(MAX_UNDERWAY);
  addUnfinished(invocation);
  expect(invocation.operations).toHaveLength(MAX_OPERATIONS + MAX_UNDERWAY);
  expect(invocation.progress.underway.size).toBe(0);
});

it('in nobody’s name nothing is remembered', () => {
  expect(() => beginOperation(null, soFar)(operation(1))).not.toThrow();
});

it('of more than there is room for, the first and the last are told of, and how many are not', () => {
  const invocation = invocationOf();
  const rest: Operation = {
    kind: 'rest',
    method: 'GET',
    route: '/gateway',
    host: 'discord.com',
    attempts: 1,
    status: 200,
    code: null,
    waitSeconds: 0,
    startedAt: START,
    durationSeconds: 32,
  };
  for (let count = 0; count < 1000; count += 1) {
    addOperation(invocation, count === 32 ? rest : operation(count));
  }
  const half = Array.from({ length: MAX_OPERATIONS / 2 }, (_, index) => index);
  expect(invocation.operations.map(({ durationSeconds }) => durationSeconds)).toEqual([
    ...half,
    ...half.map((index) => 1000 - MAX_OPERATIONS / 2 + index),
  ]);
  expect(invocation.progress).toMatchObject({ dropped: 1000 - MAX_OPERATIONS, droppedRest: 1 });
});

it('what begins or ends after the settlement changes nothing of what was told', () => {
  const invocation = invocationOf();
  const ends = Array.from({ length: MAX_UNDERWAY + 1 }, () => beginOperation(invocation, () => soFar()));
  addUnfinished(invocation);
  for (const end of ends) end(operation(9));
  beginOperation(invocation, soFar)(operation(9));
  expect(invocation.operations).toHaveLength(MAX_UNDERWAY);
  expect(invocation.progress.underway.size).toBe(0);
});

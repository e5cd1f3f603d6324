import { createPipeline, never, send, sleep, START, type Handler } from './support';

/** The end of the process: what is in flight finishes, is ended, or is given up; nothing leaves uncounted. */

beforeEach(() => jest.useFakeTimers({ now: START }));
afterEach(() => jest.useRealTimers());

const elapsed = (): number => Date.now() - START;

it('with nothing in flight is over at once', async () => {
  expect(await createPipeline().runner.drain(10_000)).toBe(0);
  expect(jest.getTimerCount()).toBe(0);
});

it('waits for what is in flight, and for what begins meanwhile, and no longer', async () => {
  const { runner, start, settled } = createPipeline();
  start((answer) => send(answer, { afterMs: 500 }));
  const drained = runner.drain(10_000).then((ended) => ({ ended, at: elapsed() }));
  await jest.advanceTimersByTimeAsync(300);
  start((answer) => send(answer, { afterMs: 400 }));
  await jest.advanceTimersByTimeAsync(400);
  expect(await drained).toEqual({ ended: 0, at: 700 });
  expect(settled().map(({ outcome }) => outcome.kind)).toEqual(['ok', 'ok']);
  expect(jest.getTimerCount()).toBe(0);
});

it('ends what is not over at the limit: its signal is aborted, its user told, and it counts as a timeout', async () => {
  const { runner, start, settled, told, context } = createPipeline();
  const aborted: unknown[] = [];
  for (const interactionId of ['1', '2']) {
    const handler: Handler = async (answer, signal) => {
      await send(answer, { afterMs: 50 });
      signal().addEventListener('abort', () => aborted.push(context.getStore()?.interactionId));
      await never;
    };
    start(handler, { invocation: { interactionId }, tell: () => sleep(120) });
  }
  const drained = runner.drain(1000).then((ended) => ({ ended, at: elapsed() }));
  await jest.advanceTimersByTimeAsync(1119);
  expect(settled()).toEqual([]);
  await jest.advanceTimersByTimeAsync(1);
  expect(await drained).toEqual({ ended: 2, at: 1120 });
  expect(aborted).toEqual(['1', '2']);
  expect(told).toHaveLength(2);
  for (const event of settled()) {
    expect(event).toMatchObject({ outcome: { reason: 'timeout' }, deadline: 'met', durationSeconds: 1.12 });
  }
  expect(runner.inFlight()).toBe(0);
  expect(jest.getTimerCount()).toBe(0);
});

it('gives up on users who cannot be told within 2 s, and counts their commands all the same', async () => {
  const { runner, start, settled } = createPipeline();
  const handler: Handler = async (answer) => {
    await send(answer, { afterMs: 50 });
    await never;
  };
  start(handler, { tell: () => never });
  start(handler, { tell: () => sleep(100) });
  const drained = runner.drain(1000).then((ended) => ({ ended, at: elapsed() }));
  await jest.advanceTimersByTimeAsync(3000);
  expect(await drained).toEqual({ ended: 2, at: 3000 });
  expect(settled().map(({ durationSeconds }) => durationSeconds)).toEqual([1.1, 3]);
  expect(runner.inFlight()).toBe(0);
  expect(jest.getTimerCount()).toBe(0);
});

it('gives up on answers that nobody knows of, and leaves no timer behind', async () => {
  const { runner, start, settled } = createPipeline();
  start((answer) => void sleep(200).then(() => answer.attempt('reply')), { timeoutSeconds: 60 });
  const drained = runner.drain(0);
  await jest.advanceTimersByTimeAsync(2000);
  expect(await drained).toBe(1);
  expect(settled()).toMatchObject([{ outcome: { kind: 'failed' }, deadline: 'missed', durationSeconds: 2 }]);
  expect(jest.getTimerCount()).toBe(0);
});

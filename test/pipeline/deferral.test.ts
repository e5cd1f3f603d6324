import { createPipeline, DiscordError, never, send, sleep, START, type StartOptions } from './support';

/** Automatic deferral: the command works on, and its user is not left without a sign. */

beforeEach(() => jest.useFakeTimers({ now: START }));
afterEach(() => jest.useRealTimers());

const elapsed = (): number => Date.now() - START;

/** A deferral that notes when it was run. */
function noting(afterSeconds: number): {
  readonly at: readonly number[];
  readonly defer: NonNullable<StartOptions['defer']>;
} {
  const at: number[] = [];
  return {
    at,
    defer: {
      afterSeconds,
      run(answer) {
        at.push(elapsed());
        return send(answer, { afterMs: 40 });
      },
    },
  };
}

it('a command that works for long is deferred so long after its creation, and its user is answered in time', async () => {
  const { start, settled } = createPipeline();
  const { at, defer } = noting(2);
  start(() => sleep(8000), { defer });
  await jest.runAllTimersAsync();
  expect(at).toEqual([1900]);
  expect(settled()[0]).toMatchObject({ outcome: { kind: 'ok' }, deadline: 'met', durationSeconds: 8 });
  expect(settled()[0]?.ack?.afterCreationSeconds).toBeCloseTo(2.04, 9);
});

it.each([
  ['at once where it says so', 0, {}],
  ['at once where it was delivered so late that the time is over', 2, { createdAt: START - 2000 }],
])('a command is deferred %s, before its handler begins', async (_, afterSeconds, invocation) => {
  const { start } = createPipeline();
  const { at, defer } = noting(afterSeconds);
  const attempts: unknown[] = [];
  start((answer) => void attempts.push(answer.firstAttemptAt), { defer, invocation });
  await jest.runAllTimersAsync();
  expect(at).toEqual([0]);
  expect(attempts).toEqual([START]);
});

it.each([
  ['ahead of', 10],
  ['behind', -10],
])('a clock that is known to be 10 s %s Discord’s changes nothing of it', async (_, offset) => {
  const { start, settled } = createPipeline({ clockOffsetSeconds: offset });
  const { at, defer } = noting(2);
  start(() => sleep(5000), { defer, invocation: { createdAt: START - 100 - offset * 1000 } });
  await jest.runAllTimersAsync();
  expect(at).toEqual([1900]);
  expect(settled()[0]?.deadline).toBe('met');
});

it('whoever has tried to answer by then is not deferred, whatever came of it', async () => {
  const { start } = createPipeline();
  const { at, defer } = noting(1);
  start((answer) => send(answer, { afterMs: 5000 }), { defer });
  start((answer) => send(answer, { afterMs: 10, code: 50035 }).catch(() => sleep(2000)), { defer });
  await jest.runAllTimersAsync();
  expect(at).toEqual([]);
});

it('nobody is left to watch a command think that has ended, nor is a timer left', async () => {
  const { start, settled } = createPipeline();
  const { at, defer } = noting(2);
  start((answer) => send(answer, { afterMs: 50 }), { defer });
  start(() => undefined, { defer });
  start(() => Promise.reject(new Error('boom')), { defer });
  start(() => never, { defer, timeoutSeconds: 0.5 });
  await jest.advanceTimersByTimeAsync(600);
  expect(settled()).toHaveLength(3);
  await jest.runAllTimersAsync();
  expect(at).toEqual([]);
  expect(settled().map(({ deadline }) => deadline)).toEqual(['met', 'met', 'met', 'unanswered']);
  expect(jest.getTimerCount()).toBe(0);
});

it('a deferral that fails is worth a line, and the command may still answer by itself', async () => {
  const { start, settled, lines } = createPipeline();
  const error = new DiscordError(50035);
  const late = (answer: Parameters<typeof send>[0]) => sleep(2000).then(() => send(answer, { afterMs: 10 }));
  start(late, { defer: { afterSeconds: 1, run: () => Promise.reject(error) } });
  start(late, {
    defer: {
      afterSeconds: 1,
      run: () => {
        throw error;
      },
    },
  });
  await jest.runAllTimersAsync();
  expect(lines).toEqual(Array(2).fill({ level: 'debug', message: expect.any(String), fields: { error } }));
  expect(settled().map(({ outcome }) => outcome.kind)).toEqual(['ok', 'ok']);
});

it('a deferral that Discord takes too late is a miss', async () => {
  const { start, settled } = createPipeline();
  start(() => sleep(5000), {
    defer: { afterSeconds: 2.9, run: (answer) => send(answer, { afterMs: 200, code: 10062 }) },
  });
  await jest.runAllTimersAsync();
  expect(settled()[0]).toMatchObject({
    deadline: 'missed',
    outcome: { reason: 'unknown_interaction' },
    lateness: { culprit: 'handler' },
  });
});

import type { Answer } from '../../src/pipeline/answer';
import { createPipeline, sleep, START, type Handler, type Pipeline } from './support';

/** Commands that were deferred and have returned: whether their users are left with a bot that "thinks" for ever. */

beforeEach(() => jest.useFakeTimers({ now: START }));
afterEach(() => jest.useRealTimers());

const defer = (answer: Answer): void => answer.attempt('defer', true).accepted();
const stillThinking = (): Promise<boolean> => Promise.resolve(true);

async function run(handler: Handler, isThinking = stillThinking): Promise<Pipeline> {
  const pipeline = createPipeline();
  pipeline.start(handler, { isThinking });
  await jest.runAllTimersAsync();
  expect(pipeline.settled()).toHaveLength(1);
  return pipeline;
}

it('a command that returns without an answer has failed 3 s later, in time and with nobody late, and is told', async () => {
  const { settled, told } = await run(defer);
  const outcome = { kind: 'failed', reason: 'unanswered', error: expect.any(Error) };
  expect(settled()).toMatchObject([{ outcome, ack: { kind: 'defer' }, deadline: 'met', lateness: null }]);
  expect(settled()[0]?.durationSeconds).toBeCloseTo(3.01, 9);
  expect(told).toEqual([outcome]);
  expect(jest.getTimerCount()).toBe(0);
});

it('a deferral that is accepted only after the return counts alike', async () => {
  const { settled, told } = await run((answer) => {
    const attempt = answer.attempt('defer', true);
    void sleep(40).then(() => attempt.accepted());
  });
  expect(settled()[0]).toMatchObject({ outcome: { reason: 'unanswered' }, deadline: 'met' });
  expect(told).toHaveLength(1);
});

it.each<[string, (answer: Answer) => unknown, number]>([
  ['before the return', (answer) => answer.follow().accepted(), 0],
  ['soon after', (answer) => void sleep(500).then(() => answer.follow().accepted()), 0.5],
  [
    'soon after, and is accepted late',
    (answer) =>
      void sleep(2900).then(async () => {
        const attempt = answer.follow();
        await sleep(1000);
        attempt.accepted();
      }),
    3.9,
  ],
  ['and of which Discord says nothing', (answer) => answer.follow(), 5],
])('an answer that is sent %s is not told over', async (_, send, seconds) => {
  const { settled, told } = await run((answer) => {
    defer(answer);
    send(answer);
  });
  expect(settled()[0]).toMatchObject({ outcome: { kind: 'ok' }, deadline: 'met' });
  expect(settled()[0]?.durationSeconds).toBeCloseTo(seconds, 9);
  expect(told).toEqual([]);
  expect(jest.getTimerCount()).toBe(0);
});

it('an answer that was refused is none, and the failure names why', async () => {
  const cause = new Error('malformed');
  const { settled } = await run((answer) => {
    defer(answer);
    answer.follow().refused(cause);
  });
  expect(settled()[0]?.outcome).toMatchObject({ reason: 'unanswered', error: { cause } });
});

it('what was answered out of our sight is not told over: Discord is asked', async () => {
  const { settled, told } = await run(defer, () => Promise.resolve(false));
  expect(settled()[0]?.outcome.kind).toBe('ok');
  expect(told).toEqual([]);
});

it('a Discord that does not say keeps no run from being counted', async () => {
  const { settled, told } = await run(defer, () => new Promise(() => undefined));
  expect(settled()[0]?.outcome).toMatchObject({ reason: 'unanswered' });
  expect(told).toHaveLength(1);
});

it('the bots of others are not judged by it, nor is who has put a note of a click in the place of an answer', async () => {
  const pipeline = createPipeline();
  pipeline.start(defer);
  pipeline.start((answer) => answer.attempt('defer').accepted(), { isThinking: stillThinking });
  await jest.advanceTimersByTimeAsync(0);
  expect(pipeline.settled()).toMatchObject([
    { outcome: { kind: 'ok' }, durationSeconds: 0 },
    { outcome: { kind: 'ok' }, durationSeconds: 0 },
  ]);
});

it('an exit does not wait for it', async () => {
  const { start, settled, runner } = createPipeline();
  start(defer, { isThinking: stillThinking });
  const drained = runner.drain(100);
  await jest.advanceTimersByTimeAsync(2100);
  expect(await drained).toBe(1);
  expect(settled()[0]?.outcome).toMatchObject({ reason: 'unanswered' });
});

import { createPipeline, never, sleep, START } from './support';

/** Runs that Discord waits for no answer of: text commands. */

beforeEach(() => jest.useFakeTimers({ now: START }));
afterEach(() => jest.useRealTimers());

const text = { text: true, invocation: { kind: 'text' } } as const;
const NO_DEADLINE = { ack: null, deadline: null, lateness: null };

it('a text command settles as its handler ends, however long that took, and no deadline is held against it', async () => {
  const { start, settled } = createPipeline();
  start(() => sleep(50), text);
  start(() => sleep(7000), text);
  await jest.runAllTimersAsync();
  expect(settled()).toMatchObject([
    { kind: 'text', outcome: { kind: 'ok' }, durationSeconds: 0.05, ...NO_DEADLINE },
    { kind: 'text', outcome: { kind: 'ok' }, durationSeconds: 7, ...NO_DEADLINE },
  ]);
  expect(jest.getTimerCount()).toBe(0);
});

it('a text command that fails or hangs has failed, and its user is told', async () => {
  const { start, settled, told } = createPipeline();
  start(() => Promise.reject(new Error('boom')), text);
  start(() => never, { ...text, timeoutSeconds: 1 });
  await jest.runAllTimersAsync();
  expect(told).toMatchObject([{ reason: 'exception' }, { reason: 'timeout' }]);
  expect(settled()).toMatchObject([
    { outcome: { reason: 'exception' }, durationSeconds: 0.01, ...NO_DEADLINE },
    { outcome: { reason: 'timeout' }, durationSeconds: 1.01, ...NO_DEADLINE },
  ]);
});

it('a text command whose error cannot even be judged is counted, without a deadline', async () => {
  const { start, settled } = createPipeline();
  const trap = new Proxy(new Error('boom'), {
    getPrototypeOf() {
      throw new TypeError('trapped');
    },
  });
  start(() => Promise.reject(trap), text);
  await jest.runAllTimersAsync();
  expect(settled()).toMatchObject([{ outcome: { reason: 'exception' }, ...NO_DEADLINE }]);
});

it('a press is recorded with the run that put the button there', async () => {
  const { start, events } = createPipeline();
  start(() => undefined, { ...text, invocation: { parentTraceId: '0af7651916cd43dd8448eb211c80319c' } });
  await jest.runAllTimersAsync();
  for (const event of events)
    expect(event).toMatchObject({ parentTraceId: '0af7651916cd43dd8448eb211c80319c' });
  expect(events).toHaveLength(2);
});

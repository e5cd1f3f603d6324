import { createPipeline, DiscordError, never, send, sleep, START, type Handler } from './support';

/** What goes on around a run: its context, its signal, and what comes after it. */

beforeEach(() => jest.useFakeTimers({ now: START }));
afterEach(() => jest.useRealTimers());

const boom = new Error('boom');

it('what comes of a run after its timeout is nobody’s: no second record, no unhandled rejection', async () => {
  const unhandled = jest.fn();
  process.on('unhandledRejection', unhandled);
  const { start, settled } = createPipeline();
  const late = start(() => sleep(5000).then(() => Promise.reject(boom)), { timeoutSeconds: 1 });
  await jest.runAllTimersAsync();
  jest.useRealTimers();
  await new Promise(setImmediate);
  expect(await late.outcome).toMatchObject({ reason: 'timeout' });
  expect(settled()).toHaveLength(1);
  expect(unhandled).not.toHaveBeenCalled();
  process.off('unhandledRejection', unhandled);
});

it('a handler hears of its timeout through the signal, and what it logs then carries its ids', async () => {
  jest.useRealTimers(); // Timers of jest's have no context.
  const { start, context } = createPipeline();
  const heard: unknown[] = [];
  const handler: Handler = async (answer, signal) => {
    await send(answer, { afterMs: 1 });
    signal().addEventListener('abort', () => heard.push(context.getStore()?.interactionId));
    await never;
  };
  await start(handler, { timeoutSeconds: 0.03, invocation: { interactionId: '77' } }).outcome;
  expect(heard).toEqual(['77']);
});

it('a handler that asks for its signal only after its timeout finds it aborted', async () => {
  const { start } = createPipeline();
  const found: unknown[] = [];
  start(
    async (_, signal) => {
      await sleep(2000);
      found.push(signal().aborted, signal() === signal());
    },
    { timeoutSeconds: 1 },
  );
  await jest.runAllTimersAsync();
  expect(found).toEqual([true, true]);
});

it('runs at the same time each have their own context, also after an await', async () => {
  const { start, context } = createPipeline();
  const seen: unknown[] = [];
  for (const interactionId of ['1', '2', '3']) {
    const handler: Handler = async (answer) => {
      await send(answer, { afterMs: 50 });
      seen.push(context.getStore()?.interactionId);
    };
    start(handler, { invocation: { interactionId } });
  }
  await jest.runAllTimersAsync();
  expect(seen).toEqual(['1', '2', '3']);
  expect(context.getStore()).toBeUndefined();
});

it('a clock that is behind Discord’s makes no answer come before its question', async () => {
  const { start, settled } = createPipeline();
  start((answer) => send(answer, { afterMs: 40 }), { invocation: { createdAt: START + 900 } });
  start(() => undefined, { invocation: { createdAt: START + 900 } });
  await jest.runAllTimersAsync();
  expect(settled().map(({ ack }) => ack?.afterCreationSeconds)).toEqual([0.04, undefined]);
  expect(settled()[1]?.durationSeconds).toBe(3);
});

it('an interaction that was delivered late is not waited for beyond its deadline', async () => {
  const { start, settled } = createPipeline();
  start(() => undefined, { invocation: { createdAt: START - 10_000 } });
  await jest.runAllTimersAsync();
  expect(settled()[0]).toMatchObject({ deadline: 'unanswered', durationSeconds: 0 });
});

it('a user who cannot be told is worth a line, and no second failure', async () => {
  const { start, lines, settled } = createPipeline();
  const error = new DiscordError(10062);
  start(() => Promise.reject(boom), { tell: () => Promise.reject(error) });
  await jest.runAllTimersAsync();
  expect(lines).toEqual([{ level: 'debug', message: expect.any(String), fields: { error } }]);
  expect(settled()[0]?.outcome).toMatchObject({ reason: 'exception', error: boom });
});

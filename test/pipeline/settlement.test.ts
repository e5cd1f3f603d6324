import { Refusal, TimeoutError } from '../../src/pipeline/outcome';
import type { InvocationSettled } from '../../src/telemetry/event';
import {
  createPipeline,
  DiscordError,
  never,
  send,
  sleep,
  START,
  type Handler,
  type StartOptions,
} from './support';

/** Every way to settle, on a clock that stands still until it is told: the figures are exact. */

beforeEach(() => jest.useFakeTimers({ now: START }));
afterEach(() => jest.useRealTimers());

interface Row {
  readonly handler: Handler;
  readonly options?: StartOptions;
  readonly outcome: object;
  readonly deadline: InvocationSettled['deadline'];
  /** Seconds from the creation, which was 0.1 s before the receipt; null: no answer was accepted. */
  readonly ack: number | null;
  /** Seconds from the receipt. */
  readonly duration: number;
  /** Whether the user is to be told how it ended. */
  readonly told?: boolean;
}

const OK = { kind: 'ok' };
const failed = (reason: string, error: unknown = expect.anything()) => ({ kind: 'failed', reason, error });
const swallow = (promise: Promise<void>): Promise<void> => promise.catch(() => undefined);
const boom = new Error('boom');

const rows: Readonly<Record<string, Row>> = {
  'an answer in time is met': {
    handler: async (answer) => {
      await sleep(50);
      await send(answer, { afterMs: 30 });
    },
    ...{ outcome: OK, deadline: 'met', ack: 0.18, duration: 0.08 },
  },
  'work after the answer is part of the run, and not of the answer': {
    handler: async (answer) => {
      await send(answer, { afterMs: 30 });
      await sleep(20_000);
    },
    ...{ outcome: OK, deadline: 'met', ack: 0.13, duration: 20.03 },
  },
  'a reply that nobody waits for is waited for by us': {
    handler: (answer) => void send(answer, { afterMs: 250 }),
    ...{ outcome: OK, deadline: 'met', ack: 0.35, duration: 0.25 },
  },
  'a reply that is sent only after the handler has returned is waited for': {
    handler: (answer) => void sleep(1000).then(() => send(answer, { afterMs: 50 })),
    ...{ outcome: OK, deadline: 'met', ack: 1.15, duration: 1.05 },
  },
  'an answer that was sent in time and accepted after 3 s was taken by Discord, and is met': {
    handler: (answer) => void sleep(2800).then(() => send(answer, { afterMs: 700 })),
    ...{ outcome: OK, deadline: 'met', ack: 3.6, duration: 3.5 },
  },
  'an answer that Discord never took or refused is missed, after a grace of 2 s': {
    handler: (answer) => void answer.attempt('reply'),
    ...{ outcome: failed('unknown_interaction'), deadline: 'missed', ack: null, duration: 4.9 },
  },
  'an answer that came too late (10062) is missed, though the command swallows it': {
    handler: async (answer) => {
      await sleep(3000);
      await swallow(send(answer, { afterMs: 50, code: 10062 }));
    },
    outcome: failed('unknown_interaction', new DiscordError(10062)),
    ...{ deadline: 'missed', ack: null, duration: 3.05 },
  },
  'a late answer whose refusal is thrown is missed, and nobody tries to tell a user who is out of reach': {
    handler: async (answer) => {
      await sleep(3000);
      await send(answer, { afterMs: 50, code: 10062 });
    },
    outcome: failed('unknown_interaction', new DiscordError(10062)),
    ...{ deadline: 'missed', ack: null, duration: 3.05 },
  },
  'no answer at all is unanswered, but only once the 3 s since the creation are over': {
    handler: () => undefined,
    ...{ outcome: failed('unanswered'), deadline: 'unanswered', ack: null, duration: 2.9 },
  },
  'no answer and a handler that outlasts the deadline is unanswered as it returns': {
    handler: () => sleep(7000),
    ...{ outcome: failed('unanswered'), deadline: 'unanswered', ack: null, duration: 7 },
  },
  'a first answer that is malformed (50035) and a second that is not is met': {
    handler: async (answer) => {
      await swallow(send(answer, { afterMs: 40, code: 50035 }));
      await sleep(20);
      await send(answer, { afterMs: 40 });
    },
    ...{ outcome: OK, deadline: 'met', ack: 0.2, duration: 0.1 },
  },
  'a malformed answer alone leaves the user without one, and names why': {
    handler: (answer) => swallow(send(answer, { afterMs: 40, code: 50035 })),
    outcome: failed('discord_api', new DiscordError(50035)),
    ...{ deadline: 'missed', ack: null, duration: 2.9 },
  },
  'a malformed answer that is thrown has failed, and the user is told within the 3 s': {
    handler: (answer) => send(answer, { afterMs: 40, code: 50035 }),
    outcome: failed('discord_api', new DiscordError(50035)),
    ...{ deadline: 'met', ack: 0.15, duration: 0.05, told: true },
  },
  'an interaction that another instance has answered (40060) is known at once': {
    handler: (answer) => swallow(send(answer, { afterMs: 40, code: 40060 })),
    outcome: failed('already_acknowledged', new DiscordError(40060)),
    ...{ deadline: 'missed', ack: null, duration: 0.04 },
  },
  'a throw after the first answer fails the run, and not the deadline': {
    handler: async (answer) => {
      await send(answer, { afterMs: 30 });
      await sleep(70);
      throw boom;
    },
    options: { tell: () => sleep(10) },
    ...{ outcome: failed('exception', boom), deadline: 'met', ack: 0.13, duration: 0.11, told: true },
  },
  'a throw at once is an ending like any other': {
    handler: () => {
      throw boom;
    },
    ...{ outcome: failed('exception', boom), deadline: 'met', ack: 0.11, duration: 0.01, told: true },
  },
  'undefined that is thrown is an ending like any other': {
    handler: () => {
      throw undefined;
    },
    outcome: { kind: 'failed', reason: 'exception', error: undefined },
    ...{ deadline: 'met', ack: 0.11, duration: 0.01, told: true },
  },
  'a refusal that is shown is a refusal': {
    handler: () => {
      throw new Refusal('cooldown', 'Wait.');
    },
    outcome: { kind: 'refused', reason: 'cooldown', message: 'Wait.' },
    ...{ deadline: 'met', ack: 0.11, duration: 0.01, told: true },
  },
  'a refusal whose message Discord does not take has failed: the user saw nothing': {
    handler: () => {
      throw new Refusal('user_error', '');
    },
    options: { tell: (answer) => send(answer, { afterMs: 10, code: 50006 }) },
    outcome: failed('discord_api', new DiscordError(50006)),
    ...{ deadline: 'missed', ack: null, duration: 2.9, told: true },
  },
  'a handler that never ends is ended at its timeout, and the user is told': {
    handler: async (answer) => {
      await send(answer, { afterMs: 30 });
      await never;
    },
    options: { timeoutSeconds: 5, tell: () => sleep(20) },
    outcome: failed('timeout', expect.any(TimeoutError)),
    ...{ deadline: 'met', ack: 0.13, duration: 5.02, told: true },
  },
  'a handler that never ends nor answers is a timeout and not unanswered: the cause is what it is called': {
    handler: () => never,
    options: { timeoutSeconds: 1, tell: () => Promise.reject(new Error('no way through')) },
    outcome: failed('timeout', expect.any(TimeoutError)),
    ...{ deadline: 'unanswered', ack: null, duration: 2.9, told: true },
  },
};

it.each(Object.entries(rows))('%s', async (_, row) => {
  const { handler, options, outcome, deadline, ack, duration, told = false } = row;
  const pipeline = createPipeline();
  const run = pipeline.start(handler, options);
  const timersLeft = run.outcome.then(() => jest.getTimerCount());
  expect(pipeline.runner.inFlight()).toBe(1);
  await jest.runAllTimersAsync();

  expect(await run.outcome).toEqual(outcome);
  expect(pipeline.events.map(({ type }) => type)).toEqual(['invocation_received', 'invocation_settled']);
  expect(pipeline.settled()[0]).toMatchObject({
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    deadline,
    outcome,
  });
  expect(pipeline.settled()[0]?.durationSeconds).toBeCloseTo(duration, 9);
  expect(pipeline.settled()[0]?.ack?.afterCreationSeconds ?? null).toEqual(
    ack === null ? null : expect.closeTo(ack, 9),
  );
  expect(pipeline.told).toHaveLength(told ? 1 : 0);
  expect(await timersLeft).toBe(0);
  expect(pipeline.runner.inFlight()).toBe(0);
});

it('a user who cannot be told does not keep the run from being counted', async () => {
  const { start, settled, runner } = createPipeline();
  start(
    () => {
      throw boom;
    },
    { tell: () => never },
  );
  await jest.advanceTimersByTimeAsync(5010);
  expect(settled()).toMatchObject([{ outcome: { kind: 'failed', reason: 'exception' } }]);
  expect(runner.inFlight()).toBe(0);
  expect(jest.getTimerCount()).toBe(0);
});

it('a limit longer than a timer can be is no limit of none', async () => {
  const { start } = createPipeline();
  const run = start(
    async (answer) => {
      await send(answer, { afterMs: 5 });
      await sleep(5000);
    },
    { timeoutSeconds: 30 * 86_400 },
  );
  await jest.advanceTimersByTimeAsync(10_000);
  expect((await run.outcome).kind).toBe('ok');
});

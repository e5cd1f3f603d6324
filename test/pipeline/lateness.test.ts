import { judgeLateness, type LatenessFacts } from '../../src/pipeline/lateness';
import {
  createPipeline,
  send,
  sleep,
  START,
  type Handler,
  type PipelineOptions,
  type StartOptions,
} from './support';

/** Who is named when a user gets no answer in time: whoever is named wrongly is debugged in vain. */

const FACTS: LatenessFacts = {
  deliverySeconds: 0.1,
  clockOffsetSeconds: 0,
  firstAttemptSeconds: null,
  blockedSeconds: { inDelivery: 0, inHandling: 0, inAnswering: 0 },
  refused: null,
};

interface Case extends Partial<Omit<LatenessFacts, 'blockedSeconds'>> {
  readonly blocked?: Partial<LatenessFacts['blockedSeconds']>;
  readonly culprit: string;
}

const cases: Readonly<Record<string, Case>> = {
  'a command that never tries': { culprit: 'handler' },
  'a command that tries after 3 s': { firstAttemptSeconds: 3.2, refused: 'too_late', culprit: 'handler' },
  'a command that tries with 0.1 s left': {
    firstAttemptSeconds: 2.8,
    refused: 'too_late',
    culprit: 'handler',
  },
  'a command whose answer is not valid': { firstAttemptSeconds: 0.1, refused: 'invalid', culprit: 'handler' },
  'a delivery that left no time at all': {
    ...{ deliverySeconds: 9, firstAttemptSeconds: 0.01, refused: 'too_late', culprit: 'delivery' },
  },
  'a delivery that left little': {
    ...{ deliverySeconds: 2.2, firstAttemptSeconds: 0.6, refused: 'too_late', culprit: 'delivery' },
  },
  'a delivery that left time enough for a quick command': {
    ...{ deliverySeconds: 1.2, firstAttemptSeconds: 1.7, refused: 'too_late', culprit: 'handler' },
  },
  'a delivery that was late because we did not read it': {
    deliverySeconds: 3.4,
    firstAttemptSeconds: 0.01,
    blocked: { inDelivery: 2.9 },
    ...{ refused: 'too_late', culprit: 'event_loop' },
  },
  'a loop that was blocked before the command tried': {
    firstAttemptSeconds: 4,
    blocked: { inHandling: 2.8 },
    ...{ refused: 'too_late', culprit: 'event_loop' },
  },
  'a loop that was blocked as the answer was to be sent': {
    firstAttemptSeconds: 0.01,
    blocked: { inAnswering: 2.85 },
    ...{ refused: 'too_late', culprit: 'event_loop' },
  },
  'a loop that was blocked for less than the command took': {
    firstAttemptSeconds: 3.5,
    blocked: { inHandling: 0.9 },
    ...{ refused: 'too_late', culprit: 'handler' },
  },
  'an answer that Discord takes no notice of': { firstAttemptSeconds: 0.2, culprit: 'discord' },
  'an answer that Discord fails at': { firstAttemptSeconds: 2, refused: 'trouble', culprit: 'discord' },
  'an early answer that is called too late, by clocks that agree': {
    ...{ firstAttemptSeconds: 0.2, refused: 'too_late', culprit: 'discord' },
  },
  'an early answer that is called too late, with clocks that nobody has compared': {
    ...{ firstAttemptSeconds: 0.2, clockOffsetSeconds: null, refused: 'too_late', culprit: 'clock_skew' },
  },
  'an early answer that is called too late, by clocks that disagree': {
    ...{ firstAttemptSeconds: 0.2, clockOffsetSeconds: -10, refused: 'too_late', culprit: 'clock_skew' },
  },
  'a slow command on a clock that is 10 s off': { clockOffsetSeconds: 10, culprit: 'handler' },
};

it.each(Object.entries(cases))('%s', (_, { blocked = {}, culprit, ...facts }) => {
  const blockedSeconds = { ...FACTS.blockedSeconds, ...blocked };
  const judged = judgeLateness({ ...FACTS, ...facts, blockedSeconds });
  expect(judged).toMatchObject({ culprit, eventLoopBlockedSeconds: Object.values(blocked)[0] ?? 0 });
});

describe('in the pipeline', () => {
  beforeEach(() => jest.useFakeTimers({ now: START }));
  afterEach(() => jest.useRealTimers());

  async function latenessOf(handler: Handler, options: PipelineOptions & StartOptions = {}) {
    const { start, settled } = createPipeline(options);
    start(handler, options);
    await jest.runAllTimersAsync();
    return settled()[0]?.lateness;
  }
  const tooLate: Handler = (answer) => sleep(3000).then(() => send(answer, { afterMs: 50, code: 10062 }));

  it('an answer in time is nobody’s fault, and nothing is measured for it', async () => {
    const { start, settled, measurements } = createPipeline();
    start((answer) => send(answer, { afterMs: 50 }));
    await jest.runAllTimersAsync();
    expect(settled()[0]?.lateness).toBeNull();
    expect(measurements()).toBe(0);
  });

  it('what was measured is told: delivery, stalls, the first attempt, the clocks', async () => {
    expect(await latenessOf(tooLate, { clockOffsetSeconds: 0.05, blocked: [[500, 2700]] })).toEqual({
      culprit: 'event_loop',
      deliverySeconds: 0.05,
      eventLoopBlockedSeconds: 2.2,
      firstAttemptSeconds: 3,
      clockOffsetSeconds: 0.05,
    });
  });

  it('a stall counts as far as it lies between the creation and the deadline', async () => {
    const blocked = [
      [-5000, 400],
      [2000, 9000],
    ] as const; // Created at -100, so that 2,900 is the deadline.
    expect(await latenessOf(tooLate, { blocked })).toMatchObject({
      eventLoopBlockedSeconds: expect.closeTo(1.4, 9),
    });
  });

  it('what was delivered after the deadline is not late by what blocked the loop only then', async () => {
    const invocation = { createdAt: START - 5000 };
    const lateness = await latenessOf(tooLate, { invocation, blocked: [[-2500, 500]] });
    expect(lateness).toMatchObject({ culprit: 'delivery', eventLoopBlockedSeconds: 0.5 });
  });

  it('the first attempt is the one that counts, though a later one is too late', async () => {
    const twice: Handler = async (answer) => {
      await send(answer, { afterMs: 5, code: 50035 }).catch(() => sleep(3200));
      await send(answer, { afterMs: 5, code: 10062 });
    };
    expect(await latenessOf(twice)).toMatchObject({ culprit: 'handler', firstAttemptSeconds: 0 });
  });

  it.each([429, 500, 503, undefined])(
    'an answer refused with status %s is Discord’s doing',
    async (status) => {
      const refused: Handler = (answer) => answer.attempt('reply').refused({ status });
      expect(await latenessOf(refused)).toMatchObject({ culprit: 'discord' });
    },
  );

  it('a clock that is 10 s ahead does not make a delivery late', async () => {
    const invocation = { createdAt: START - 10_100 };
    expect(await latenessOf(tooLate, { invocation, clockOffsetSeconds: 10 })).toMatchObject({
      culprit: 'handler',
      deliverySeconds: expect.closeTo(0.1, 9),
    });
    expect(await latenessOf(tooLate, { invocation })).toMatchObject({ culprit: 'delivery' });
  });

  it('an interaction that somebody else has answered is not late: its user has an answer', async () => {
    expect(await latenessOf((answer) => send(answer, { afterMs: 50, code: 40060 }))).toBeNull();
  });

  it('an answer that hangs is Discord’s doing, one that is not valid the command’s', async () => {
    expect(await latenessOf((answer) => void answer.attempt('reply'))).toMatchObject({ culprit: 'discord' });
    const invalid: Handler = (answer) => send(answer, { afterMs: 5, code: 50035 }).catch(() => undefined);
    expect(await latenessOf(invalid)).toMatchObject({ culprit: 'handler', firstAttemptSeconds: 0 });
  });

  it('an interaction nobody ever tried to answer names the command', async () => {
    expect(await latenessOf(() => undefined)).toMatchObject({
      culprit: 'handler',
      firstAttemptSeconds: null,
    });
  });
});

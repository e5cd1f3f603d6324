import { Answer } from '../../src/pipeline/answer';
import { START } from './support';

beforeEach(() => jest.useFakeTimers({ now: START }));
afterEach(() => jest.useRealTimers());

const answerNow = (): Answer => new Answer(() => Date.now() - START);
const isFinal = (error: unknown): boolean => error === 'final';

/** Milliseconds after which the answer is known. */
async function knownAfter(answer: Answer, remainingMs: number): Promise<number> {
  const known = answer.known(remainingMs, isFinal).then(() => Date.now() - START);
  await jest.runAllTimersAsync();
  return known;
}
const later = (ms: number, act: () => void): void => void setTimeout(act, ms);

it('only the first answer that was accepted counts, however many are sent', () => {
  const answer = answerNow();
  const [defer, reply] = [answer.attempt('defer'), answer.attempt('reply')];
  jest.setSystemTime(START + 70);
  reply.accepted();
  jest.setSystemTime(START + 90);
  defer.accepted();
  expect(answer.accepted).toEqual({ kind: 'reply', at: 70 });
  expect(answer.result).toBe('met');
});

it('an answer that was refused before another was accepted is met, and the refusal is forgiven', () => {
  const answer = answerNow();
  answer.attempt('reply').refused(new Error('malformed'));
  expect(answer.result).toBe('missed');
  answer.attempt('reply').accepted();
  expect(answer.result).toBe('met');
});

it('an attempt is settled once: what is reported of it after that changes nothing', async () => {
  const answer = answerNow();
  const attempt = answer.attempt('reply');
  attempt.refused('final');
  attempt.accepted();
  attempt.refused('another');
  expect(answer).toMatchObject({ accepted: null, refusal: { error: 'final' }, result: 'missed' });
  expect(await knownAfter(answer, 1000)).toBe(0);
});

it('without any attempt it is unanswered, with one under way it is not', () => {
  const answer = answerNow();
  expect(answer.result).toBe('unanswered');
  answer.attempt('modal');
  expect(answer.result).toBe('missed');
});

describe('it is known', () => {
  it('at once where it has been accepted, and without a timer', async () => {
    const answer = answerNow();
    answer.attempt('reply').accepted();
    await answer.known(3000, isFinal);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('the moment it is accepted, with no timer left', async () => {
    const answer = answerNow();
    const attempt = answer.attempt('reply');
    later(400, () => attempt.accepted());
    const known = answer.known(3000, isFinal);
    await jest.advanceTimersByTimeAsync(400);
    await known;
    expect(jest.getTimerCount()).toBe(0);
  });

  it('at a refusal that is final, unless another attempt is under way', async () => {
    const alone = answerNow();
    later(100, () => alone.attempt('reply').refused('final'));
    expect(await knownAfter(alone, 3000)).toBe(100);

    jest.setSystemTime(START);
    const two = answerNow();
    const other = two.attempt('reply');
    two.attempt('reply').refused('final');
    later(200, () => other.accepted());
    expect(await knownAfter(two, 3000)).toBe(200);
    expect(two.result).toBe('met');
  });

  it.each([
    [3000, 3000],
    [0, 0],
    [-5000, 0],
  ])('at the deadline, %d ms away, where none was tried or all were refused', async (remaining, after) => {
    expect(await knownAfter(answerNow(), remaining)).toBe(after);
    jest.setSystemTime(START);
    const refused = answerNow();
    refused.attempt('reply').refused('malformed');
    expect(await knownAfter(refused, remaining)).toBe(after);
  });

  it('2 s after the deadline at the latest, for one that is under way may have been in time', async () => {
    const answer = answerNow();
    answer.attempt('reply');
    expect(await knownAfter(answer, 1000)).toBe(3000);
  });

  it('as soon as the one under way at the deadline is refused', async () => {
    const answer = answerNow();
    const attempt = answer.attempt('reply');
    later(1700, () => attempt.refused('malformed'));
    expect(await knownAfter(answer, 1000)).toBe(1700);
  });
});

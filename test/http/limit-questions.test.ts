import { setImmediate as soon } from 'node:timers/promises';
import { limitQuestions } from '../../src/http/limit-questions';
import { StoreUnavailableError, type Stats, type Timeline } from '../../src/stats/stats';

/** However many ask over HTTP, people in Discord are answered in between. */

function statistics() {
  const asked: ((answer: Timeline) => void)[] = [];
  const timeline = (): Promise<Timeline> => new Promise((resolve) => asked.push(resolve));
  const never = (): Promise<never> => Promise.reject(new Error('not asked here'));
  const others = { summary: never, invocations: never, errors: never, changes: never };
  const stats: Stats = { timeline, ...others, commandNames: () => ['ping'] };
  return { asked, limited: limitQuestions(stats) };
}

const ANSWER: Timeline = { stepMs: 1, points: [] };

it('asks four at once, and the others in their order as answers come', async () => {
  const { asked, limited } = statistics();
  const answers = Array.from({ length: 6 }, () => limited.timeline({ period: '1h' }));
  await soon();
  expect(asked).toHaveLength(4);
  for (let answered = 0; answered < 6; answered += 1) {
    asked[answered]?.(ANSWER);
    await soon();
  }
  expect(await Promise.all(answers)).toEqual(Array(6).fill(ANSWER));
});

it('refuses what would wait behind sixty others, and takes questions again afterwards', async () => {
  const { asked, limited } = statistics();
  const answers = Array.from({ length: 64 }, () => limited.timeline({ period: '1h' }));
  await expect(limited.timeline({ period: '1h' })).rejects.toThrow(StoreUnavailableError);
  for (let answered = 0; answered < 64; answered += 1) {
    await soon();
    asked[answered]?.(ANSWER);
  }
  await Promise.all(answers);
  const again = limited.timeline({ period: '1h' });
  await soon();
  asked[64]?.(ANSWER);
  expect(await again).toBe(ANSWER);
});

it('makes room also for a question after one that failed', async () => {
  const { limited } = statistics();
  for (let n = 0; n < 10; n += 1)
    await expect(limited.summary({ period: '1h' })).rejects.toThrow('not asked');
});

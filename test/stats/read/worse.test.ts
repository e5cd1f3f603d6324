import { isWorse } from '../../../src/stats/read/worse';
import { randomFrom } from './support';

/** How many of so many runs have an event that comes with this probability. */
function drawEvents(random: () => number, runs: number, probability: number): number {
  if (probability > 0.5) return runs - drawEvents(random, runs, 1 - probability);
  const mean = runs * probability;
  if (mean > 30) {
    const normal = Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
    const spread = Math.sqrt(mean * (1 - probability));
    return Math.min(runs, Math.max(0, Math.round(mean + normal * spread)));
  }
  // From one event to the next: how many runs that takes is drawn from a geometric distribution.
  let events = -1;
  for (let run = 0; run <= runs; events += 1) {
    run += 1 + Math.floor(Math.log(random()) / Math.log(1 - probability));
  }
  return events;
}

/** The share of draws that are called worse. */
function shareWorse(
  draws: number,
  [runs, probability]: readonly [runs: number, probability: number],
  [runsBefore, probabilityBefore]: readonly [runs: number, probability: number],
): number {
  const random = randomFrom(17);
  let worse = 0;
  for (let draw = 0; draw < draws; draw += 1) {
    const events = drawEvents(random, runs, probability);
    const before = drawEvents(random, runsBefore, probabilityBefore);
    if (isWorse({ events, runs }, { events: before, runs: runsBefore })) worse += 1;
  }
  return worse / draws;
}

describe('worse than before', () => {
  it('is said of equal rates in fewer than one of 1000 draws, whether few runs or many, often or seldom', () => {
    const wrong: unknown[] = [];
    for (const probability of [0.002, 0.02, 0.3, 0.7, 0.98]) {
      for (const runs of [20, 1_000, 100_000]) {
        for (const runsBefore of [20, 1_000, 100_000]) {
          const share = shareWorse(2_000, [runs, probability], [runsBefore, probability]);
          if (share >= 0.001) wrong.push({ probability, runs, runsBefore, share });
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it.each([
    { probability: 0.05, runs: 1_750, runsBefore: 1_750 },
    { probability: 0.05, runs: 1_000, runsBefore: 10_000 },
    { probability: 0.01, runs: 9_200, runsBefore: 9_200 },
    { probability: 0.01, runs: 5_200, runsBefore: 52_000 },
  ])('is said of a doubling in 95 of 100 draws: $probability of $runs runs', (given) => {
    const { probability, runs, runsBefore } = given;
    expect(shareWorse(2_000, [runs, 2 * probability], [runsBefore, probability])).toBeGreaterThan(0.95);
    // From a quarter of them on it is a matter of luck.
    expect(shareWorse(2_000, [runs / 4, 2 * probability], [runsBefore / 4, probability])).toBeLessThan(0.5);
  });

  it('is said of what began to happen, and not of a handful, nor of a little more among millions', () => {
    const before = { events: 0, runs: 1_000 };
    expect(isWorse({ events: 30, runs: 1_000 }, before)).toBe(true);
    expect(isWorse({ events: 4, runs: 4 }, { events: 0, runs: 1_000_000 })).toBe(false);
    expect(isWorse({ events: 5, runs: 5 }, { events: 0, runs: 1_000_000 })).toBe(true);
    expect(isWorse({ events: 140_000, runs: 1_000_000 }, { events: 100_000, runs: 1_000_000 })).toBe(false);
    expect(isWorse({ events: 160_000, runs: 1_000_000 }, { events: 100_000, runs: 1_000_000 })).toBe(true);
    expect(isWorse({ events: 100, runs: 1_000 }, { events: 200, runs: 1_000 })).toBe(false);
  });

  it('is said of a command that fails nearly always since, after few runs', () => {
    expect(isWorse({ events: 13, runs: 13 }, { events: 2, runs: 20 })).toBe(true);
    expect(isWorse({ events: 39, runs: 40 }, { events: 16, runs: 40 })).toBe(true);
    expect(isWorse({ events: 100, runs: 100 }, { events: 70, runs: 100 })).toBe(true);
    expect(isWorse({ events: 75, runs: 100 }, { events: 70, runs: 100 })).toBe(false);
    expect(isWorse({ events: 5, runs: 5 }, { events: 2, runs: 5 })).toBe(false);
  });

  it('is said, and not doubted, where pieces count an event more than runs', () => {
    expect(isWorse({ events: 101, runs: 100 }, { events: 2, runs: 100 })).toBe(true);
  });

  it('is said of nothing where nothing ran', () => {
    expect(isWorse({ events: 0, runs: 0 }, { events: 5, runs: 10 })).toBe(false);
    expect(isWorse({ events: 50, runs: 50 }, { events: 0, runs: 0 })).toBe(false);
  });
});

import { createIdentifyBudget } from '../../../src/discord/gateway/identify-budget';
import { DAY, HOUR, START } from './support';

/** How many sessions may still be started. */

function opened(remaining: number) {
  const clock = { now: START };
  const budget = createIdentifyBudget(() => clock.now);
  budget.told({ total: 1000, remaining, reset_after: 6 * HOUR });
  return { budget, clock };
}

it('nothing is known before Discord has said it, and nothing is warned of', () => {
  const budget = createIdentifyBudget(() => START);
  budget.spent();
  expect(budget.remaining()).toBeNull();
  expect(budget.runsLow(1)).toBe(false);
});

it('each session counts down from what Discord said, and an answer from a cache changes nothing', () => {
  const budget = createIdentifyBudget(() => START);
  const said = { total: 1000, remaining: 500, reset_after: HOUR };
  budget.told(said);
  budget.spent();
  budget.spent();
  budget.told(said);
  expect(budget.remaining()).toBe(498);
  budget.told({ ...said, remaining: 490 });
  expect(budget.remaining()).toBe(490);
});

it('it is full again when Discord’s day is over, on every later day too', () => {
  const { budget, clock } = opened(3);
  clock.now += 6 * HOUR - 1;
  expect(budget.remaining()).toBe(3);
  clock.now += 1;
  expect(budget.remaining()).toBe(1000);
  budget.spent();
  expect(budget.remaining()).toBe(999);
  clock.now += 3 * DAY;
  expect(budget.remaining()).toBe(1000);
});

it('it never falls below 0', () => {
  const { budget } = opened(1);
  budget.spent();
  budget.spent();
  expect(budget.remaining()).toBe(0);
});

it('it warns once when less than a tenth is left, and once more on the next day', () => {
  const { budget, clock } = opened(101);
  const warnings: boolean[] = [];
  for (let i = 0; i < 3; i += 1) {
    budget.spent();
    warnings.push(budget.runsLow(1));
  }
  expect(warnings).toEqual([false, true, false]);
  clock.now += DAY;
  for (let i = 0; i < 901; i += 1) budget.spent();
  expect(budget.runsLow(1)).toBe(true);
});

it('it warns when not all shards could be started twice', () => {
  expect(opened(300).budget.runsLow(150)).toBe(false);
  expect(opened(299).budget.runsLow(150)).toBe(true);
});

import { createTimestamps } from '../../src/logging/timestamps';

it('are those of the standard, whatever second came before: a wrong one sends a reader to the wrong line', () => {
  const timestampOf = createTimestamps();
  const day = Date.UTC(2026, 10, 21, 23, 59, 59, 0);
  const times = [0, 7, 42, 999, 1000, -1, -1000, day, day + 999, day + 1000, day + 5, 0, 1.5, 4e12 + 90];
  for (let at = day - 5000; at < day + 5000; at += 37) times.push(at, day);
  for (const at of times) expect(timestampOf(at)).toBe(new Date(at).toISOString());
});

import { createCooldowns } from '../../src/discord/cooldowns';

function cooldownsAt(now = 1_000_000) {
  const clock = { now };
  return { clock, cooldowns: createCooldowns(() => clock.now) };
}

it('a user waits until the cooldown ends, to the millisecond, and is told when that is', () => {
  const { cooldowns, clock } = cooldownsAt();
  expect(cooldowns.begin('ping', 'kim', 5)).toBeNull();
  clock.now += 4999;
  expect(cooldowns.begin('ping', 'kim', 5)).toBe(1_005_000);
  clock.now += 1;
  expect(cooldowns.begin('ping', 'kim', 5)).toBeNull();
});

it('who tries too early is not made to wait longer for it', () => {
  const { cooldowns, clock } = cooldownsAt();
  cooldowns.begin('ping', 'kim', 5);
  clock.now += 3000;
  cooldowns.begin('ping', 'kim', 5);
  expect(cooldowns.begin('ping', 'kim', 5)).toBe(1_005_000);
});

it('one user’s cooldown on one command is nobody else’s and no other’s', () => {
  const { cooldowns } = cooldownsAt();
  expect(cooldowns.begin('ping', 'kim', 5)).toBeNull();
  expect(cooldowns.begin('pong', 'kim', 5)).toBeNull();
  expect(cooldowns.begin('ping', 'jun', 5)).toBeNull();
});

it('what is over is forgotten: memory holds as many as go on at a time, and not all there ever were', () => {
  const sizes = mapSizes();
  const { cooldowns, clock } = cooldownsAt();
  for (let user = 0; user < 100_000; user += 1) {
    cooldowns.begin('ping', `${user}`, 1);
    clock.now += 1; // A thousand users a second: a thousand cooldowns go on at any time.
  }
  sizes.restore();
  expect(sizes.largest).toBeGreaterThanOrEqual(1000);
  expect(sizes.largest).toBeLessThanOrEqual(2500);
});

it('what goes on is not forgotten, however many there are', () => {
  const { cooldowns, clock } = cooldownsAt();
  for (let user = 0; user < 5000; user += 1) cooldowns.begin('ping', `${user}`, 3600);
  clock.now += 1000;
  const waiting = Array.from({ length: 5000 }, (_, user) => cooldowns.begin('ping', `${user}`, 3600));
  expect(waiting.filter((end) => end === null)).toEqual([]);
});

/** Keeps the most entries that any map has, until it is restored. */
function mapSizes(): { readonly largest: number; readonly restore: () => void } {
  let largest = 0;
  class MeasuredMap<Key, Value> extends Map<Key, Value> {
    override set(key: Key, value: Value): this {
      super.set(key, value);
      largest = Math.max(largest, this.size);
      return this;
    }
  }
  const plain = globalThis.Map;
  globalThis.Map = MeasuredMap;
  return {
    get largest() {
      return largest;
    },
    restore: () => void (globalThis.Map = plain),
  };
}

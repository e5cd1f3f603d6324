import { createEventLoopWatch, type EventLoopWatch } from '../../src/telemetry/event-loop';

/** Stalls of the event loop: a real loop that is really blocked, and a clock of the test's own. */

const block = (ms: number): void => {
  for (const end = performance.now() + ms; performance.now() < end;);
};

describe('a loop that is really blocked', () => {
  let watch: EventLoopWatch;
  beforeEach(() => (watch = createEventLoopWatch({ monotonic: () => performance.now() })));
  afterEach(() => watch.close());

  it('is known to be blocked while it still is: whoever asks runs before any timer', async () => {
    await new Promise((resolve) => setTimeout(resolve, 60));
    const from = performance.now();
    block(250);
    const blocked = watch.blockedSecondsBetween(from, performance.now());
    expect(blocked).toBeGreaterThan(0.19);
    expect(blocked).toBeLessThanOrEqual((performance.now() - from) / 1000);
  });

  it('is known to have been blocked later on, and counted once', async () => {
    const from = performance.now();
    block(250);
    await new Promise((resolve) => setTimeout(resolve, 80));
    block(150);
    const blocked = watch.blockedSecondsBetween(from, performance.now());
    expect(blocked).toBeGreaterThan(0.25);
    expect(blocked).toBeLessThanOrEqual((performance.now() - from) / 1000);
  });
});

describe('on a clock of the test’s', () => {
  let now = 0;
  let watch: EventLoopWatch;
  beforeEach(() => {
    now = 0;
    jest.useFakeTimers();
    watch = createEventLoopWatch({ monotonic: () => now });
  });
  afterEach(() => {
    watch.close();
    jest.useRealTimers();
  });

  /** One look at the clock, so long after the one before. */
  function pass(ms: number): void {
    now += ms;
    jest.advanceTimersByTime(50);
  }

  it('a loop that runs has not been blocked, though timers are never punctual', () => {
    for (let i = 0; i < 100; i += 1) pass(50 + (i % 50));
    expect(watch.blockedSecondsBetween(0, now)).toBe(0);
  });

  it('a stall counts from when the clock was to be looked at, and only what of it lies in the time', () => {
    pass(50);
    pass(1000);
    pass(50);
    expect(watch.blockedSecondsBetween(0, now)).toBe(0.95); // 100 to 1,050.
    expect(watch.blockedSecondsBetween(500, 700)).toBe(0.2);
    expect(watch.blockedSecondsBetween(1050, 5000)).toBe(0);
    expect(watch.blockedSecondsBetween(900, 100)).toBe(0);
  });

  it('stalls without end take no memory without end, and the newest are known', () => {
    for (let i = 0; i < 5000; i += 1) pass(150);
    expect(watch.blockedSecondsBetween(0, now)).toBeCloseTo(102.4, 9); // 1,024 of 0.1 s.
    expect(watch.blockedSecondsBetween(now - 1500, now)).toBeCloseTo(1, 9);
  });

  it('is still when it is closed', () => {
    watch.close();
    expect(jest.getTimerCount()).toBe(0);
  });
});

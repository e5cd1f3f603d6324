import { createLosses } from '../../src/sentry/losses';
import { createOutbox, type Outbox } from '../../src/sentry/outbox';
import type { Message } from '../../src/post/message';
import { until } from '../logging/support';
import { keepingLogger } from '../pipeline/support';
import { START } from '../stats/support';
import { startReceiver, type Answer, type Receiver } from './receiver';

/** The queue before Sentry: what it takes, what it sends when, and what it keeps in memory. */

const KILOBYTE = 1024;
const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function stage(answer?: () => Answer | null) {
  const receiver = await startReceiver(answer);
  opened.push(() => receiver.close());
  let at = START;
  const now = (): number => at;
  const { logger } = keepingLogger();
  const losses = createLosses({ logger, dsn: receiver.dsn, redact: (text) => text, now });
  const outbox = createOutbox({
    requestLimitMs: 10_000,
    now,
    lost: losses.lost,
    recovered: losses.over,
  });
  opened.push(() => {
    outbox.takeAll();
    outbox.close();
  });
  return { receiver, outbox, lost: losses.counts, pass: (ms: number) => void (at += ms) };
}

const NONE = { queue_full: 0, send_failed: 0, rate_limited: 0, closed: 0 };

function message({ dsn }: Receiver, name: string, bytes = 0): Message {
  const body = Buffer.from(`<${name}>`.padEnd(bytes));
  return { url: new URL('/api/1/envelope/', dsn).href, headers: {}, body, tls: {} };
}

/** Adds while there is room; gives how many it took. */
function fill(outbox: Outbox, receiver: Receiver, bytes: number): number {
  for (let count = 0; count < 5000; count += 1) {
    if (outbox.refusal() !== null) return count;
    outbox.add(message(receiver, String(count), bytes));
  }
  return Infinity;
}

const namesIn = (text: string): string[] => [...text.matchAll(/<(\w+)>/g)].map(([, name = '']) => name);

it('a burst arrives whole, at a Sentry that is well', async () => {
  const { receiver, outbox, lost } = await stage();
  for (let count = 0; count < 300; count += 1) outbox.add(message(receiver, String(count)));
  expect(await outbox.flush(5000)).toBe(0);
  const names = namesIn(receiver.text());
  expect(new Set(names)).toEqual(new Set(Array.from({ length: 300 }, (_, count) => String(count))));
  expect(names).toHaveLength(300);
  expect(lost()).toEqual(NONE);
});

it('what came first is sent first', async () => {
  const { receiver, outbox } = await stage(() => null);
  for (let count = 0; count < 80; count += 1) outbox.add(message(receiver, String(count)));
  await until(() => receiver.requests() === 64);
  const sent = namesIn(receiver.text()).map(Number);
  expect(sent.sort((one, other) => one - other)).toEqual(Array.from({ length: 64 }, (_, count) => count));
});

it.each([
  ['many', 0, 1064],
  ['large', 60 * KILOBYTE, Math.ceil((8 * KILOBYTE) / 60)],
])('when Sentry hangs, so %s ones wait and no more, or memory would not end', async (_, bytes, room) => {
  const { receiver, outbox } = await stage(() => null);
  expect(fill(outbox, receiver, bytes)).toBe(room);
  expect(outbox.refusal()).toBe('queue_full');
  outbox.takeAll();
  expect(outbox.refusal()).toBeNull();
  expect(fill(outbox, receiver, bytes)).toBe(room);
});

it('there is room again for what has been sent, or has failed', async () => {
  let status = 200;
  const { receiver, outbox, lost } = await stage(() => ({ status }));
  for (status of [200, 500, 200]) {
    const room = fill(outbox, receiver, 60 * KILOBYTE);
    expect(room).toBe(137);
    await outbox.flush(5000);
  }
  expect(lost()).toEqual({ ...NONE, send_failed: 137 });
});

it('what waits is not sent to a Sentry that says that it is too much', async () => {
  const { receiver, outbox, lost } = await stage(() => ({ status: 429, headers: { 'retry-after': '60' } }));
  for (let count = 0; count < 500; count += 1) outbox.add(message(receiver, String(count)));
  expect(await outbox.flush(5000)).toBe(0);
  expect(lost()).toEqual({ ...NONE, rate_limited: 500 });
  expect(receiver.requests()).toBeLessThan(200);
  expect(outbox.refusal()).toBe('rate_limited');
});

it('a Sentry that wants a year of silence is asked again after an hour', async () => {
  const { receiver, outbox, pass } = await stage(() => ({
    status: 429,
    headers: { 'retry-after': '31536000' },
  }));
  outbox.add(message(receiver, 'first'));
  await until(() => outbox.refusal() === 'rate_limited');
  pass(3_599_000);
  expect(outbox.refusal()).toBe('rate_limited');
  pass(1000);
  expect(outbox.refusal()).toBeNull();
});

it('a clock that is set back does not silence it', async () => {
  const { receiver, outbox, pass } = await stage(() => ({ status: 429 }));
  outbox.add(message(receiver, 'first'));
  await until(() => outbox.refusal() === 'rate_limited');
  pass(-86_400_000);
  expect(outbox.refusal()).toBeNull();
});

it('at the exit what a Sentry that hangs has not taken is counted, each once, and waited for no longer', async () => {
  const { receiver, outbox, lost } = await stage(() => null);
  for (let count = 0; count < 100; count += 1) outbox.add(message(receiver, String(count)));
  const before = performance.now();
  expect(await outbox.flush(100)).toBe(100);
  expect(performance.now() - before).toBeLessThan(1500);
  expect(lost()).toEqual({ ...NONE, closed: 100 });
  expect(await outbox.flush(5000)).toBe(0);
});

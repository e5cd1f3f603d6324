import { setImmediate as soon } from 'node:timers/promises';
import type { InvocationRow } from '../../src/stats/invocation-row';
import { createWriteQueue } from '../../src/stats/write-queue';

/** What waits for the database: in order, bounded, and never twice or not at all. */

const row = (at: number): InvocationRow => ({
  at,
  receivedAt: at,
  command: 'ping',
  kind: 'chat_input',
  outcome: 'ok',
  reason: null,
  fingerprint: null,
  message: null,
  guildId: null,
  userId: '1',
  durationSeconds: 0.1,
  ackSeconds: 0.1,
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  shard: 0,
});

function open(limits: { capacity?: number; batchRows?: number } = {}) {
  const sent: { seq: number; at: number[] }[] = [];
  const queue = createWriteQueue({
    send: ({ seq, rows }) => sent.push({ seq, at: rows.map(({ at }) => at) }),
    monotonic: () => 7,
    windowMs: 10_000,
    capacity: limits.capacity ?? 100,
    batchRows: limits.batchRows ?? 3,
  });
  const add = (...times: number[]): void => times.forEach((at) => queue.add(row(at)));
  return { queue, sent, add };
}

it('sends rows in the order they came, one batch at a time', () => {
  const { queue, sent, add } = open();
  add(1, 2, 3, 4, 5);
  queue.flush();
  queue.flush();
  expect(sent).toEqual([{ seq: 1, at: [1, 2, 3] }]);
  expect(queue.outSince).toBe(7);
  expect(queue.settle(1)).toBe(3);
  expect(sent.at(-1)).toEqual({ seq: 2, at: [4, 5] });
});

it('sends a batch again under its own number when whoever had it is gone, so that it can be told apart', () => {
  const { queue, sent, add } = open();
  add(1);
  queue.flush();
  add(2);
  queue.resend();
  expect(sent).toEqual([
    { seq: 1, at: [1] },
    { seq: 1, at: [1] },
  ]);
});

it('counts what finds no room, and takes rows again once there is some', () => {
  const { queue, sent, add } = open({ capacity: 3 });
  add(1, 2, 3, 4, 5);
  expect([queue.waiting, queue.droppedFull, queue.outSince]).toEqual([3, 2, null]);
  queue.flush();
  queue.settle(1);
  add(6);
  queue.flush();
  expect(sent.at(-1)).toEqual({ seq: 2, at: [6] });
});

it('tells whoever waits only when all that was queued by then is written', async () => {
  const { queue, add } = open();
  add(1, 2, 3, 4);
  let done = false;
  const settled = queue.settled().then(() => (done = true));
  queue.settle(1);
  await soon();
  expect(done).toBe(false);
  add(5);
  queue.settle(2);
  await settled;
  expect(queue.waiting).toBe(1);
});

it('ignores an answer to a batch that is not out', () => {
  const { queue, sent, add } = open();
  add(1);
  queue.flush();
  expect(queue.settle(7)).toBe(0);
  expect([queue.waiting, sent.length]).toEqual([1, 1]);
});

it('says how many rows are lost when it is given up', () => {
  const { queue, add } = open();
  add(1, 2, 3, 4);
  queue.flush();
  expect(queue.abandon()).toBe(4);
  expect(queue.waiting).toBe(0);
});

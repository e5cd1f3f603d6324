import { AsyncLocalStorage } from 'node:async_hooks';
import { createBatches, type Batches, type BatchOptions, type Loss } from '../../src/tracing/batches';
import type { Span, Trace } from '../../src/tracing/span';
import { waitFor } from '../discord/support';

/** What waits for the exporter: bounded, counted, and never in the way. */

interface Setting {
  readonly batches: Batches;
  readonly sent: string[][];
  readonly losses: { readonly loss: Loss; readonly traces: number; readonly error: unknown }[];
}

const opened: Batches[] = [];
afterEach(async () => {
  for (const batches of opened.splice(0)) await batches.close();
});

/** By default a batch is sent only when it is full. */
function open(options: Partial<BatchOptions> = {}): Setting {
  const sent: string[][] = [];
  const losses: Setting['losses'] = [];
  const batches = createBatches({
    maxSize: 20,
    maxBatchSize: 5,
    delayMs: 60_000,
    exportTimeoutMs: 60_000,
    closeLimitMs: 50,
    lost: (loss, traces, error) => void losses.push({ loss, traces, error }),
    ...options,
    send: async (spans) => {
      sent.push(spans.map(({ spanId }) => spanId));
      await options.send?.(spans);
    },
  });
  opened.push(batches);
  return { batches, sent, losses };
}

function trace(name: string, length = 1): Trace {
  const span: Span = {
    traceId: name,
    spanId: name,
    parentSpanId: null,
    name,
    kind: 'server',
    startedAt: 0,
    endedAt: 0,
    attributes: {},
    moments: [],
    link: null,
    isError: false,
  };
  return Array.from({ length }, () => span);
}
const names = 'abcdefghijklmnopqrstuvwxyz'.split('');
const hang = (): Promise<void> => new Promise(() => undefined);

it('sends a full batch at once, and fewer spans when they have waited long enough', async () => {
  const { batches, sent } = open({ delayMs: 10 });
  for (const name of names.slice(0, 5)) batches.add(trace(name));
  await waitFor(() => sent.length === 1);
  expect(sent).toEqual([['a', 'b', 'c', 'd', 'e']]);
  batches.add(trace('f'));
  await waitFor(() => sent.length === 2);
  expect(sent[1]).toEqual(['f']);
});

it('never tears a trace, and never sends more than a batch but for one that is longer by itself', async () => {
  const { batches, sent } = open({ closeLimitMs: 1000 });
  for (const [name, length] of [
    ['a', 2],
    ['b', 2],
    ['c', 2],
    ['d', 7],
    ['e', 1],
  ] as const) {
    batches.add(trace(name, length));
  }
  await batches.close();
  expect(sent.map((spans) => spans.join(''))).toEqual(['aabb', 'cc', 'ddddddd', 'e']);
});

it('counts what finds no room while the other side is slow, and holds no more than it may', async () => {
  const { batches, sent, losses } = open({ send: hang });
  for (let count = 0; count < 100; count += 1) batches.add(trace('x'));
  expect(sent.flat()).toHaveLength(5);
  // Five are on their way, twenty wait.
  expect(losses.filter(({ loss }) => loss === 'queue_full')).toHaveLength(75);
  await batches.close();
  expect(losses.at(-1)).toMatchObject({ loss: 'closed', traces: 25 });
});

it('counts what was not taken, with the reason, and goes on with the next batch', async () => {
  const refusal = new Error('500');
  let refuse = true;
  const { batches, sent, losses } = open({
    send: () => (refuse ? Promise.reject(refusal) : Promise.resolve()),
  });
  for (const name of names.slice(0, 5)) batches.add(trace(name));
  await waitFor(() => losses.length === 1);
  expect(losses).toEqual([{ loss: 'export_failed', traces: 5, error: refusal }]);
  refuse = false;
  batches.add(trace('f', 5));
  await waitFor(() => sent.length === 2);
  await batches.close();
  expect(losses).toHaveLength(1);
});

it('gives up a batch that takes too long, and does not wait for it with the next', async () => {
  const { batches, sent, losses } = open({ exportTimeoutMs: 10, send: hang });
  batches.add(trace('a', 5));
  await waitFor(() => losses.length === 1);
  expect(losses[0]).toMatchObject({ loss: 'export_failed', traces: 1 });
  batches.add(trace('b', 5));
  await waitFor(() => sent.length === 2);
});

it('sends all that waits at the end, batch by batch, also while one is on its way', async () => {
  let finish: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => (finish = resolve));
  const { batches, sent, losses } = open({ closeLimitMs: 5000, send: () => slow });
  for (const name of names.slice(0, 13)) batches.add(trace(name));
  const closed = batches.close();
  finish();
  await closed;
  expect(sent.flat()).toEqual(names.slice(0, 13));
  expect(losses).toEqual([]);
});

it('ends in time whatever the other side does, and counts once what did not get there', async () => {
  const { batches, losses } = open({ closeLimitMs: 30, exportTimeoutMs: 60, send: hang });
  for (const name of names.slice(0, 7)) batches.add(trace(name));
  const before = performance.now();
  await batches.close();
  expect(performance.now() - before).toBeLessThan(1000);
  batches.add(trace('late'));
  await new Promise((resolve) => setTimeout(resolve, 80)); // Past the limit of the export, which says nothing more.
  expect(losses.map(({ loss, traces }) => [loss, traces])).toEqual([
    ['closed', 7],
    ['closed', 1],
  ]);
});

it('sends in nobody’s name, so that no export is taken for a request of the command that filled the batch', async () => {
  const context = new AsyncLocalStorage<string>();
  const seen: unknown[] = [];
  const { batches } = open({ send: () => Promise.resolve(void seen.push(context.getStore())) });
  context.run('a command', () => batches.add(trace('a', 5)));
  await waitFor(() => seen.length === 1);
  expect(seen).toEqual([undefined]);
});

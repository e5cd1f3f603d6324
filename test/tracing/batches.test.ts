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
  for (const batches of opened.splice(0)) await batches.close(50);
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
    sent: () => undefined,
    lost: (loss, traces, error) => void losses.push({ loss, traces, error }),
    ...options,
    send: async (spans, signal) => {
      sent.push(spans.map(({ spanId }) => spanId));
      return (await options.send?.(spans, signal)) ?? null;
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
    errorMessage: null,
  };
  return Array.from({ length }, () => span);
}
const names = 'abcdefghijklmnopqrstuvwxyz'.split('');
const hang = (): Promise<null> => new Promise(() => undefined);

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
  const { batches, sent } = open();
  for (const [name, length] of [
    ['a', 2],
    ['b', 2],
    ['c', 2],
    ['d', 7],
    ['e', 1],
  ] as const) {
    batches.add(trace(name, length));
  }
  await batches.close(1000);
  expect(sent.map((spans) => spans.join(''))).toEqual(['aabb', 'cc', 'ddddddd', 'e']);
});

it('counts what finds no room while the other side is slow, and holds no more than it may', async () => {
  const { batches, sent, losses } = open({ send: hang });
  for (let count = 0; count < 100; count += 1) batches.add(trace('x'));
  expect(sent.flat()).toHaveLength(5);
  // Five are on their way, twenty wait.
  expect(losses.filter(({ loss }) => loss === 'queue_full')).toHaveLength(75);
  await batches.close(50);
  expect(losses.at(-1)).toMatchObject({ loss: 'closed', traces: 25 });
});

it('counts what was not taken, with the reason, and goes on with the next batch', async () => {
  const refusal = new Error('500');
  let refuse = true;
  const { batches, sent, losses } = open({
    send: () => (refuse ? Promise.reject(refusal) : Promise.resolve(null)),
  });
  for (const name of names.slice(0, 5)) batches.add(trace(name));
  await waitFor(() => losses.length === 1);
  expect(losses).toEqual([{ loss: 'export_failed', traces: 5, error: refusal }]);
  refuse = false;
  batches.add(trace('f', 5));
  await waitFor(() => sent.length === 2);
  await batches.close(50);
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
  let finish: (taken: null) => void = () => undefined;
  const slow = new Promise<null>((resolve) => (finish = resolve));
  const { batches, sent, losses } = open({ send: () => slow });
  for (const name of names.slice(0, 13)) batches.add(trace(name));
  const closed = batches.close(5000);
  finish(null);
  await closed;
  expect(sent.flat()).toEqual(names.slice(0, 13));
  expect(losses).toEqual([]);
});

it('ends in time whatever the other side does, and counts once what did not get there', async () => {
  const { batches, losses } = open({ exportTimeoutMs: 60, send: hang });
  for (const name of names.slice(0, 7)) batches.add(trace(name));
  const before = performance.now();
  await batches.close(30);
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
  const { batches } = open({
    send: () => {
      seen.push(context.getStore());
      return Promise.resolve(null);
    },
  });
  context.run('a command', () => batches.add(trace('a', 5)));
  await waitFor(() => seen.length === 1);
  expect(seen).toEqual([undefined]);
});

it('counts the traces that were refused while others were taken, and no more of them than there were', async () => {
  const { batches, losses } = open({
    send: (spans) => Promise.resolve({ spans: spans.length, message: 'too old' }),
  });
  batches.add(trace('a', 3));
  batches.add(trace('b', 2));
  await waitFor(() => losses.length === 1);
  expect(losses).toEqual([{ loss: 'rejected', traces: 2, error: new Error('too old') }]);
});

it('when a bot has nothing left to do, sends what waits, gives up in time, and goes on if the bot does', async () => {
  const signals: AbortSignal[] = [];
  const { batches, sent, losses } = open({
    send: (_, signal) => (signals.push(signal) > 1 ? Promise.resolve(null) : hang()),
  });
  for (const name of ['a', 'b', 'c']) batches.add(trace(name));
  expect(await batches.flush(20)).toBe(3);
  expect(losses).toEqual([{ loss: 'closed', traces: 3, error: undefined }]);
  expect(signals[0]?.aborted).toBe(true); // What is given up is not to hold the process.
  batches.add(trace('d'));
  expect(await batches.flush(1000)).toBe(0);
  expect(sent).toEqual([['a', 'b', 'c'], ['d']]);
  expect(losses).toHaveLength(1);
});

it('gives away what is on its way with what waits, so that an exit can send both', () => {
  const { batches, losses } = open({ send: hang });
  for (const name of names.slice(0, 8)) batches.add(trace(name));
  const batchesLeft = batches.takeAll().map((traces) => traces.map(([root]) => root?.name));
  expect(batchesLeft).toEqual([
    ['a', 'b', 'c', 'd', 'e'],
    ['f', 'g', 'h'],
  ]);
  expect(batches.takeAll()).toEqual([]);
  expect(losses).toEqual([]);
});

it('a queue that is smaller than a trace holds one all the same, and sends it at once', async () => {
  const { batches, sent, losses } = open({ maxSize: 1, maxBatchSize: 512 });
  batches.add(trace('a', 3));
  await waitFor(() => sent.length === 1);
  batches.add(trace('b', 3));
  batches.add(trace('c', 3));
  await batches.close(1000);
  expect(sent.map((spans) => spans.join(''))).toEqual(['aaa', 'bbb']);
  expect(losses.map(({ loss }) => loss)).toEqual(['queue_full']);
});

it('says when a batch was taken, and not of one that was refused', async () => {
  let taken = 0;
  const answers: (() => Promise<{ spans: number; message: string } | null>)[] = [
    () => Promise.reject(new Error('500')),
    () => Promise.resolve({ spans: 1, message: 'too old' }),
    () => Promise.resolve(null),
  ];
  const { batches, sent } = open({
    sent: () => void (taken += 1),
    send: () => answers.shift()?.() ?? Promise.resolve(null),
  });
  for (const name of ['a', 'b', 'c']) {
    batches.add(trace(name, 5));
    await waitFor(() => sent.flat().includes(name));
    await new Promise(setImmediate);
  }
  await batches.close(1000);
  expect(taken).toBe(1);
});

import { AsyncResource } from 'node:async_hooks';
import type { Span, Trace } from './span';
import { createTraceQueue } from './trace-queue';

/** Why a trace did not get there. */
export const LOSSES = ['queue_full', 'export_failed', 'closed'] as const;
export type Loss = (typeof LOSSES)[number];

export interface BatchOptions {
  /** Rejects where they were not taken. One call at a time. */
  readonly send: (spans: readonly Span[]) => Promise<void>;
  /** Spans that may wait; a trace that would be more is lost. */
  readonly maxSize: number;
  /** Spans that are sent at once. */
  readonly maxBatchSize: number;
  /** How long a trace waits for others. */
  readonly delayMs: number;
  /** How long a batch may take before the next one is sent. */
  readonly exportTimeoutMs: number;
  /** How long what waits may take at the end. */
  readonly closeLimitMs: number;
  /** Called for traces that are lost; for those of an export, with what was wrong. */
  readonly lost: (loss: Loss, traces: number, error?: unknown) => void;
}

export interface Batches {
  /** Takes a trace, whole or not at all. */
  add(this: void, trace: Trace): void;
  /** Sends what waits, and takes nothing more. What is not there within the limit is lost. Idempotent. */
  close(this: void): Promise<void>;
}

/** A bounded queue before the exporter, which sends in batches, one after the other. */
export function createBatches(options: BatchOptions): Batches {
  const { maxSize, maxBatchSize, delayMs, exportTimeoutMs, closeLimitMs, lost } = options;
  // Traces come within their invocations; what is done about them must not seem to be done by those.
  const outside = new AsyncResource('TelltaleTraces');
  const queue = createTraceQueue(maxSize);
  /** Traces of the batch that is on its way. */
  let underway = 0;
  let sending: Promise<void> | null = null;
  let closing: Promise<void> | null = null;
  let isOver = false;

  async function sendBatch(batch: readonly Trace[]): Promise<void> {
    underway = batch.length;
    try {
      await within(options.send(batch.flat()), exportTimeoutMs);
    } catch (error) {
      if (!isOver) lost('export_failed', batch.length, error);
    }
    underway = 0;
  }

  /** All that waits now, and then whole batches as long as there are any; at the end, until there is nothing. */
  async function sendWaiting(): Promise<void> {
    do await sendBatch(queue.take(maxBatchSize));
    while (!isOver && queue.spans() >= (closing === null ? maxBatchSize : 1));
    sending = null;
  }

  function send(): void {
    if (sending === null && queue.spans() > 0) sending = outside.runInAsyncScope(sendWaiting);
  }
  const timer = outside.runInAsyncScope(() => setInterval(send, delayMs).unref());

  async function close(): Promise<void> {
    clearInterval(timer);
    send();
    if (sending !== null) await within(sending, closeLimitMs).catch(() => undefined);
    isOver = true;
    const left = underway + queue.clear();
    if (left > 0) lost('closed', left);
  }

  return {
    add(trace) {
      if (closing !== null) lost('closed', 1);
      else if (!queue.add(trace)) lost('queue_full', 1);
      else if (queue.spans() >= maxBatchSize) send();
    },
    close: () => (closing ??= close()),
  };
}

async function within(promise: Promise<void>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    const late = (): void => reject(new Error(`it took longer than ${limitMs / 1000} s`));
    timer = setTimeout(late, limitMs).unref(); // No bot is to live on for its traces.
  });
  try {
    await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}

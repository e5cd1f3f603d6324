import { AsyncResource } from 'node:async_hooks';
import { within } from '../within';
import type { Rejected } from './otlp';
import type { Span, Trace } from './span';
import { createTraceQueue } from './trace-queue';

/** Why a trace did not get there. */
export const LOSSES = ['queue_full', 'export_failed', 'rejected', 'closed'] as const;
export type Loss = (typeof LOSSES)[number];

export interface BatchOptions {
  /** Rejects where they were not taken, and once the signal is aborted. One call at a time. */
  readonly send: (spans: readonly Span[], signal: AbortSignal) => Promise<Rejected | null>;
  /** Spans that may wait; a trace that would be more is lost, if another one waits. */
  readonly maxSize: number;
  /** Spans that are sent at once; no more than may wait. */
  readonly maxBatchSize: number;
  /** How long a trace waits for others. */
  readonly delayMs: number;
  /** How long a batch may take before the next one is sent. */
  readonly exportTimeoutMs: number;
  /** Called when a whole batch was taken. */
  readonly sent: () => void;
  /** Called for traces that are lost; for those of an export, with what was wrong. */
  readonly lost: (loss: Loss, traces: number, error?: unknown) => void;
}

export interface Batches {
  /** Takes a trace, whole or not at all. */
  add(this: void, trace: Trace): void;
  /**
   * Sends what waits, and keeps the process for it so long; what is not there by then is lost.
   *
   * @returns how many traces are.
   */
  flush(this: void, limitMs: number): Promise<number>;
  /** The same, and takes nothing more. Idempotent. */
  close(this: void, limitMs: number): Promise<void>;
  /** Gives away all that waits, in batches, with what is on its way: nobody knows whether that will arrive. */
  takeAll(this: void): readonly (readonly Trace[])[];
}

interface Underway {
  readonly traces: readonly Trace[];
  readonly ending: AbortController;
}

/** A bounded queue before the exporter, which sends in batches, one after the other. */
export function createBatches(options: BatchOptions): Batches {
  const { maxSize, delayMs, exportTimeoutMs, lost } = options;
  const maxBatchSize = Math.min(options.maxBatchSize, maxSize);
  // Traces come within their invocations; what is done about them must not seem to be done by those.
  const outside = new AsyncResource('TelltaleTraces');
  const queue = createTraceQueue(maxSize);
  let underway: Underway | null = null;
  let sending: Promise<void> | null = null;
  let closing: Promise<void> | null = null;
  let isFlushing = false;

  async function sendBatch(traces: readonly Trace[]): Promise<void> {
    const ending = new AbortController();
    underway = { traces, ending };
    const late = (): void => ending.abort(new Error(`it took longer than ${exportTimeoutMs / 1000} s`));
    const timer = setTimeout(late, exportTimeoutMs).unref();
    try {
      const answer = options.send(traces.flat(), ending.signal);
      const rejected = await Promise.race([answer, whenAborted(ending.signal)]);
      if (rejected === null) options.sent();
      else lost('rejected', Math.min(rejected.spans, traces.length), new Error(rejected.message));
    } catch (error) {
      if (isUnderway(ending)) lost('export_failed', traces.length, error);
    }
    clearTimeout(timer);
    if (isUnderway(ending)) underway = null;
  }
  const isUnderway = (ending: AbortController): boolean => underway?.ending === ending;

  /** All that waits now, and then whole batches as long as there are any; at the end, until there is nothing. */
  async function sendWaiting(): Promise<void> {
    do await sendBatch(queue.take(maxBatchSize));
    while (queue.spans() >= (isFlushing ? 1 : maxBatchSize));
    sending = null;
  }

  function send(): void {
    if (sending === null && queue.spans() > 0) sending = outside.runInAsyncScope(sendWaiting);
  }
  const timer = outside.runInAsyncScope(() => setInterval(send, delayMs).unref());

  function takeAll(): (readonly Trace[])[] {
    const taken = underway === null ? [] : [underway.traces];
    const ending = underway?.ending;
    underway = null;
    while (queue.spans() > 0) taken.push(queue.take(maxBatchSize));
    ending?.abort();
    return taken;
  }

  async function flush(limitMs: number): Promise<number> {
    isFlushing = true;
    send();
    if (sending !== null) await within(sending, limitMs);
    isFlushing = false;
    const left = takeAll().flat().length;
    if (left > 0) lost('closed', left);
    return left;
  }

  async function close(limitMs: number): Promise<void> {
    clearInterval(timer);
    await flush(limitMs);
  }

  return {
    add(trace) {
      if (closing !== null) lost('closed', 1);
      else if (!queue.add(trace)) lost('queue_full', 1);
      else if (queue.spans() >= maxBatchSize) send();
    },
    flush,
    close: (limitMs) => (closing ??= close(limitMs)),
    takeAll,
  };
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

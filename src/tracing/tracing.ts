import type { InvocationContext } from '../logging/context';
import type { Logger } from '../logging/logger';
import type { InvocationSettled, Sink } from '../telemetry/event';
import type { Leftovers } from '../post/post-at-exit';
import { createBatches, type Batches } from './batches';
import { openExporter, type Exporter, type ExporterOptions } from './exporter';
import { createLosses, type Losses } from './losses';
import { createOutgoing, type IsDiscord } from './outgoing';
import { createSampler, isTelling } from './sampling';
import { createSpans, type SpansOptions } from './spans';
import { noteQuestions, type Questions } from './store-questions';
import { watchHttp } from './watch-http';
import { watchUndici } from './watch-undici';

/** Tracing: one sink more, and two ears for what the events do not tell by themselves. */

export interface TracingOptions extends SpansOptions {
  readonly otlp: Omit<ExporterOptions, 'now'>;
  /** Part of the traces that is kept whatever comes of them; failures always are. */
  readonly ratio: number;
  readonly queue: {
    readonly delayMs: number;
    readonly maxSize: number;
    readonly maxBatchSize: number;
    readonly exportTimeoutMs: number;
  };
  readonly context: InvocationContext;
  /** To what it says yes, nothing is told, and nothing is noted of it. */
  readonly isDiscord: IsDiscord;
  readonly logger: Logger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
}

export interface Tracing {
  /** Its `close` also takes the ears off. */
  readonly sink: Sink;
  /** Whether there is, or will be, a trace of it. */
  isKept(this: void, event: InvocationSettled): boolean;
  /** Whether the ratio keeps a trace, whatever comes of its run. */
  isSampled(this: void, traceId: string): boolean;
  /** The same questions, which are noted with the invocation that asks them. */
  noteQuestions(this: void, questions: Questions): Questions;
  /** Sends what waits, and keeps the process for it so long. Gives how many traces are lost for that. */
  flush(this: void, limitMs: number): Promise<number>;
  /** What it sends, and where, for people. */
  readonly sends: string;
  /** What is still to be sent when the process exits. */
  leftovers(this: void): Leftovers;
}

/** What is sent at the end may take this long. */
const CLOSE_LIMIT_MS = 2000;

/** Opens tracing: OpenTelemetry's packages are loaded in the meantime, and what settles until then waits. */
export function openTracing(options: TracingOptions): Tracing {
  const { otlp, ratio, queue, context, logger, monotonic } = options;
  const isSampled = createSampler(ratio);
  const isKept = (event: InvocationSettled): boolean => isTelling(event) || isSampled(event.traceId);
  const running = () => context.getStore();
  const redact = (text: string): string => options.redact(text, []);
  const losses = createLosses({ logger, url: otlp.url, redact, monotonic });
  const exporter = openExporter({ ...otlp, now: options.now });
  const batches = createBatches({ ...queue, send: exporter.send, lost: losses.lost, sent: losses.over });
  const spansOf = createSpans(options);
  const outgoing = createOutgoing({ ...options, running, isSampled });
  const stops = [watchUndici(outgoing, options.isDiscord), watchHttp(outgoing, options.isDiscord)];
  async function flush(limitMs: number): Promise<number> {
    const ended = exporter.ending();
    const left = await batches.flush(limitMs);
    ended();
    return left;
  }
  return {
    isKept,
    isSampled,
    sends: `traces for ${new URL(otlp.url).host}`,
    flush,
    leftovers: () => leftoversOf(batches, exporter, losses.lost),
    noteQuestions: (questions) => noteQuestions(questions, { ...options, running }),
    sink: {
      name: 'traces',
      record(event) {
        if (event.type !== 'invocation_settled') return;
        if (isKept(event)) batches.add(spansOf(event));
      },
      dropped: losses.counts,
      async close() {
        for (const stop of stops.splice(0)) stop();
        const ended = exporter.ending();
        await batches.close(CLOSE_LIMIT_MS);
        ended();
        losses.close();
        exporter.close();
      },
    },
  };
}

function leftoversOf({ takeAll }: Batches, exporter: Exporter, lost: Losses['lost']): Leftovers {
  const batches = takeAll().map((traces) => ({ traces, message: exporter.message(traces.flat()) }));
  const ready = batches.flatMap(({ traces, message }) => (message === null ? [] : [{ traces, message }]));
  return {
    messages: ready.map(({ message }) => message),
    settle(areTaken) {
      const taken = ready.filter((_, index) => areTaken[index] === true);
      const count = (all: readonly { readonly traces: readonly unknown[] }[]): number =>
        all.reduce((sum, { traces }) => sum + traces.length, 0);
      const left = count(batches) - count(taken);
      if (left > 0) lost('closed', left);
      return left;
    },
  };
}

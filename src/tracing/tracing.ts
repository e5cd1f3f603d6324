import type { InvocationContext } from '../logging/context';
import type { Logger } from '../logging/logger';
import type { Sink } from '../telemetry/event';
import { createBatches } from './batches';
import { createLosses } from './losses';
import { loadOtlpExport, type OtlpOptions } from './otlp';
import { createOutgoing } from './outgoing';
import { createSampler, isTelling } from './sampling';
import { createSpans, type SpansOptions } from './spans';
import { noteQuestions, type Questions } from './store-questions';
import { watchHttp } from './watch-http';
import { watchUndici } from './watch-undici';

/** Tracing: one sink more, and two ears for what the events do not tell by themselves. */

export interface TracingOptions extends SpansOptions {
  readonly otlp: OtlpOptions;
  /** Part of the traces that is kept whatever comes of them; failures always are. */
  readonly ratio: number;
  readonly queue: {
    readonly delayMs: number;
    readonly maxSize: number;
    readonly maxBatchSize: number;
    readonly exportTimeoutMs: number;
  };
  readonly context: InvocationContext;
  /** Whether a host name, with its port where there is one, is Discord's. */
  readonly isDiscord: (host: string) => boolean;
  readonly logger: Logger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
}

export interface Tracing {
  /** Its `close` also takes the ears off. */
  readonly sink: Sink;
  /** The same questions, which are noted with the invocation that asks them. */
  noteQuestions(this: void, questions: Questions): Questions;
}

/** What is sent at the end may take this long. */
const CLOSE_LIMIT_MS = 2000;

/** Opens tracing: OpenTelemetry's packages are loaded in the meantime, and what settles until then waits. */
export function openTracing(options: TracingOptions): Tracing {
  const { otlp, ratio, queue, context, logger, monotonic } = options;
  const isSampled = createSampler(ratio);
  const running = () => context.getStore();
  const losses = createLosses({ logger, url: otlp.url, monotonic });
  const exporting = loadOtlpExport(otlp);
  exporting.catch(() => undefined); // Each batch says so.
  const batches = createBatches({
    ...queue,
    closeLimitMs: CLOSE_LIMIT_MS,
    send: async (spans) => (await exporting)(spans),
    lost: losses.lost,
  });
  const spansOf = createSpans(options);
  const outgoing = createOutgoing({ ...options, running, isSampled });
  const stops = [watchUndici(outgoing), watchHttp(outgoing)];
  return {
    noteQuestions: (questions) => noteQuestions(questions, { ...options, running }),
    sink: {
      name: 'traces',
      record(event) {
        if (event.type !== 'invocation_settled') return;
        if (isTelling(event) || isSampled(event.traceId)) batches.add(spansOf(event));
      },
      dropped: losses.counts,
      async close() {
        for (const stop of stops.splice(0)) stop();
        await batches.close();
      },
    },
  };
}

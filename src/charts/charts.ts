import { superviseThread } from '../supervise-thread';

export type ChartLocale = 'en' | 'ko';

/** Calls over time: plain data, complete with its words. */
export interface Chart {
  readonly kind: 'calls';
  /** In one line; cut short where it is wider than the chart. */
  readonly title: string;
  /** Oldest first, without gaps; meant for up to about a thousand. What is no finite number above 0 counts as 0. */
  readonly points: readonly ChartPoint[];
  /** Length of a step, in milliseconds. */
  readonly stepMs: number;
  readonly labels: {
    readonly ok: string;
    readonly refused: string;
    readonly failed: string;
    /** The sentence that stands in the place of calls where there were none. */
    readonly empty: string;
    readonly timeZone: 'UTC';
  };
  /** Of numbers and dates. */
  readonly locale: ChartLocale;
}

export interface ChartPoint {
  /** Where the step begins; milliseconds since the epoch. */
  readonly start: number;
  readonly ok: number;
  readonly refused: number;
  readonly failed: number;
}

export interface Charts {
  /**
   * Draws a PNG of 1600 × 680 pixels, opaque but for its round corners. Rejects with a ChartError if that takes over 2 s,
   * or cannot be done on this machine: whoever asked then answers without a picture.
   */
  draw(this: void, chart: Chart): Promise<Uint8Array>;
  /** Ends the thread; charts that wait, or come later, are rejected. */
  close(this: void): Promise<void>;
}

/** There is no picture. The message is a sentence for the operator. */
export class ChartError extends Error {
  override readonly name = 'ChartError';
}

export interface ChartsOptions {
  /** The compiled `thread.js`. */
  readonly threadFile: string;
  /** For how long the thread is kept without work; a minute without it. */
  readonly idleMs?: number;
  /** For how long somebody waits for a chart; 2000 without it. */
  readonly limitMs?: number;
}

/** What the thread that draws is told. */
export interface ToDrawing {
  readonly id: number;
  readonly chart: Chart;
}

/** What it answers. */
export type FromDrawing =
  | { readonly type: 'drawn'; readonly id: number; readonly png: Uint8Array<ArrayBuffer> }
  | { readonly type: 'failed'; readonly id: number; readonly detail: string };

interface Job {
  readonly message: ToDrawing;
  readonly timer: NodeJS.Timeout;
  readonly resolve: (png: Uint8Array) => void;
  readonly reject: (error: ChartError) => void;
}

/** Short of Discord's 3 s, so that whoever asked can still be answered. */
const LIMIT_MS = 2000;
const IDLE_MS = 60_000;
/** More than these at once would not be drawn in time on a slow machine. */
const WAITING_LIMIT = 20;

/** Draws in a thread that is started for the first chart: nothing else waits for it, and it costs nothing until then. */
export function createCharts(options: ChartsOptions): Charts {
  const { threadFile, idleMs = IDLE_MS, limitMs = LIMIT_MS } = options;
  // The first one is being drawn. The thread is handed one at a time: if it dies, that one alone is lost with it.
  const jobs: Job[] = [];
  let nextId = 1;
  let closed = false;
  let idle: NodeJS.Timeout | undefined;
  const thread = superviseThread<ToDrawing, FromDrawing>({
    file: threadFile,
    data: null,
    onMessage(message) {
      if (message.id !== jobs[0]?.message.id) return;
      if (message.type === 'drawn') finish(jobs[0], (job) => job.resolve(message.png));
      else fail(jobs[0], message.detail);
    },
    onDeath: ({ message }) => jobs[0] && fail(jobs[0], `the thread that draws ended: ${message}`),
  });

  function finish(job: Job, tell: (job: Job) => void): void {
    const [drawn] = jobs;
    clearTimeout(job.timer);
    jobs.splice(jobs.indexOf(job), 1);
    if (job === drawn) drawNext();
    tell(job);
  }

  function fail(job: Job, detail: string): void {
    finish(job, ({ reject }) => reject(new ChartError(`The chart was not drawn: ${detail}`)));
  }

  function drawNext(): void {
    if (jobs[0]) return thread.post(jobs[0].message);
    idle = setTimeout(() => void thread.end(), idleMs).unref();
  }

  function expire(job: Job): void {
    // Whatever it is at, it cannot be asked to stop.
    if (job === jobs[0]) void thread.end();
    fail(job, `it took longer than ${limitMs / 1000} s.`);
  }

  return {
    draw: (chart) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new ChartError('The charts are closed.'));
        if (jobs.length >= WAITING_LIMIT) {
          return reject(new ChartError(`${WAITING_LIMIT} charts are waiting to be drawn; try again later.`));
        }
        clearTimeout(idle);
        const timer = setTimeout(() => expire(job), limitMs);
        const job: Job = { message: { id: nextId++, chart }, timer, resolve, reject };
        if (jobs.push(job) === 1) drawNext();
      }),
    async close() {
      closed = true;
      clearTimeout(idle);
      for (const { timer, reject } of jobs.splice(0)) {
        clearTimeout(timer);
        reject(new ChartError('The charts are closed.'));
      }
      await thread.end();
    },
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { createGateMemory, shutGate } from './thread-gate';

/** A thread that is started when it is first needed, and again after it died. */
export interface Thread<In> {
  start(this: void): void;
  /** Hands it a message; starts it if it does not run. */
  post(message: In): void;
  readonly running: boolean;
  /** Ends it, after the call that it may be in; the next message starts another. */
  end(): Promise<void>;
}

/** What a thread finds as its `workerData`. */
export interface ThreadStart<Data> {
  readonly data: Data;
  /** For `gateOf`: calls that must not be cut off pass it. */
  readonly gate: SharedArrayBuffer;
}

export interface ThreadOptions<Out> {
  /** The compiled module that it runs. */
  readonly file: string;
  readonly data: unknown;
  readonly onMessage: (message: Out) => void;
  /** It ended by itself: whatever it was asked, and did not answer, is lost. */
  readonly onDeath: (error: Error) => void;
}

interface Running {
  readonly worker: Worker;
  readonly gate: SharedArrayBuffer;
  /** Ends with the process. */
  readonly onExit: () => void;
}

/** How long a call of a thread may keep it, or the process, from ending. */
const GATE_LIMIT_MS = 1000;

export function superviseThread<In, Out>(options: ThreadOptions<Out>): Thread<In> {
  const { file, data, onMessage, onDeath } = options;
  let running: Running | null = null;

  function start(): Running {
    const gate = createGateMemory();
    const worker = new Worker(file, { workerData: { data, gate } satisfies ThreadStart<unknown> });
    const started = { worker, gate, onExit: () => void shutGate(gate, GATE_LIMIT_MS) };
    let reason = new Error('it ended by itself');
    worker.on('message', (message: Out) => {
      if (running === started) onMessage(message);
    });
    worker.on('error', (error) => {
      reason = error instanceof Error ? error : new Error(String(error));
    });
    worker.on('exit', () => {
      process.removeListener('exit', started.onExit);
      if (running !== started) return;
      running = null;
      onDeath(reason);
    });
    process.once('exit', started.onExit);
    // The process need not stay for it: whoever has something to wait for waits for the answer.
    worker.unref();
    return started;
  }

  return {
    start() {
      running ??= start();
    },
    post(message) {
      running ??= start();
      running.worker.postMessage(message);
    },
    get running() {
      return running !== null;
    },
    async end() {
      const ended = running;
      running = null;
      if (ended !== null && (await waitForGate(ended.gate))) await ended.worker.terminate();
    },
  };
}

/** Waits until the thread is in no call. One that does not come out of it is left to itself: the process may end. */
async function waitForGate(gate: SharedArrayBuffer): Promise<boolean> {
  const until = performance.now() + GATE_LIMIT_MS;
  while (performance.now() < until) {
    if (shutGate(gate, 0)) return true;
    await sleep(5);
  }
  return false;
}

import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Message } from './message';

/** What the thread is handed. */
export interface ExitPosts {
  readonly messages: readonly Message[];
  /** How many have come to an end, and then for each whether it was taken: 1. */
  readonly gate: SharedArrayBuffer;
}

/** Of a process that is left waiting to be sent when it ends. */
export interface Leftovers {
  readonly messages: readonly Message[];
  /** Is told which were taken, and counts the others. Gives how many of its own units are lost. */
  settle(this: void, areTaken: readonly boolean[]): number;
}

/** The process's own. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Sends what several have left while their process exits, when its event loop does not turn any more: a thread does it,
 * and is waited for, at most so long.
 *
 * @returns how much is lost of each.
 */
export function sendAtExit(
  all: readonly Leftovers[],
  limitMs: number,
  environment: Environment,
): readonly number[] {
  const left = all.flatMap(({ messages }) => messages);
  const areTaken = [...postAtExit(left, limitMs, environment)];
  return all.map(({ messages, settle }) => settle(areTaken.splice(0, messages.length)));
}

/** Gives which were taken: answered with a 2xx in time. */
function postAtExit(
  messages: readonly Message[],
  limitMs: number,
  environment: Environment,
): readonly boolean[] {
  if (messages.length === 0) return [];
  const until = performance.now() + limitMs;
  const gate = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * (messages.length + 1));
  const states = new Int32Array(gate);
  try {
    const workerData: ExitPosts = { messages, gate };
    // What the process itself was started with, to be loaded first, is not for this thread.
    const env = { ...environment, NODE_OPTIONS: '' };
    new Worker(path.join(__dirname, 'exit-thread.js'), { workerData, execArgv: [], env }).unref();
    for (let ended = 0; ended < messages.length; ended = Atomics.load(states, 0)) {
      const leftMs = until - performance.now();
      if (leftMs <= 0) break;
      Atomics.wait(states, 0, ended, leftMs);
    }
  } catch {
    // A process that may have no thread loses them.
  }
  return messages.map((_, index) => Atomics.load(states, index + 1) === 1);
}

import { workerData } from 'node:worker_threads';
import { createPoster } from './post';
import type { ExitPosts } from './post-at-exit';

/** The thread that posts while its process exits: all at once, each one time. */

const { messages, gate } = workerData as ExitPosts;
const states = new Int32Array(gate);
const { head } = createPoster();

setInterval(() => undefined, 1000); // The posts by themselves do not keep a thread going either.
for (const [index, message] of messages.entries()) {
  const ended = (isTaken: boolean): void => {
    Atomics.store(states, index + 1, isTaken ? 1 : 0);
    Atomics.add(states, 0, 1);
    Atomics.notify(states, 0);
  };
  // Without a limit: the process ends the thread with itself.
  head(message, new AbortController().signal).then(
    ({ status }) => ended(status >= 200 && status < 300),
    () => ended(false),
  );
}

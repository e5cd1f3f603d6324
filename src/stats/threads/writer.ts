import { parentPort, workerData } from 'node:worker_threads';
import type { ThreadStart } from '../../supervise-thread';
import { gateOf } from '../../thread-gate';
import { createWriter } from '../write/writer';
import type { FromWriter, ThreadData, ToWriter } from './protocol';

/** The thread that writes. */

const { data, gate } = workerData as ThreadStart<ThreadData>;
const writer = createWriter({
  data,
  gate: gateOf(gate),
  post: (message: FromWriter) => parentPort?.postMessage(message),
  now: Date.now,
});

parentPort?.on('message', (message: ToWriter) => {
  void writer.handle(message).then((done) => {
    if (done) parentPort?.close();
  });
});

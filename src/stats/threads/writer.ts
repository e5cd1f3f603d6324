import { parentPort, workerData } from 'node:worker_threads';
import type { ThreadStart } from '../../supervise-thread';
import { gateOf } from '../../thread-gate';
import { createWriter } from '../write/writer';
import type { FromWriter, ToWriter, WriterData } from './protocol';

/** The thread that writes. */

const { data, gate } = workerData as ThreadStart<WriterData>;
const done = new Int32Array(data.done);
const writer = createWriter({
  data,
  gate: gateOf(gate),
  post(message: FromWriter) {
    parentPort?.postMessage(message);
    if (message.type !== 'written' && message.type !== 'rejected') return;
    Atomics.store(done, 0, message.seq);
    Atomics.notify(done, 0);
  },
  now: Date.now,
});

parentPort?.on('message', (message: ToWriter) => {
  void writer.handle(message).then((closed) => {
    if (closed) parentPort?.close();
  });
});

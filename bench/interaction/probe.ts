import { collect } from '../collect';

/**
 * Loaded before a measured process: tells its parent, whenever asked, how much CPU time it has used, in microseconds,
 * or how much of its heap is in use after a collection, in bytes.
 */

process.on('message', (asked: 'cpu' | 'heap') => {
  process.send?.(asked === 'cpu' ? cpuMicroseconds() : heapBytes());
});
// Neither the listener nor the channel may keep the process alive, or change how it ends.
process.channel?.unref();

function cpuMicroseconds(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function heapBytes(): number {
  // What is freed by a finalizer goes with the next.
  for (let times = 0; times < 3; times += 1) collect();
  return process.memoryUsage().heapUsed;
}

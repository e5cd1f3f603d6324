import fs from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createInvocationContext } from '../../src/logging/context';
import { createLogging } from '../../src/logging/logging';
import { collect } from '../collect';
import { someLines } from './lines';

/** What a disk that is far too slow does to the memory: every write takes its time, as if there were hardly a disk. */

const LINES = 1_000_000;
const MS_A_WRITE = 15;
const BYTES_A_SECOND = 2 * 1024 * 1024;
/** So many lines a turn of the event loop, and a look at the memory after so many turns. */
const BURST = 100;
const TURNS_A_LOOK = 50;
const MIB = 1024 * 1024;

interface Most {
  heap: number;
  external: number;
  rss: number;
}

/** Logs a million lines to it and prints what was used at most, and what became of the lines. */
export async function measureSlowDisk(): Promise<void> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'telltale-bench-'));
  const restore = slowDown();
  const logging = createLogging({
    level: 'info',
    consoleLevel: 'error',
    directory: path.join(directory, 'logs'),
    maxSizeBytes: 10 * MIB,
    backupCount: 50,
    format: 'json',
    secrets: [],
    service: { name: 'bench', version: '0.0.0', commit: '0000000' },
    context: createInvocationContext(),
    stdout: fs.createWriteStream(path.join(directory, 'console')),
  });
  const log = logging.invocationLog('commands');
  const lines = someLines().filter(({ level }) => level === 'info');
  const most: Most = { heap: 0, external: 0, rss: 0 };
  for (let index = 0; index < LINES; index += 1) {
    const line = lines[index % lines.length];
    if (line !== undefined) log(line.invocation, line.level, line.message, line.fields);
    if (index % BURST === BURST - 1) await nextTurn();
    if (index % (BURST * TURNS_A_LOOK) === 0) look(most);
  }
  const { dropped } = logging.counts();
  restore();
  await logging.close();
  await rm(directory, { recursive: true, force: true });
  const mib = (bytes: number): string => `${Math.round(bytes / MIB)} MiB`;
  console.log(
    `A disk of ${MS_A_WRITE} ms a write and ${mib(BYTES_A_SECOND)}/s, ${LINES} lines: at most ${mib(most.heap)} of heap after a ` +
      `collection, ${mib(most.external)} of buffers, ${mib(most.rss)} in all; no room for ${dropped} lines.`,
  );
}

function look(most: Most): void {
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  most.heap = Math.max(most.heap, heapUsed);
  most.external = Math.max(most.external, external);
  most.rss = Math.max(most.rss, rss);
}

/** Puts a slow write in the place of Node's. Gives how to take it back. */
function slowDown(): () => void {
  const write = fs.write;
  let freeAt = 0;
  const slow = (descriptor: number, bytes: Buffer, ...others: unknown[]): void => {
    const now = performance.now();
    freeAt = Math.max(now, freeAt) + MS_A_WRITE + (bytes.length / BYTES_A_SECOND) * 1000;
    setTimeout(() => void Reflect.apply(write, fs, [descriptor, bytes, ...others]), freeAt - now);
  };
  Object.assign(fs, { write: slow });
  return () => void Object.assign(fs, { write });
}

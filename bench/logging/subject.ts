import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { someLines } from './lines';
import { WRITERS, type Writer, type WriterName } from './writers';

/**
 * One turn of one side, as a process: warms up, writes so many lines in bursts, closes, and tells what it took.
 * Arguments: the writer, its directory, the number of lines.
 */

/** What a bot may log in one turn of its event loop. */
const BURST = 100;
const WARM_UP = 50_000;
/** Longer than any of them lets a line wait. */
const PAUSE_MS = 500;

export interface Taken {
  /** From the first line until all are on the disk. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly rssBytes: number;
}

const lines = someLines();

async function write(writer: Writer, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const line = lines[index % lines.length];
    if (line !== undefined) writer.write(line);
    if (index % BURST === BURST - 1) await nextTurn();
  }
}

async function main([name, directory, count]: readonly string[]): Promise<void> {
  const writer = WRITERS[name as WriterName](directory ?? '');
  await write(writer, WARM_UP);
  await sleep(PAUSE_MS);
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  await write(writer, Number(count));
  await writer.close();
  const { user, system } = process.cpuUsage(cpu);
  const taken: Taken = {
    seconds: (performance.now() - startedAt) / 1000,
    cpuSeconds: (user + system) / 1e6,
    rssBytes: process.memoryUsage.rss(),
  };
  process.send?.(taken, () => process.exit());
}

void main(process.argv.slice(2));

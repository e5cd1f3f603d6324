import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { INSTRUMENTED } from '../instrument/instrument';
import { EVERYTHING } from '../interaction/interaction';
import { startSubject, type SubjectOptions } from '../interaction/subject';

/** Whether anything grows with the number of interactions. */

const HELP = `npm run bench -- memory [options]

Has interactions answered by a plain bot with telltale/register before it, then by Telltale itself, and prints what their
heaps hold after a collection, ten times on the way. The first is after the caches have filled.

  --interactions N   for each (default 500000; some minutes)
  --help             this`;

const LOOKS = 10;

/** Runs the measurement and prints it. */
export async function measureMemory(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      interactions: { type: 'string', default: '500000' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  for (const side of [INSTRUMENTED, EVERYTHING]) await measureSide(side, Number(values.interactions));
}

async function measureSide(side: Omit<SubjectOptions, 'directory'>, interactions: number): Promise<void> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'telltale-bench-'));
  const subject = await startSubject({ ...side, directory });
  try {
    console.log(`${side.name}: MiB of the heap in use after a collection`);
    let first = NaN;
    for (let look = 1; look <= LOOKS; look += 1) {
      await subject.measure(Math.round(interactions / LOOKS));
      const heap = (await subject.heapBytes()) / 2 ** 20;
      if (look === 1) first = heap;
      const answered = ((interactions / LOOKS) * look).toLocaleString('en').padStart(12);
      console.log(`${answered}${heap.toFixed(1).padStart(10)}${(heap - first).toFixed(1).padStart(10)}`);
    }
  } finally {
    await subject.close();
    await rm(directory, { recursive: true, force: true });
  }
}

import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { compare, EVERYTHING } from '../interaction/interaction';
import { startSubject, type Subject } from '../interaction/subject';

/** What traces cost. */

const HELP = `npm run bench -- tracing [options]

Measures the CPU time that Telltale takes for an interaction that is answered with one reply: without tracing, with a
tenth of the traces kept, and with all of them. They go to a collector on loopback that takes everything. The sides take
turns, so that all see the same machine.

  --rounds N         turns that are counted (default 40)
  --interactions N   interactions a side in each turn (default 1000)
  --help             this`;

/** A collector that takes everything, and does nothing with it. */
async function startCollector() {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.setHeader('content-type', 'application/json').end('{}'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the collector has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function sidesWith(collectorUrl: string) {
  const kept = (name: string, ratio: string) => ({
    ...EVERYTHING,
    name,
    environment: {
      ...EVERYTHING.environment,
      OTEL_EXPORTER_OTLP_ENDPOINT: collectorUrl,
      OTEL_TRACES_SAMPLER: 'traceidratio',
      OTEL_TRACES_SAMPLER_ARG: ratio,
      // A turn makes traces faster than any bot's users do: none is to be dropped here, which would be cheaper.
      OTEL_BSP_MAX_QUEUE_SIZE: '100000',
    },
  });
  return [{ ...EVERYTHING, name: 'without traces' }, kept('a tenth', '0.1'), kept('all traces', '1')];
}

/** Runs the measurement and prints it. */
export async function measureTracing(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '40' },
      interactions: { type: 'string', default: '1000' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const directory = await mkdtemp(path.join(os.tmpdir(), 'telltale-bench-'));
  const collector = await startCollector();
  const sides = sidesWith(collector.url);
  const subjects: Subject[] = [];
  try {
    for (const [index, side] of sides.entries()) {
      const own = await mkdtemp(path.join(directory, `${index}-`));
      subjects.push(await startSubject({ ...side, directory: own }));
    }
    console.log(
      `CPU time for an interaction, in microseconds; ${values.interactions} interactions a turn.\n`,
    );
    console.log(
      `${'turn'.padEnd(8)}${sides.map(({ name }) => name.padStart(18)).join('')}${'a tenth / none'.padStart(18)}`,
    );
    await compare(subjects, Number(values.rounds), Number(values.interactions));
  } finally {
    await Promise.all(subjects.map((subject) => subject.close()));
    collector.close();
    await rm(directory, { recursive: true, force: true });
  }
}

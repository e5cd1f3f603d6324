import { once } from 'node:events';
import { createServer } from 'node:http';
import { EVERYTHING } from '../interaction/interaction';
import { measureSides } from '../interaction/side-by-side';

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
  const collector = await startCollector();
  try {
    await measureSides({ help: HELP, args, sides: sidesWith(collector.url), ratio: 'a tenth / none' });
  } finally {
    collector.close();
  }
}

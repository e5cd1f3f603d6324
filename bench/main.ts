import { measureInstrument } from './instrument/instrument';
import { measureInteraction } from './interaction/interaction';
import { measureLogging } from './logging/logging';
import { measureMemory } from './memory/memory';
import { measureStatistics } from './statistics/statistics';
import { measureTracing } from './tracing/tracing';

/** Chooses a measurement. */

const MEASUREMENTS: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  interaction: measureInteraction,
  instrument: measureInstrument,
  logging: measureLogging,
  memory: measureMemory,
  statistics: measureStatistics,
  tracing: measureTracing,
};

const HELP = `npm run bench                              every measurement
npm run bench -- interaction [--help]      what an interaction costs, beside discord.js alone
npm run bench -- instrument [--help]       what it costs a bot of somebody else's to be measured
npm run bench -- logging [--help]          what a line of the log costs, beside winston and pino
npm run bench -- memory [--help]           whether anything grows with the number of interactions
npm run bench -- statistics [--help]       what the statistics cost to write and to ask, with millions of rows
npm run bench -- tracing [--help]          what traces cost, off, at a tenth and at all of them`;

async function main([name, ...args]: readonly string[]): Promise<void> {
  if (name === undefined) {
    for (const measure of Object.values(MEASUREMENTS)) await measure([]);
    return;
  }
  const measure = MEASUREMENTS[name];
  if (measure !== undefined) return measure(args);
  console.log(name === '--help' ? HELP : `There is no measurement "${name}".\n\n${HELP}`);
  process.exitCode = name === '--help' ? 0 : 2;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});

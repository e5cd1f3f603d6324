import { measureInstrument } from './instrument/instrument';
import { measureInteraction } from './interaction/interaction';
import { measureMemory } from './memory/memory';
import { measureStatistics } from './statistics/statistics';

/** Chooses a measurement. */

const MEASUREMENTS: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  interaction: measureInteraction,
  instrument: measureInstrument,
  memory: measureMemory,
  statistics: measureStatistics,
};

const HELP = `npm run bench                              every measurement
npm run bench -- interaction [--help]      what an interaction costs, beside discord.js alone
npm run bench -- instrument [--help]       what it costs a bot of somebody else's to be measured
npm run bench -- memory [--help]           whether anything grows with the number of interactions
npm run bench -- statistics [--help]       what the statistics cost to write and to ask, with millions of rows`;

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

import { measureInteraction } from './interaction/interaction';
import { measureStatistics } from './statistics/statistics';

/** Chooses a measurement. */

const MEASUREMENTS: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  interaction: measureInteraction,
  statistics: measureStatistics,
};

const HELP = `npm run bench                              every measurement
npm run bench -- interaction [--help]      what an interaction costs, beside discord.js alone
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

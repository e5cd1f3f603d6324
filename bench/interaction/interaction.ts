import path from 'node:path';
import { measureSides, type Side } from './side-by-side';

/** What an interaction costs in Telltale, beside what it costs in discord.js alone. */

const HELP = `npm run bench -- interaction [options]

Measures the CPU time that a process takes for an interaction that is answered with one reply: discord.js alone with a
handler that replies, and Telltale with everything on. The sides take turns, so that both see the same machine.

  --rounds N         turns that are counted (default 40)
  --interactions N   interactions a side in each turn (default 1000)
  --parts            also Telltale with parts of it off, to see what the rest is spent on
  --help             this`;

const dist = path.resolve(__dirname, '..', '..');
const PLAIN: Side = {
  name: 'discord.js alone',
  entry: path.join(__dirname, 'plain-bot.js'),
  environment: {},
};

function telltale(name: string, environment: Readonly<Record<string, string>> = {}): Side {
  const own = {
    NODE_ENV: 'production',
    COMMANDS_DIRECTORY: path.join(__dirname, 'commands'),
    METRICS_PORT: '0',
  };
  return { name, entry: path.join(dist, 'src', 'main.js'), environment: { ...own, ...environment } };
}

export const EVERYTHING = telltale('Telltale');
const PARTS = [
  telltale('… no log files', { LOG_FILE_LEVEL: 'error' }),
  telltale('… no log lines', { LOG_FILE_LEVEL: 'error', LOG_CONSOLE_LEVEL: 'error' }),
];

/** Runs the measurement and prints it. */
export function measureInteraction(args: readonly string[]): Promise<void> {
  const own = args.filter((arg) => arg !== '--parts');
  const sides = [PLAIN, EVERYTHING, ...(own.length < args.length ? PARTS : [])];
  return measureSides({ help: HELP, args: own, sides, ratio: 'Telltale / alone' });
}

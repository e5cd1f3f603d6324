import path from 'node:path';
import { measureSides } from '../interaction/side-by-side';

/** What it costs a bot that exists already to be measured. */

const HELP = `npm run bench -- instrument [options]

Measures the CPU time that a process takes for an interaction that is answered with one reply: a bot on discord.js
alone, and the same bot with telltale/register before it. The sides take turns, so that both see the same machine.

  --rounds N         turns that are counted (default 40)
  --interactions N   interactions a side in each turn (default 1000)
  --help             this`;

const dist = path.resolve(__dirname, '..', '..');
const entry = path.join(dist, 'bench', 'interaction', 'plain-bot.js');
const ALONE = { name: 'alone', entry, environment: {} };
export const INSTRUMENTED = {
  name: 'instrumented',
  entry,
  environment: { METRICS_PORT: '0', TELLTALE_QUIET: '1' },
  preload: path.join(dist, 'src', 'register.js'),
};

/** Runs the measurement and prints it. */
export function measureInstrument(args: readonly string[]): Promise<void> {
  return measureSides({ help: HELP, args, sides: [ALONE, INSTRUMENTED], ratio: 'ratio' });
}

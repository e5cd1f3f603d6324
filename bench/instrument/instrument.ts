import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { compare } from '../interaction/interaction';
import { startSubject, type Subject } from '../interaction/subject';

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
const SIDES = [ALONE, INSTRUMENTED];

/** Runs the measurement and prints it. */
export async function measureInstrument(args: readonly string[]): Promise<void> {
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
  const subjects: Subject[] = [];
  try {
    for (const side of SIDES) {
      const own = await mkdtemp(path.join(directory, `${side.name}-`));
      subjects.push(await startSubject({ ...side, directory: own }));
    }
    console.log(
      `CPU time for an interaction, in microseconds; ${values.interactions} interactions a turn.\n`,
    );
    console.log(
      `${'turn'.padEnd(8)}${SIDES.map(({ name }) => name.padStart(18)).join('')}${'ratio'.padStart(18)}`,
    );
    await compare(subjects, Number(values.rounds), Number(values.interactions));
  } finally {
    await Promise.all(subjects.map((subject) => subject.close()));
    await rm(directory, { recursive: true, force: true });
  }
}

import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { median } from '../numbers';
import { startSubject, type Subject } from './subject';

/** What an interaction costs in Telltale, beside what it costs in discord.js alone. */

const HELP = `npm run bench -- interaction [options]

Measures the CPU time that a process takes for an interaction that is answered with one reply: discord.js alone with a
handler that replies, and Telltale with everything on. The sides take turns, so that both see the same machine.

  --rounds N         turns that are counted (default 40)
  --interactions N   interactions a side in each turn (default 1000)
  --parts            also Telltale with parts of it off, to see what the rest is spent on
  --help             this`;

interface Side {
  readonly name: string;
  readonly entry: string;
  readonly environment: Readonly<Record<string, string>>;
}

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

function readOptions(args: readonly string[]): { rounds: number; interactions: number; parts: boolean } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        rounds: { type: 'string', default: '40' },
        interactions: { type: 'string', default: '1000' },
        parts: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(HELP);
      process.exit(0);
    }
    const count = (name: 'rounds' | 'interactions'): number => {
      const number = Number(values[name]);
      if (Number.isInteger(number) && number > 0) return number;
      throw new Error(`--${name} should be a whole number above 0, not "${values[name]}".`);
    };
    return { rounds: count('rounds'), interactions: count('interactions'), parts: values.parts };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    process.exit(2);
  }
}

/** Runs the measurement and prints it. */
export async function measureInteraction(args: readonly string[]): Promise<void> {
  const { rounds, interactions, parts } = readOptions(args);
  const directory = await mkdtemp(path.join(os.tmpdir(), 'telltale-bench-'));
  const sides = [PLAIN, EVERYTHING, ...(parts ? PARTS : [])];
  const subjects: Subject[] = [];
  try {
    for (const [index, side] of sides.entries()) {
      const own = await mkdtemp(path.join(directory, `${index}-`));
      subjects.push(await startSubject({ ...side, directory: own }));
    }
    console.log(`CPU time for an interaction, in microseconds; ${interactions} interactions a turn.`);
    console.log(
      `Node ${process.version}, ${os.cpus()[0]?.model ?? 'unknown processor'}, ${os.cpus().length} cores\n`,
    );
    console.log(
      `${'turn'.padEnd(8)}${sides.map(({ name }) => name.padStart(18)).join('')}${'Telltale / alone'.padStart(18)}`,
    );
    await compare(subjects, rounds, interactions);
  } finally {
    await Promise.all(subjects.map((subject) => subject.close()));
    await rm(directory, { recursive: true, force: true });
  }
}

/** Takes turns, the first of which warms up and is not counted. The first subject is what the others are compared with. */
export async function compare(
  subjects: readonly Subject[],
  rounds: number,
  interactions: number,
): Promise<void> {
  const costs = subjects.map((): number[] => []);
  for (let round = 0; round <= rounds; round += 1) {
    const turn: number[] = [];
    for (const subject of subjects) turn.push(await subject.measure(interactions));
    if (round > 0) turn.forEach((cost, index) => costs[index]?.push(cost));
    printRow(round === 0 ? 'warm-up' : String(round), turn);
  }
  console.log(`${'median'.padEnd(8)}${costs.map((own) => median(own).toFixed(1).padStart(18)).join('')}\n`);
  const [plain = []] = costs;
  costs.slice(1).forEach((own, index) => {
    const ratios = own.map((cost, round) => cost / (plain[round] ?? NaN));
    const [least, most] = [Math.min(...ratios), Math.max(...ratios)].map((ratio) => ratio.toFixed(2));
    const name = subjects[index + 1]?.name ?? '';
    console.log(
      `${name}: ${median(ratios).toFixed(3)} times ${subjects[0]?.name ?? ''} (median of the turns; ${least} to ${most})`,
    );
  });
}

function printRow(label: string, costs: readonly number[]): void {
  const [plain = NaN, everything = NaN] = costs;
  const cells = costs.map((cost) => cost.toFixed(1).padStart(18)).join('');
  console.log(`${label.padEnd(8)}${cells}${(everything / plain).toFixed(3).padStart(18)}`);
}

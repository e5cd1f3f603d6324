import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { median } from '../numbers';
import { startSubject, type Subject, type SubjectOptions } from './subject';

/** Bots measured side by side: what an interaction costs each of them. */

/** One bot of a measurement; it gets a directory of its own. */
export type Side = Omit<SubjectOptions, 'directory'>;

export interface SideBySide {
  readonly help: string;
  /** `--rounds`, `--interactions`, `--help`. */
  readonly args: readonly string[];
  /** The first is what the others are compared with. */
  readonly sides: readonly Side[];
  /** Heads the column with the ratio of the second to the first. */
  readonly ratio: string;
}

/** Runs the measurement and prints it. */
export async function measureSides({ help, args, sides, ratio }: SideBySide): Promise<void> {
  const { rounds, interactions } = readTurns(args, help);
  const directory = await mkdtemp(path.join(os.tmpdir(), 'telltale-bench-'));
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
    const heads = sides.map(({ name }) => name.padStart(18)).join('');
    console.log(`${'turn'.padEnd(8)}${heads}${ratio.padStart(18)}`);
    await compare(subjects, rounds, interactions);
  } finally {
    await Promise.all(subjects.map((subject) => subject.close()));
    await rm(directory, { recursive: true, force: true });
  }
}

function readTurns(args: readonly string[], help: string): { rounds: number; interactions: number } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        rounds: { type: 'string', default: '40' },
        interactions: { type: 'string', default: '1000' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(help);
      process.exit(0);
    }
    const count = (name: 'rounds' | 'interactions'): number => {
      const number = Number(values[name]);
      if (Number.isInteger(number) && number > 0) return number;
      throw new Error(`--${name} should be a whole number above 0, not "${values[name]}".`);
    };
    return { rounds: count('rounds'), interactions: count('interactions') };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${help}`);
    process.exit(2);
  }
}

/** Takes turns, the first of which warms up and is not counted. The first subject is what the others are compared with. */
async function compare(subjects: readonly Subject[], rounds: number, interactions: number): Promise<void> {
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

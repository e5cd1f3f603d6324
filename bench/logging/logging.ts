import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { median } from '../numbers';
import { measureSlowDisk } from './slow-disk';
import type { Taken } from './subject';
import { WRITERS, type WriterName } from './writers';

/** What a line of the log costs, beside winston as the tutorials have it, and pino. */

const HELP = `npm run bench -- logging [options]

Measures lines a second, from the first until all are on the disk, and CPU time for a line: ours (JSON to two files that
rotate, warnings to the console, an invocation's fields, redaction), winston with winston-daily-rotate-file and the usual
formats, and pino to one file. Each turn is a process of its own; the sides take turns.

  --rounds N   turns (default 7)
  --lines N    lines in each (default 200000)
  --slow-disk  in place of that: what a million lines onto a disk that is far too slow take of memory
  --help       this`;

const NAMES = Object.keys(WRITERS) as WriterName[];

interface Cost {
  readonly linesPerSecond: number;
  readonly cpuMicroseconds: number;
}

/** Runs the measurement and prints it. */
export async function measureLogging(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '7' },
      lines: { type: 'string', default: '200000' },
      'slow-disk': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  if (values['slow-disk']) return measureSlowDisk();
  const lines = Number(values.lines);
  console.log(`${lines} lines a turn: lines a second, and microseconds of CPU time for a line.\n`);
  console.log(`${'turn'.padEnd(8)}${NAMES.map((name) => name.padStart(22)).join('')}`);
  const costs = NAMES.map((): Cost[] => []);
  for (let round = 1; round <= Number(values.rounds); round += 1) {
    const turn: Cost[] = [];
    for (const name of NAMES) turn.push(await measure(name, lines));
    turn.forEach((cost, index) => costs[index]?.push(cost));
    console.log(`${String(round).padEnd(8)}${turn.map(cell).join('')}`);
  }
  console.log();
  const [ours = []] = costs;
  costs.slice(1).forEach((theirs, index) => console.log(compared(ours, theirs, NAMES[index + 1] ?? '')));
}

async function measure(name: WriterName, lines: number): Promise<Cost> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'telltale-bench-'));
  try {
    const child = fork(
      path.join(__dirname, 'subject.js'),
      [name, path.join(directory, 'logs'), String(lines)],
      {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      },
    );
    const ended = once(child, 'exit').then(([code]) =>
      Promise.reject(new Error(`${name} ended with ${code}`)),
    );
    const [taken] = (await Promise.race([once(child, 'message'), ended])) as [Taken];
    checkNewest(path.join(directory, 'logs'), lines);
    return {
      linesPerSecond: lines / taken.seconds,
      cpuMicroseconds: (taken.cpuSeconds * 1e6) / lines,
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** A logger that loses lines is quick. The caps delete old files, so that what can be told is that the last are there. */
function checkNewest(directory: string, lines: number): void {
  const names = readdirSync(directory).filter((name) => /^bot[-.].*log/.test(name));
  const found = names.reduce((sum, name) => sum + count(readFileSync(path.join(directory, name))), 0);
  if (found === 0) throw new Error(`none of ${lines} lines is in ${names.join(', ')}`);
}

const count = (bytes: Buffer): number => bytes.reduce((sum, byte) => sum + Number(byte === 0x0a), 0);

function cell({ linesPerSecond, cpuMicroseconds }: Cost): string {
  return `${Math.round(linesPerSecond).toLocaleString('en-GB')}/s ${cpuMicroseconds.toFixed(2)}`.padStart(22);
}

function compared(ours: readonly Cost[], theirs: readonly Cost[], name: string): string {
  const ratios = (of: (cost: Cost) => number): number =>
    median(ours.map((cost, round) => of(cost) / of(theirs[round] ?? cost)));
  const speed = ratios((cost) => cost.linesPerSecond).toFixed(2);
  const cpu = ratios((cost) => cost.cpuMicroseconds).toFixed(2);
  return `Ours: ${speed} times the lines a second of ${name}, ${cpu} times its CPU time (medians of the turns)`;
}

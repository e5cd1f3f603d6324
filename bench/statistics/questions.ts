import { monitorEventLoopDelay } from 'node:perf_hooks';
import { PERIODS, type Stats } from '../../src/stats/stats';
import type { StatsStore } from '../../src/stats/store';
import { quantile, randomFrom } from '../numbers';
import { commandName, guildId, rowAt } from './rows';
import { settledFrom } from './settled';

/** Asks every question that `/stats` and `/errors` ask, while the bot goes on counting. */

interface Question {
  readonly name: string;
  readonly ask: (stats: Stats) => Promise<unknown>;
}

function questions(): Question[] {
  const scopes = [
    { name: 'everywhere', filter: {} },
    { name: 'busiest server', filter: { guildId: guildId(0) } },
    { name: 'some server', filter: { guildId: guildId(300) } },
    { name: 'one command', filter: { command: commandName(0) } },
    { name: 'one command, busiest server', filter: { command: commandName(3), guildId: guildId(0) } },
  ];
  const periods = scopes.flatMap(({ name, filter }) =>
    PERIODS.flatMap((period) => [
      { name: `${name}, ${period}`, ask: (stats: Stats) => stats.summary({ period, ...filter }) },
      { name: `${name}, ${period}, chart`, ask: (stats: Stats) => stats.timeline({ period, ...filter }) },
    ]),
  );
  const errors = scopes.flatMap(({ name, filter }) =>
    PERIODS.map((period) => ({
      name: `${name}, ${period}, errors`,
      ask: (stats: Stats) => stats.errors({ period, ...filter }),
    })),
  );
  const changes = scopes.map(({ name, filter }) => ({
    name: `${name}, changes`,
    ask: (stats: Stats) => stats.changes(filter),
  }));
  return [
    ...periods,
    ...errors,
    ...changes,
    { name: 'newest failures', ask: (stats) => stats.invocations({ outcome: 'failed', limit: 50 }) },
    {
      name: 'newest failures of a command',
      ask: (stats) => stats.invocations({ outcome: 'failed', command: commandName(5), limit: 5 }),
    },
    {
      name: 'newest of a server',
      ask: (stats) => stats.invocations({ guildId: guildId(20), limit: 50 }),
    },
  ];
}

const ROWS_A_SECOND = 200;

/** Asks each so many times, in turns, and prints how long the answers took and how long the event loop was held up. */
export async function askAll(store: StatsStore, times: number): Promise<void> {
  const asked = questions().map((question) => ({ ...question, milliseconds: [] as number[] }));
  const random = randomFrom(11);
  const feeder = setInterval(() => {
    for (let n = 0; n < ROWS_A_SECOND / 50; n += 1) store.record(settledFrom(rowAt(random), Date.now()));
  }, 20);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  try {
    for (const { ask } of asked) await ask(store); // Files are read for the first time; threads begin.
    delay.enable();
    for (let round = 0; round < times; round += 1) {
      for (const { ask, milliseconds } of asked) {
        const start = performance.now();
        await ask(store);
        milliseconds.push(performance.now() - start);
      }
    }
  } finally {
    delay.disable();
    clearInterval(feeder);
  }
  const all = asked.flatMap(({ milliseconds }) => milliseconds);
  for (const { name, milliseconds } of asked) printRow(name, milliseconds);
  printRow('all of them', all);
  const slow = asked.filter(({ milliseconds }) => quantile(milliseconds, 0.95) > 100).map(({ name }) => name);
  console.log(`  above 100 ms at p95: ${slow.length === 0 ? 'none' : slow.join('; ')}`);
  const [p99, max] = [delay.percentile(99), delay.max].map((ns) => (ns / 1e6).toFixed(1));
  console.log(`  event loop of the bot meanwhile, delay of a 1 ms timer: p99 ${p99} ms, longest ${max} ms`);
}

function printRow(name: string, milliseconds: readonly number[]): void {
  const cells = [0.5, 0.95, 1].map((q) => quantile(milliseconds, q).toFixed(1).padStart(10));
  console.log(`  ${name.padEnd(42)}${cells.join('')}`);
}

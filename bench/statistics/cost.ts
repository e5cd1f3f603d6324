import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import Database from 'libsql';
import type { StatsStore } from '../../src/stats/store';
import type { InvocationSettled } from '../../src/telemetry/event';
import { median, randomFrom } from '../numbers';
import { rowAt } from './rows';
import { settledFrom } from './settled';

/** What it costs to write an interaction down: through the store, and with one plain insert a call on the event loop. */

const ROWS_A_SECOND = 1_000;
const TICK_MS = 10;
const TURN_MS = 5_000;
const EVENTS = 20_000;

interface Side {
  readonly name: string;
  record(event: InvocationSettled): void;
}

/** The obvious way: an insert for each, on the thread that serves the commands. */
function plainInserts(directory: string): Side & { close(): void } {
  const file = path.join(directory, 'plain.db');
  for (const part of ['', '-wal', '-shm']) rmSync(`${file}${part}`, { force: true });
  const database = new Database(file);
  database.exec('pragma journal_mode = wal; pragma synchronous = normal');
  database.exec(
    'create table invocations (id integer primary key, at integer, command text, kind text, outcome text, ' +
      'reason text, message text, guild_id text, user_id text, duration real, ack real, trace_id text, shard integer)',
  );
  database.exec('create index invocations_at on invocations (at)');
  database.exec('create index invocations_guild on invocations (guild_id, at)');
  const insert = database.prepare(
    `insert into invocations (at, command, kind, outcome, reason, message, guild_id, user_id, duration, ack, trace_id, shard)
     values (${Array(12).fill('?').join(', ')})`,
  );
  return {
    name: 'one plain insert a call',
    record(event) {
      const { outcome } = event;
      insert.run([
        Date.now(),
        event.command,
        event.kind,
        outcome.kind,
        outcome.kind === 'ok' ? null : outcome.reason,
        outcome.kind === 'failed' ? String(outcome.error) : null,
        event.guildId,
        event.userId,
        event.durationSeconds,
        event.ack?.afterCreationSeconds ?? null,
        event.traceId,
        event.shard,
      ]);
    },
    close: () => void database.close(),
  };
}

interface Cost {
  /** Of the whole process, for a row; microseconds. */
  readonly total: number;
  /** Of it on the thread that serves the commands; null where the system does not tell. */
  readonly own: number | null;
  readonly blockedMs: number;
}

/** Takes turns, and prints the CPU time for each row, less that of a turn in which nothing is written. */
export async function measureCost(store: StatsStore, directory: string, rounds: number): Promise<void> {
  const plain = plainInserts(directory);
  const nothing: Side = { name: 'nothing', record: () => undefined };
  const kept: Side = { name: 'the store', record: (event) => store.record(event) };
  const sides = [nothing, kept, plain];
  const random = randomFrom(13);
  const events = Array.from({ length: EVENTS }, () => settledFrom(rowAt(random), Date.now()));
  const costs = sides.map((): Cost[] => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, side] of sides.entries()) {
      const cost = await turn(side, events);
      if (round > 0) costs[index]?.push(cost);
    }
  }
  plain.close();
  print(sides, costs, rounds);
}

function print(sides: readonly Side[], costs: readonly (readonly Cost[])[], rounds: number): void {
  const medianOf = (index: number, of: (cost: Cost) => number): number =>
    median((costs[index] ?? []).map(of));
  const total = (index: number): number =>
    medianOf(index, (cost) => cost.total) - medianOf(0, (cost) => cost.total);
  const own = (index: number): number =>
    medianOf(index, (cost) => cost.own ?? NaN) - medianOf(0, (cost) => cost.own ?? NaN);
  console.log(`  CPU for a row in µs, ${ROWS_A_SECOND} rows a second, median of ${rounds} turns:`);
  for (const index of [1, 2]) {
    const blockedMs = Math.max(...(costs[index] ?? []).map((cost) => cost.blockedMs));
    console.log(
      `    ${(sides[index]?.name ?? '').padEnd(26)}${total(index).toFixed(1).padStart(8)} in all, ` +
        `${own(index).toFixed(1)} of it on the thread of the event loop, which was held ${blockedMs.toFixed(1)} ms at most`,
    );
  }
  const ratios = [total(1) / total(2), own(1) / own(2)].map((ratio) => ratio.toFixed(2));
  console.log(`    the store / one plain insert a call: ${ratios[0]} in all, ${ratios[1]} on the event loop`);
}

async function turn(side: Side, events: readonly InvocationSettled[]): Promise<Cost> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const before = { all: process.cpuUsage(), own: ownCpuMicroseconds() };
  let rows = 0;
  const start = performance.now();
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const elapsed = performance.now() - start;
      for (; rows < (elapsed / 1000) * ROWS_A_SECOND; rows += 1) {
        const event = events[rows % events.length];
        if (event !== undefined) side.record(event);
      }
      if (elapsed < TURN_MS) return;
      clearInterval(timer);
      resolve();
    }, TICK_MS);
  });
  const { user, system } = process.cpuUsage(before.all);
  const own = ownCpuMicroseconds();
  delay.disable();
  return {
    total: (user + system) / rows,
    own: own === null || before.own === null ? null : (own - before.own) / rows,
    blockedMs: delay.max / 1e6,
  };
}

/** CPU time of the main thread, by Linux's own account. */
function ownCpuMicroseconds(): number | null {
  try {
    const [nanoseconds] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ');
    return Number(nanoseconds) / 1000;
  } catch {
    return null;
  }
}

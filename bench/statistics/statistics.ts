import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createStatsStore, type StatsStore } from '../../src/stats/store';
import type { Logger } from '../../src/logging/logger';
import { askAll } from './questions';
import { measureCost } from './cost';
import { fill } from './fill';
import { startServer } from './server';

/** What the statistics cost: to write, and to ask with millions of rows behind them. */

const HELP = `npm run bench -- statistics [options]

Fills a database with invocations of 200 commands, 1,000 servers and 50,000 users over 90 days, asks every question that
/stats asks while the bot goes on counting, and measures what writing costs, beside one plain insert a call.

  --rows N           invocations (default 5000000; some minutes)
  --times N          how often each question is asked (default 40)
  --rounds N         turns in which the cost of writing is measured (default 8)
  --database NAME    sqlite, postgres or both (default both)
  --directory DIR    keeps the filled databases there, and asks those that are there already (default: made anew)
  --help             this`;

interface Options {
  readonly rows: number;
  readonly times: number;
  readonly rounds: number;
  readonly databases: readonly ('sqlite' | 'postgres')[];
  readonly directory: string | null;
}

function readOptions(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        rows: { type: 'string', default: '5000000' },
        times: { type: 'string', default: '40' },
        rounds: { type: 'string', default: '8' },
        database: { type: 'string', default: 'both' },
        directory: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(HELP);
      process.exit(0);
    }
    const count = (name: 'rows' | 'times' | 'rounds'): number => {
      const number = Number(values[name]);
      if (Number.isInteger(number) && number > 0) return number;
      throw new Error(`--${name} should be a whole number above 0, not "${values[name]}".`);
    };
    const databases = (['sqlite', 'postgres'] as const).filter(
      (name) => values.database === 'both' || values.database === name,
    );
    if (databases.length === 0) {
      throw new Error(`--database should be sqlite, postgres or both, not "${values.database}".`);
    }
    return {
      rows: count('rows'),
      times: count('times'),
      rounds: count('rounds'),
      databases,
      directory: values.directory ?? null,
    };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    process.exit(2);
  }
}

const hashKey = Buffer.alloc(32, 'bench');
const complain = (message: string): void => console.error(message);
const logger: Logger = { error: complain, warn: complain, info: () => undefined, debug: () => undefined };

function openStore(url: string): StatsStore {
  const store = createStatsStore({
    threadsDirectory: path.resolve(__dirname, '..', '..', 'src', 'stats', 'threads'),
    data: {
      url,
      hashKey,
      writerId: 'bench-store',
      // All that was there before is another's.
      release: { version: '0.0.1', commit: 'bench', startedAt: Date.now() - 30 * 86_400_000 },
      retentionDays: 3650,
    },
    eraseLeftServers: false,
    now: Date.now,
    redact: (text) => text,
    logger,
  });
  store.open();
  return store;
}

/** Runs the measurement and prints it. */
export async function measureStatistics(args: readonly string[]): Promise<void> {
  const { rows, times, rounds, databases, directory: kept } = readOptions(args);
  console.log(
    `Node ${process.version}, ${os.cpus()[0]?.model ?? 'unknown processor'}, ${os.cpus().length} cores`,
  );
  for (const kind of databases) {
    const directory = kept ?? (await mkdtemp(path.join(os.tmpdir(), 'telltale-bench-')));
    await mkdir(directory, { recursive: true });
    const server = kind === 'postgres' ? await startServer(directory) : null;
    const file = path.join(directory, 'telltale.db');
    const url = server?.url ?? `file:${file}`;
    try {
      console.log(`\n${kind}: ${rows.toLocaleString('en')} invocations`);
      await fillAndSay(url, rows);
      if (server === null) console.log(`  ${Math.round((await stat(file)).size / 2 ** 20)} MiB in the file`);
      const store = openStore(url);
      console.log(
        `  ${'milliseconds, while 200 rows a second come'.padEnd(42)}       p50       p95       max`,
      );
      await askAll(store, times);
      await measureCost(store, directory, rounds);
      await store.close();
    } finally {
      await server?.close();
      if (kept === null) await rm(directory, { recursive: true, force: true });
    }
  }
}

async function fillAndSay(url: string, rows: number): Promise<void> {
  const start = performance.now();
  let said = 0;
  const written = await fill({ url, rows, hashKey }, (share) => {
    if (Math.floor(share * 20) === said) return;
    said = Math.floor(share * 20);
    if (process.stdout.isTTY) process.stdout.write(`\r  filling: ${said * 5} %`);
  });
  if (written === 0) {
    console.log('  filled before');
    return;
  }
  const seconds = (performance.now() - start) / 1000;
  const each = ((seconds * 1e6) / rows).toFixed(1);
  console.log(`\r  filled in ${seconds.toFixed(0)} s: ${each} µs a row, roll-ups included`);
}

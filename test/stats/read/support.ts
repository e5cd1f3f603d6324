import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Database } from '../../../src/stats/database/database';
import { openDatabase } from '../../../src/stats/database/open';
import type { InvocationRow } from '../../../src/stats/invocation-row';
import type { Release } from '../../../src/stats/release';
import { createUserHash } from '../../../src/stats/user-hash';
import { createInserter } from '../../../src/stats/write/insert';
import type { Kind } from '../../../src/telemetry/event';
import { sharedPostgres } from '../../support/postgres';
import { randomFrom } from '../latencies';

export { randomFrom };

/** Databases to ask, filled the way the bot fills them, and histories to fill them with. */

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** Midnight. */
export const START = Date.UTC(2026, 0, 5);
export const RELEASE = { version: '1.2.3', commit: 'abc' };
export const KINDS_OF_DATABASES = ['sqlite', 'postgres'] as const;

export const hashUser = createUserHash(Buffer.alloc(32, 7));

/** Opens fresh databases of one kind, one for each name. */
export interface Databases {
  open(name: string): Promise<Filled>;
  close(): Promise<void>;
}

/** A database with rows in it. */
export interface Filled {
  readonly database: Database;
  readonly url: string;
  /** Writes rows, in batches as they would come. */
  write(this: void, rows: readonly InvocationRow[]): Promise<void>;
  /** A process of that release, which writes rows in the same way. */
  start(this: void, release: Release): Filled['write'];
}

export async function createDatabases(kind: 'sqlite' | 'postgres'): Promise<Databases> {
  const directory = await mkdtemp(path.join(tmpdir(), 'telltale-read-'));
  const server = kind === 'postgres' ? await sharedPostgres() : null;
  const opened: Database[] = [];
  return {
    async open(name) {
      const url = server ? await server.database(name) : `file:${path.join(directory, `${name}.db`)}`;
      const database = await openDatabase({ url, role: 'write', now: Date.now });
      opened.push(database);
      let processes = 0;
      const start = (release: Release): Filled['write'] => {
        const writerId = `process ${(processes += 1)}`;
        const inserter = createInserter({ database, hashUser, now: Date.now, writerId, release });
        let seq = 0;
        return async (rows) => {
          for (let i = 0; i < rows.length; i += 150) {
            await inserter.write({ seq: ++seq, rows: rows.slice(i, i + 150) });
          }
        };
      };
      return { database, url, start, write: start({ ...RELEASE, startedAt: 0 }) };
    },
    async close() {
      for (const database of opened) await database.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

const COMMANDS: readonly (readonly [string, Kind])[] = [
  ['ping', 'chat_input'],
  ['ping', 'text'],
  ['ticket close', 'chat_input'],
  ['ticket close', 'autocomplete'],
  ['ticket open', 'chat_input'],
  ['tickets', 'chat_input'],
  ['ticket:close', 'button'],
];
const GUILDS = ['900000000000000001', '900000000000000002', '900000000000000003', null];
const OUTCOMES = [
  { outcome: 'ok', reason: null },
  { outcome: 'ok', reason: null },
  { outcome: 'ok', reason: null },
  { outcome: 'refused', reason: 'cooldown' },
  { outcome: 'refused', reason: 'permission' },
  { outcome: 'failed', reason: 'exception' },
  { outcome: 'failed', reason: 'timeout' },
] as const;

/** A plain `/ping` that went well at a time, but for what is said otherwise. */
export function rowAt(at: number, changes: Partial<InvocationRow> = {}): InvocationRow {
  return {
    at,
    receivedAt: at - 10,
    command: 'ping',
    kind: 'chat_input',
    outcome: 'ok',
    reason: null,
    fingerprint: null,
    message: null,
    guildId: GUILDS[0]!,
    userId: '1',
    durationSeconds: 0.25,
    ackSeconds: 0.3,
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    shard: 0,
    ...changes,
  };
}

/** Rows of everything there is, spread over the days before `now`, most of them lately; some come late. */
export function randomHistory(count: number, now: number, random: () => number): InvocationRow[] {
  const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)]!;
  const rows = Array.from({ length: count }, (_, index) => {
    const [command, kind] = pick(COMMANDS);
    const { outcome, reason } = pick(OUTCOMES);
    const age = Math.floor(random() ** 4 * 70 * DAY);
    const isFailed = outcome === 'failed';
    const bug = Math.floor(random() * 6);
    return rowAt(now - age, {
      command,
      kind,
      outcome,
      reason,
      fingerprint: isFailed ? `${bug}23456789abc` : null,
      message: isFailed ? `bug ${bug}, seen in ${index}` : null,
      guildId: pick(GUILDS),
      userId: String(Math.floor(random() * 40)),
      durationSeconds: Math.exp(random() * 4 - 4),
      ackSeconds: random() < 0.2 ? null : random(),
      traceId: index.toString(16).padStart(8, '0').padEnd(32, 'f'),
    });
  });
  // In the order of their times, but for every fifth, which waited somewhere.
  const late = (row: InvocationRow, index: number): number =>
    row.at + (index % 5 === 0 ? random() * 5 * DAY : 0);
  return rows
    .map((row, index) => ({ row, writtenAt: late(row, index) }))
    .sort((a, b) => a.writtenAt - b.writtenAt)
    .map(({ row }) => row);
}

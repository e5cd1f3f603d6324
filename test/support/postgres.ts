import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

/** Where fresh databases can be had. */
export interface Databases {
  /** Of a database that is there from the start; its user may do everything. */
  readonly url: string;
  /** Makes a fresh database and gives its address. The name has to be new. */
  readonly database: (this: void, name: string) => Promise<string>;
}

/** A real PostgreSQL server on loopback, with its data in a temporary directory. */
export interface PostgresServer extends Databases {
  /** Ends the server as an administrator would: connections are closed. */
  stop(): Promise<void>;
  /** Ends the server as a crash would. */
  kill(): Promise<void>;
  /** Starts it again, on the same port and data. Resolves once it takes connections. */
  start(): Promise<void>;
  /** Ends it and removes the data. */
  close(): Promise<void>;
}

interface Answer {
  readonly port?: number;
  readonly error?: string;
}

/** Starts a server, in 1 to 2 s. It ends with this process, however that ends. */
export async function startPostgres(): Promise<PostgresServer> {
  // In a process of its own: it ends when its standard input does, so that nothing is left when the tests are killed.
  const child = spawn(process.execPath, [path.join(__dirname, 'postgres-server.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  async function nextAnswer(): Promise<Answer> {
    const line = await lines.next();
    if (line.done) throw new Error('The process of the PostgreSQL server ended.');
    const answer = JSON.parse(line.value) as Answer;
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer;
  }

  async function order(word: 'start' | 'stop' | 'kill'): Promise<void> {
    child.stdin.write(`${word}\n`);
    await nextAnswer();
  }

  const { port } = await nextAnswer();
  return {
    ...databasesOf(Number(port)),
    stop: () => order('stop'),
    kill: () => order('kill'),
    start: () => order('start'),
    async close() {
      child.stdin.end();
      await exited;
    },
  };
}

/** Databases of their own, on the server that all tests share. Their names are made unlike those of other tests. */
export async function sharedPostgres(): Promise<Databases> {
  const { url, database } = databasesOf(Number(process.env.TEST_POSTGRES_PORT));
  for (const until = Date.now() + READY_LIMIT_MS; ;) {
    try {
      await runOn(url, 'select 1');
      break;
    } catch (error) {
      if (Date.now() > until) throw error;
      await sleep(50);
    }
  }
  const own = randomUUID();
  return { url, database: (name) => database(`${name} ${own}`) };
}

const READY_LIMIT_MS = 20_000;

function databasesOf(port: number): Databases {
  const urlOf = (name: string): string =>
    `postgres://telltale:secret-of-the-test@127.0.0.1:${port}/${encodeURIComponent(name)}`;
  return {
    url: urlOf('postgres'),
    async database(name) {
      await runOn(urlOf('postgres'), `create database "${name}"`);
      return urlOf(name);
    },
  };
}

/** Runs statements on a connection of their own. */
export async function runOn(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'pg';

/** A real PostgreSQL server on loopback, with its data in a temporary directory. */
export interface PostgresServer {
  /** Of a database that is there from the start; its user may do everything. */
  readonly url: string;
  /** Makes a fresh database and gives its address. The name has to be new. */
  database(name: string): Promise<string>;
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
  const urlOf = (name: string): string => `postgres://telltale:secret-of-the-test@127.0.0.1:${port}/${name}`;
  return {
    url: urlOf('postgres'),
    async database(name) {
      await runOn(urlOf('postgres'), `create database "${name}"`);
      return urlOf(name);
    },
    stop: () => order('stop'),
    kill: () => order('kill'),
    start: () => order('start'),
    async close() {
      child.stdin.end();
      await exited;
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

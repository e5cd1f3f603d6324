const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { createServer } = require('node:net');
const path = require('node:path');

/**
 * Starts one PostgreSQL server for all tests that only want a database of their own: a server for each of them took a
 * third of the time of all tests. It is ready some moments later; `sharedPostgres` waits for it.
 */
module.exports = async function setUp() {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address();
  free.close();
  await once(free, 'close');
  process.env.TEST_POSTGRES_PORT = String(port);
  const server = spawn(process.execPath, [path.join(__dirname, 'postgres-server.mjs')], {
    stdio: ['pipe', 'ignore', 'inherit'],
    env: { ...process.env, PORT: String(port) },
  });
  // It ends when its standard input does, so with jest, however that ends.
  globalThis.sharedPostgres = server;
};

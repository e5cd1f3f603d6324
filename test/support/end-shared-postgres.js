const { once } = require('node:events');

module.exports = async function tearDown() {
  const server = globalThis.sharedPostgres;
  if (server.exitCode !== null) return;
  server.stdin.end();
  await once(server, 'exit');
};

// Exits, and sends messages meanwhile. Says which were taken, and how long that took.
const path = require('node:path');

const [, , compiled, messages] = process.argv;
const { sendAtExit } = require(path.join(compiled, 'post', 'post-at-exit.js'));

process.on('exit', () => {
  const before = performance.now();
  const leftovers = JSON.parse(messages).map((message) => ({
    messages: [{ headers: {}, tls: {}, body: Buffer.from('x'), ...message }],
    settle: ([isTaken]) => (isTaken ? 0 : 1),
  }));
  const lost = sendAtExit(leftovers, 2000, process.env);
  process._rawDebug(JSON.stringify({ lost, tookMs: performance.now() - before }));
});
process.exit(3);

/** `npm run logs`: reads the log files. Builds only what was never built: who looks for an error does not want to wait. */
const { spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const path = require('node:path');

const entry = path.join(__dirname, '..', 'dist', 'src', 'logs.js');
if (!existsSync(entry)) {
  // What is printed belongs to the lines of the log.
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: path.join(__dirname, '..'),
    stdio: ['ignore', process.stderr, process.stderr],
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(1);
}
require(entry);

/** `npm run dev`: builds and runs the bot. Node runs this anew whenever a source changes. */
const { spawnSync } = require('node:child_process');

const { status } = spawnSync('npm', ['run', '--silent', 'build'], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
});
if (status === 0) require('../dist/src/main.js');
else console.error('The build failed; waiting for a change.');

const { readFileSync } = require('node:fs');
const { default: Sequencer } = require('@jest/test-sequencer');

const STARTS_PROCESSES = /\/support\/bot'|ecs-lines'|createForeignStage|startPostgres|node:child_process/;
const isLong = ({ path, duration }) =>
  duration === undefined && STARTS_PROCESSES.test(readFileSync(path, 'utf8'));

/**
 * Begins with the longest suites, so that no processor waits for them at the end. Jest does that by what it remembers
 * of other runs; in a fresh clone it remembers none, and takes those that start processes for short ones.
 */
module.exports = class extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))];
  }
};

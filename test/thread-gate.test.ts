import { Worker } from 'node:worker_threads';
import { once } from 'node:events';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { createGateMemory, gateOf, shutGate } from '../src/thread-gate';
import { temporaryDirectory } from './stats/database/support';

const COMPILED = path.resolve(__dirname, '../dist/src');
const directory = temporaryDirectory();

test('a gate that is open lets calls through, their results and errors too', () => {
  const { through } = gateOf(createGateMemory());
  expect(through(() => 7)).toBe(7);
  expect(() =>
    through(() => {
      throw new Error('inside');
    }),
  ).toThrow('inside');
  expect(through(() => 8)).toBe(8);
});

test('whoever shuts it learns whether a call is still on', () => {
  const memory = createGateMemory();
  const { through } = gateOf(memory);
  const during = through(() => [shutGate(memory, 0), shutGate(memory, 20)]);
  expect(during).toEqual([false, false]);
  expect(shutGate(memory, 0)).toBe(true);
  expect(shutGate(memory, 0)).toBe(true);
});

test('a thread that comes to a shut gate waits there, and can be ended', async () => {
  const memory = createGateMemory();
  const state = new Int32Array(memory);
  const worker = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
     const { gateOf } = require(workerData.gate);
     const { through } = gateOf(workerData.memory);
     parentPort.on('message', () => {
       through(() => parentPort.postMessage('through'));
       setImmediate(() => through(() => parentPort.postMessage('through again')));
     });
     parentPort.postMessage('ready');`,
    { eval: true, workerData: { memory, gate: path.join(COMPILED, 'thread-gate.js') } },
  );
  await once(worker, 'message');
  expect(shutGate(memory, 1000)).toBe(true);
  const told = jest.fn();
  worker.on('message', told);
  worker.postMessage('go');
  await worker.terminate();
  expect(told).not.toHaveBeenCalled();
  expect(Atomics.load(state, 0)).not.toBe(0);
});

test('a process whose threads are in the middle of writing and reading ends as it means to', () => {
  for (const how of ['exit', 'terminate', 'exit', 'terminate', 'exit']) {
    const { status, signal, stderr } = spawnSync(
      process.execPath,
      [path.join(__dirname, 'thread-ending.cjs'), COMPILED, path.join(directory, 'bot.db'), how],
      { encoding: 'utf8' },
    );
    expect({ status, signal, stderr }).toEqual({ status: 7, signal: null, stderr: '' });
  }
});

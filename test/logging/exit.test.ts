import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformFileSync } from '@swc/core';
import { cleanUp, lines, temporaryDirectory } from './support';

const root = join(__dirname, '..', '..');

afterEach(cleanUp);

/** The logging as JavaScript, where a process of its own can run it. */
function compile(): string {
  const directory = temporaryDirectory();
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
  for (const folder of ['src/logging', 'src/logging/formats', 'src/telemetry']) {
    mkdirSync(join(directory, folder), { recursive: true });
    for (const name of readdirSync(join(root, folder)).filter((file) => file.endsWith('.ts'))) {
      const { code } = transformFileSync(join(root, folder, name), {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs' },
      });
      writeFileSync(join(directory, folder, name.replace(/ts$/, 'js')), code);
    }
  }
  return directory;
}

/** Runs a program that has `logging` and `log`, and returns its exit code and where it logged to. */
function run(program: string): { status: number | null; directory: string; stderr: string } {
  const compiled = compile();
  const directory = join(compiled, 'logs');
  const script = `
    const { createLogging } = require('./src/logging/logging');
    const { createInvocationContext } = require('./src/logging/context');
    const logging = createLogging({ level: 'debug', consoleLevel: 'error', directory: ${JSON.stringify(directory)},
      maxSizeBytes: 1e6, backupCount: 100, format: 'json', secrets: [], service: { name: 't', version: '1' },
      context: createInvocationContext(), stdout: process.stdout });
    const log = logging.logger('main');
    ${program}`;
  const { status, stderr } = spawnSync(process.execPath, ['-e', script], { cwd: compiled, encoding: 'utf8' });
  return { status, directory, stderr };
}

describe('a process', () => {
  it('that exits after close has every line of a burst in its files', () => {
    const { status, directory, stderr } = run(`
      for (let n = 0; n < 50000; n += 1) log.info('line', { n });
      logging.close().then(() => process.exit(3));`);
    expect({ status, stderr }).toEqual({ status: 3, stderr: '' });
    expect(lines(directory)).toHaveLength(50_000);
  });

  it('that dies of an exception has the last line that it wrote', () => {
    const { status, directory } = run(`
      process.on('uncaughtException', async (error) => {
        log.error('dying', { error });
        await logging.close();
        process.exit(1);
      });
      log.info('before');
      setTimeout(() => { throw new Error('boom'); }, 1);`);
    expect(status).toBe(1);
    expect(lines(directory).map(({ message }) => message)).toEqual(['before', 'dying']);
    expect(lines(directory, 'error')).toMatchObject([{ error: { message: 'boom' } }]);
  });

  it('that just ends, without close, is not kept alive and loses nothing', () => {
    const { status, directory } = run(`log.info('only');`);
    expect(status).toBe(0);
    expect(lines(directory)).toHaveLength(1);
  });

  it('survives a disk that is full from its first line to its last', () => {
    const { status, stderr } = run(`
      const fs = require('node:fs');
      const path = require('node:path');
      fs.mkdirSync(${JSON.stringify('logs')}, { recursive: true });
      fs.symlinkSync('/dev/full', path.join('logs', 'bot-' + new Date().toISOString().slice(0, 10) + '.log'));
      for (let n = 0; n < 1000; n += 1) log.info('line', { n });
      setTimeout(() => logging.close().then(() => process.exit(logging.counts().dropped === 1000 ? 0 : 9)), 100);`);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

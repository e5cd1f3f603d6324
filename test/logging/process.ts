import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { transformFileSync } from '@swc/core';
import { temporaryDirectory } from './support';

const root = join(__dirname, '..', '..');

export interface ProcessOptions {
  readonly directory: string;
  readonly maxSizeBytes?: number;
  readonly backupCount?: number;
  readonly compress?: boolean;
  readonly nodeOptions?: readonly string[];
}

export interface LoggingProcess {
  kill(signal: NodeJS.Signals): void;
  /** Resolves once it has printed this to stdout. */
  printed(text: string): Promise<void>;
  readonly ended: Promise<{
    readonly status: number | null;
    readonly stdout: string;
    readonly stderr: string;
  }>;
}

/** The logging as JavaScript, where a process of its own can run it. Gives the directory. */
export function compileLogging(): string {
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

/** Runs a program that has `logging` and `log` in a process of its own. */
export function runLogging(compiled: string, program: string, options: ProcessOptions): LoggingProcess {
  const { directory, maxSizeBytes = 1e6, backupCount = 1000, compress = false, nodeOptions = [] } = options;
  const script = `
    const fs = require('node:fs');
    const { createLogging } = require('./src/logging/logging');
    const { createInvocationContext } = require('./src/logging/context');
    const directory = ${JSON.stringify(directory)};
    const logging = createLogging({ level: 'debug', consoleLevel: 'error', directory,
      maxSizeBytes: ${maxSizeBytes}, backupCount: ${backupCount}, compress: ${compress},
      format: 'json', secrets: [], service: { name: 't', version: '1', commit: '2' },
      context: createInvocationContext(), stdout: process.stdout });
    const log = logging.logger('main');
    ${program}`;
  const child = spawn(process.execPath, [...nodeOptions, '-e', script], { cwd: compiled });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk));
  const stderr = text(child.stderr);
  const closed = once(child, 'close');
  return {
    kill: (signal) => void child.kill(signal),
    async printed(wanted) {
      while (!printed.includes(wanted) && child.exitCode === null) await once(child.stdout, 'data');
    },
    ended: closed.then(async () => ({ status: child.exitCode, stdout: printed, stderr: await stderr })),
  };
}

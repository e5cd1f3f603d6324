import path from 'node:path';
import { runLogs } from './log-reader/run';
import { readLogDirectory, SettingsError } from './settings';

/** The entry of `npm run logs`. */

const EXIT_SETTINGS = 2;

const stop = new AbortController();
process.once('SIGINT', () => stop.abort()).once('SIGTERM', () => stop.abort());

runLogs({
  arguments: process.argv.slice(2),
  environment: process.env,
  defaultDirectory: () =>
    readLogDirectory({
      environment: process.env,
      workingDirectory: process.cwd(),
      configDirectory: process.env.NODE_CONFIG_DIR ?? path.resolve(__dirname, '..', '..', 'config'),
    }),
  stdout: process.stdout,
  stderr: process.stderr,
  stop,
  now: Date.now,
}).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.exitCode = error instanceof SettingsError ? EXIT_SETTINGS : 1;
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  },
);

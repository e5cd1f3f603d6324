import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseConsoleLine, type ConsoleLine } from './console-line';
import { readSettled, type Settled } from './settled';

export interface BotProcessOptions {
  /** Compiled; run by itself, as `npm start` runs `src/main`. */
  readonly entry: string;
  /** Its `.env`, if there is one, is read: an empty directory, then. */
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly onLine: (line: ConsoleLine) => void;
  readonly onSettled: (settled: Settled) => void;
}

export interface BotExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface BotProcess {
  readonly pid: number | undefined;
  /** Resolves when it has ended, whyever, and all it said has been read. */
  readonly exited: Promise<BotExit>;
  /** Asks it to stop, once, and waits; after the limit it is killed. May be called again. */
  stop(limitMs: number): Promise<BotExit>;
  /** Ends it now. */
  kill(this: void): void;
}

/**
 * Runs the bot in a process of its own. It has its own process group, so that Ctrl-C reaches the demo alone, and it is
 * on a leash: when the demo is gone, it stops.
 */
export function startBot(options: BotProcessOptions): BotProcess {
  const { entry, workingDirectory, environment, onLine, onSettled } = options;
  const child = spawn(
    process.execPath,
    ['--enable-source-maps', '--require', path.join(__dirname, 'leash.js'), entry],
    { cwd: workingDirectory, env: environment, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
  );
  child.on('message', (message) => {
    const settled = readSettled(message);
    if (settled !== null) onSettled(settled);
  });
  const exited = exitOf(child, onLine);
  let stopping: Promise<BotExit> | null = null;
  const stop = async (limitMs: number): Promise<BotExit> => {
    const waited = new AbortController();
    child.kill('SIGTERM');
    const limit = sleep(limitMs, undefined, { signal: waited.signal }).then(
      () => child.kill('SIGKILL'),
      () => undefined,
    );
    const exit = await exited;
    waited.abort();
    await limit;
    return exit;
  };
  return {
    pid: child.pid,
    exited,
    stop: (limitMs) => (stopping ??= stop(limitMs)),
    kill: () => void child.kill('SIGKILL'),
  };
}

async function exitOf(child: ChildProcess, onLine: (line: ConsoleLine) => void): Promise<BotExit> {
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => onLine(parseConsoleLine(line)));
  }
  try {
    // Not `exit`: what it said last is still in the pipes then.
    await once(child, 'close');
  } catch (error) {
    onLine({ kind: 'raw', text: `The bot could not be started: ${String(error)}` });
  }
  return { code: child.exitCode, signal: child.signalCode };
}

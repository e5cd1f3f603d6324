import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../simulator';
import { parseExposition, type Exposition } from './exposition';

/** The compiled bot as a process, the way a user runs it, against a Discord on loopback. */

const root = path.resolve(__dirname, '..', '..');
const entry = path.join(root, 'dist', 'src', 'main.js');
/** Command directories of the tests, as `COMMANDS_DIRECTORY` names them. */
export const fixtures = (...names: string[]): string =>
  names.map((name) => path.join(root, 'test', 'fixtures', name)).join(path.delimiter);
/** The bot's own commands. */
export const ownCommands = path.join(root, 'dist', 'commands');

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export type LogLine = Readonly<Record<string, unknown>>;

export interface RunningBot {
  /** Where its HTTP server listens; waits until it does. */
  url(): Promise<string>;
  /** All that it has printed. */
  readonly output: () => string;
  /** Resolves once it has printed this. */
  printed(text: string | RegExp): Promise<void>;
  readonly ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
  metrics(): Promise<Exposition>;
  get(path: string): Promise<{ readonly status: number; readonly body: unknown }>;
  /** Every line of the log files of this kind, oldest first. */
  logLines(kind?: 'bot' | 'error'): Promise<LogLine[]>;
  readonly directory: string;
}

export interface Stage {
  discord(options?: SimulatorOptions): Promise<Simulator>;
  /** Starts a bot. With a simulator it is pointed there, and waited for until its commands are registered. */
  bot(discord: Simulator | null, environment?: Readonly<Record<string, string>>): Promise<RunningBot>;
  /** An empty directory, gone at the end. */
  directory(): Promise<string>;
  clear(): Promise<void>;
}

/** Keeps track of all that a test starts, so that nothing is left when it ends. */
export function createStage(): Stage {
  const closers: (() => Promise<unknown>)[] = [];
  async function makeDirectory(): Promise<string> {
    const directory = await mkdtemp(path.join(tmpdir(), 'telltale-'));
    closers.push(() => rm(directory, { recursive: true, force: true }));
    return directory;
  }
  return {
    directory: makeDirectory,
    async discord(options = {}) {
      const discord = await startSimulator(options);
      closers.push(() => discord.close());
      return discord;
    },
    async bot(discord, environment = {}) {
      const directory = await makeDirectory();
      const bot = spawnBot(directory, {
        ...(discord === null ? {} : { DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.apiUrl }),
        METRICS_PORT: '0',
        ...environment,
      });
      closers.unshift(async () => {
        bot.kill('SIGKILL');
        await bot.ended;
      });
      return bot;
    },
    async clear() {
      for (const close of closers.splice(0)) await close();
    },
  };
}

function spawnBot(directory: string, environment: Readonly<Record<string, string>>): RunningBot {
  const child = spawn(process.execPath, [entry], {
    cwd: directory,
    env: { PATH: process.env.PATH ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = collect(child);
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  const url = async (): Promise<string> => (await output.match(/Metrics at (http:\S+)\/metrics/))[1] ?? '';
  const get = async (route: string): Promise<Response> => fetch(`${await url()}${route}`);
  return {
    url,
    ended,
    directory,
    output: output.text,
    kill: (signal) => void child.kill(signal),
    async printed(text) {
      await output.match(typeof text === 'string' ? new RegExp(escape(text)) : text);
    },
    metrics: async () => parseExposition(await (await get('/metrics')).text()),
    async get(route) {
      const response = await get(route);
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json') === true;
      return { status: response.status, body: isJson ? (JSON.parse(text) as unknown) : text };
    },
    logLines: (kind = 'bot') => readLogs(path.join(directory, 'logs'), kind),
  };
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function collect(child: ChildProcess) {
  let text = '';
  const waiters = new Set<() => void>();
  const wake = (): void => waiters.forEach((look) => look());
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      wake();
    });
  }
  const state = { over: false };
  child.once('close', () => {
    state.over = true;
    wake();
  });
  return {
    text: () => text,
    match: (pattern: RegExp) =>
      new Promise<RegExpExecArray>((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(text);
          if (found === null && !state.over) return;
          waiters.delete(look);
          if (found === null)
            reject(new Error(`The bot ended and never printed ${String(pattern)}:\n${text}`));
          else resolve(found);
        };
        waiters.add(look);
        look();
      }),
  };
}

async function readLogs(directory: string, kind: string): Promise<LogLine[]> {
  const names = (await readdir(directory)).filter((name) => name.startsWith(`${kind}-`)).sort(byRotation);
  const texts = await Promise.all(names.map((name) => readFile(path.join(directory, name), 'utf8')));
  return texts.flatMap((text) =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as LogLine),
  );
}

/** `bot-2026-11-20.log` comes before `bot-2026-11-20.log.1`, and that before `.10`. */
function byRotation(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

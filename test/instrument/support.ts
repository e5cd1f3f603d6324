import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSimulator, type Exchange, type Simulator } from '../../simulator';
import { parseExposition, type Exposition } from '../support/exposition';

/** Bots of somebody else's, as processes, alone and with the compiled package registered. */

const root = path.resolve(__dirname, '..', '..');
export const fixtureBot = (...names: string[]): string =>
  path.join(root, 'test', 'fixtures', 'bots', ...names);

/** What is put before the bot's file on the command line. */
export const REGISTERED = ['--import', 'telltale/register'] as const;

export interface ForeignBot {
  readonly directory: string;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves once this is in what it has printed, wherever. */
  printed(text: string): Promise<void>;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  tell(message: string): void;
  kill(signal: NodeJS.Signals): void;
  metrics(): Promise<Exposition>;
  /** The metrics, once they say so. */
  metricsWhen(holds: (exposition: Exposition) => boolean): Promise<Exposition>;
  url(): string;
}

export interface ForeignStage {
  discord(): Promise<Simulator>;
  /** A directory where `telltale` is installed; gone at the end. */
  directory(): Promise<string>;
  start(options: {
    readonly bot: string;
    readonly node: readonly string[];
    readonly discord: Simulator | null;
    readonly environment?: Readonly<Record<string, string>>;
    readonly directory?: string;
  }): Promise<ForeignBot>;
  clear(): Promise<void>;
}

export function createForeignStage(): ForeignStage {
  const closers: (() => Promise<unknown>)[] = [];
  const directory = async (): Promise<string> => {
    const made = await mkdtemp(path.join(tmpdir(), 'telltale-foreign-'));
    closers.push(() => rm(made, { recursive: true, force: true }));
    await mkdir(path.join(made, 'node_modules'));
    await symlink(root, path.join(made, 'node_modules', 'telltale'));
    return made;
  };
  return {
    directory,
    async discord() {
      const discord = await startSimulator();
      closers.push(() => discord.close());
      return discord;
    },
    async start({ bot, node, discord, environment = {}, directory: given }) {
      const cwd = given ?? (await directory());
      const child = fork(bot, {
        cwd,
        execArgv: [...node],
        env: {
          PATH: process.env.PATH,
          METRICS_PORT: '0',
          ...(discord === null ? {} : { DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.apiUrl }),
          ...environment,
        },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      });
      const running = createForeignBot(child, cwd);
      closers.unshift(async () => {
        child.kill('SIGKILL');
        await running.ended;
      });
      return running;
    },
    async clear() {
      for (const close of closers.splice(0)) await close();
    },
  };
}

function createForeignBot(child: ChildProcess, directory: string): ForeignBot {
  const text = { stdout: '', stderr: '' };
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (chunk: string) => (text[name] += chunk));
  }
  const url = (): string => /metrics at (\S+)/.exec(text.stderr)?.[1] ?? '';
  const metrics = async (): Promise<Exposition> => parseExposition(await (await fetch(url())).text());
  return {
    directory,
    ended,
    url,
    metrics,
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    printed: (wanted) =>
      until(
        () => Promise.resolve(text.stdout.includes(wanted) || text.stderr.includes(wanted)),
        () => `${wanted} in ${text.stdout}${text.stderr}`,
      ),
    tell: (message) => void child.send(message),
    kill: (signal) => void child.kill(signal),
    async metricsWhen(holds) {
      let last = await metrics();
      await until(
        async () => holds((last = await metrics())),
        () => 'the metrics to say so',
      );
      return last;
    },
  };
}

/** Asks again and again, ever less often, for at most 10 s. */
export async function until(holds: () => Promise<boolean>, wanted: () => string): Promise<void> {
  const end = Date.now() + 10_000;
  for (let pauseMs = 20; !(await holds()); pauseMs = Math.min(pauseMs * 1.5, 200)) {
    if (Date.now() > end) throw new Error(`Waited in vain for ${wanted()}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** What a user saw of an interaction, without what differs from run to run. */
export async function seenOf(exchange: Exchange): Promise<unknown> {
  const { kind } = await exchange.answer();
  const messages = exchange.messages.map(({ content, ephemeral }) => ({ content, ephemeral }));
  return { kind, messages, attempts: exchange.callbacks.map(({ type, code }) => ({ type, code })) };
}

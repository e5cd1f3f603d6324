import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { startSimulator, type Simulator } from '../../simulator';

/** One side of a measurement: a bot as a process of its own, at a simulator of its own. */
export interface Subject {
  readonly name: string;
  /** Has so many interactions answered, and gives the CPU time that the process took for each, in microseconds. */
  measure(interactions: number): Promise<number>;
  /** Bytes of its heap that are in use, after a collection. */
  heapBytes(): Promise<number>;
  close(): Promise<void>;
}

export interface SubjectOptions {
  readonly name: string;
  /** The compiled file to run. */
  readonly entry: string;
  readonly environment: Readonly<Record<string, string>>;
  /** An empty directory to run in. */
  readonly directory: string;
  /** A compiled file that is loaded before it. */
  readonly preload?: string;
}

/** As many interactions are under way at once. */
const LANES = 20;

export async function startSubject({
  name,
  entry,
  environment,
  directory,
  preload,
}: SubjectOptions): Promise<Subject> {
  const discord = await startSimulator();
  const child = fork(entry, {
    cwd: directory,
    execArgv: [path.join(__dirname, 'probe.js'), ...(preload === undefined ? [] : [preload])].flatMap(
      (file) => ['--require', file],
    ),
    env: {
      PATH: process.env.PATH,
      DISCORD_TOKEN: discord.token,
      DISCORD_API_URL: discord.apiUrl,
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await discord.ready({ timeoutMs: 30_000 });
  return {
    name,
    async measure(interactions) {
      const before = await ask(child, 'cpu');
      await answerAll(discord, interactions);
      return ((await ask(child, 'cpu')) - before) / interactions;
    },
    heapBytes: () => ask(child, 'heap'),
    async close() {
      child.kill('SIGTERM');
      await once(child, 'exit');
      await discord.close();
    },
  };
}

async function answerAll(discord: Simulator, interactions: number): Promise<void> {
  const user = discord.user('kim');
  let left = interactions;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const state = await user.invoke({ name: 'reply' }).answer();
      if (state.kind !== 'answered') throw new Error(`an interaction ended as "${state.kind}"`);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

async function ask(child: ChildProcess, what: 'cpu' | 'heap'): Promise<number> {
  const answer = once(child, 'message');
  child.send(what);
  const [number] = (await answer) as [number];
  return number;
}

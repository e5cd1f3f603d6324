import path from 'node:path';
import { startSimulator, type Simulator } from '../index';
import type { ConsoleLine } from './bot/console-line';
import { keptDatabase, type KeptDatabase } from './bot/database';
import { botEnvironment, type Environment } from './bot/environment';
import { freePort } from './bot/port';
import { startBot, type BotProcess } from './bot/process';
import type { Settled } from './bot/settled';
import { createWorkplace } from './bot/workplace';
import { GUILDS, HOST } from './crowd/cast';

export interface BackstageOptions {
  /** The directory of `package.json`. */
  readonly root: string;
  /** Where the user is. */
  readonly workingDirectory: string;
  readonly environment: Environment;
  /** The bot's HTTP port as it was asked for; null: the usual one, or any if that is taken. */
  readonly port: number | null;
  readonly onLine: (line: ConsoleLine) => void;
  readonly onSettled: (settled: Settled) => void;
}

/** The simulator and the bot's process, side by side. */
export interface Backstage {
  readonly discord: Simulator;
  readonly bot: BotProcess;
  /** Where the bot's HTTP server listens. */
  readonly url: string;
  readonly logDirectory: string;
  /** Whether the logs stay when it closes: where `LOG_DIRECTORY` said where to put them. */
  readonly keepsLogs: boolean;
  /** Where the statistics stay, as `DATABASE_URL` said; null: they go with the rest. */
  readonly database: KeptDatabase | null;
  /** Why it is not the usual port; null if it is. */
  readonly portNote: string | null;
  /** Resolves when users can type. */
  ready(): Promise<void>;
  /** Stops the bot in order, then the simulator. Leaves nothing but what was asked for: logs, statistics. */
  close(): Promise<void>;
}

/** Far more often than Discord's, so that the gateway's latency is known soon. */
const HEARTBEAT_INTERVAL_MS = 5_000;
const USUAL_PORT = 9464;
const READY_LIMIT_MS = 60_000;
const SHUTDOWN_TIMEOUT_SECONDS = 5;
/** What the bot may take to end, beyond the time of its commands in flight. */
const SHUTDOWN_MARGIN_SECONDS = 5;

export async function openBackstage(options: BackstageOptions): Promise<Backstage> {
  const { root, environment, port: wanted, onLine, onSettled } = options;
  const workplace = await createWorkplace(root, environment.LOG_DIRECTORY);
  const { directory, configDirectory, logDirectory, keepsLogs } = workplace;
  const port = wanted === null || wanted === 0 ? await freePort(wanted ?? USUAL_PORT) : wanted;
  const discord = await startSimulator({
    guilds: GUILDS,
    owner: HOST.name,
    heartbeatIntervalMs: HEARTBEAT_INTERVAL_MS,
  });
  const database = keptDatabase(environment.DATABASE_URL, options.workingDirectory);
  const compiled = path.resolve(__dirname, '..', '..');
  const bot = startBot({
    entry: path.join(__dirname, 'bot', 'main.js'),
    workingDirectory: directory,
    onLine,
    onSettled,
    environment: botEnvironment(environment, {
      workingDirectory: options.workingDirectory,
      token: discord.token,
      apiUrl: discord.apiUrl,
      commandsDirectory: commandsDirectories(compiled, environment.COMMANDS_DIRECTORY),
      configDirectory,
      logDirectory,
      metricsPort: port,
      databaseUrl: database?.url ?? null,
      shutdownTimeoutSeconds: SHUTDOWN_TIMEOUT_SECONDS,
    }),
  });
  // However this process ends, if it can still do anything: the leash sees to the rest.
  process.once('exit', bot.kill);
  return {
    discord,
    bot,
    logDirectory,
    keepsLogs,
    database,
    url: `http://127.0.0.1:${port}`,
    portNote:
      wanted === null && port !== USUAL_PORT
        ? `Port ${USUAL_PORT} is taken, so it is ${port} this time.`
        : null,
    async ready() {
      await discord.ready({ timeoutMs: READY_LIMIT_MS });
      await discord.until(() => discord.commands().length > 0, { timeoutMs: READY_LIMIT_MS });
    },
    async close() {
      await bot.stop((SHUTDOWN_TIMEOUT_SECONDS + SHUTDOWN_MARGIN_SECONDS) * 1000);
      process.off('exit', bot.kill);
      await discord.close();
      await workplace.clear();
    },
  };
}

/** The user's own come first: of two commands with one name the first is taken. */
function commandsDirectories(compiled: string, own: string | undefined): string {
  const directories = [path.join(compiled, 'commands'), path.join(__dirname, 'commands')];
  const first = (own ?? '').split(path.delimiter).filter(Boolean);
  return [...first.map((directory) => path.resolve(directory)), ...directories].join(path.delimiter);
}

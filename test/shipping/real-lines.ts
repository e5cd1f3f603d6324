import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Simulator } from '../../simulator';
import { fixtures, type LogLine, type RunningBot, type Stage } from '../support/bot';
import { startReceiver, startServer } from '../tracing/support';

/** What a bot wrote while its commands ended in every way there is, in the order in which it was written. */
export interface RealLines {
  /** In the format that was asked for. */
  readonly stdout: readonly LogLine[];
  /** Always JSON. */
  readonly files: readonly LogLine[];
  /** Names of what stands in its log directory. */
  readonly names: readonly string[];
}

/** A bot starts in a second, and in many of them where others take the processor. */
export const STARTING_MS = 60_000;

/** Runs commands of each ending in the compiled bot, stops it, and gives what it wrote. */
export async function realLines(stage: Stage, format: 'json' | 'ecs'): Promise<RealLines> {
  const discord = await stage.discord();
  const collector = await startReceiver();
  const upstream = await startServer((_, response) => response.writeHead(500).end());
  const bot = await stage.bot(discord, {
    NODE_ENV: 'production',
    LOG_FORMAT: format,
    COMMANDS_DIRECTORY: fixtures('endings', 'kinds', 'broken', 'upstream'),
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    TARGET_URL: upstream.url,
  });
  const died = bot.ended.then(() => Promise.reject(new Error(`The bot ended:\n${bot.output()}`)));
  await Promise.race([discord.registered(['ok', 'say'], { timeoutMs: STARTING_MS / 2 }), died]);
  const started = await everyEnding(discord, bot);
  await settled(bot, started);
  bot.kill('SIGTERM');
  await bot.ended;
  await collector.close();
  await upstream.close();
  return {
    stdout: jsonLines(bot.output()),
    files: await bot.logLines(),
    names: await readdir(path.join(bot.directory, 'logs')),
  };
}

/** The lines that are JSON: Node itself may print others. */
function jsonLines(text: string): LogLine[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as LogLine);
}

/** A file of this repository. */
export function repositoryFile(...names: string[]): Promise<string> {
  return readFile(path.resolve(__dirname, '..', '..', ...names), 'utf8');
}

/** All over a second: Discord's clock, which says whole seconds, is known by answers at different places of one. */
const SLOW_MS = [150, 300, 450, 600, 750, 900, 1050];

const LINES = [
  ...Array<string>(12).fill('/ok'),
  ...SLOW_MS.map((ms) => `/slow ms:${ms}`),
  '/refuse',
  '/owner',
  '/sync-throw',
  '/throw-undefined',
  '/late',
  '/unanswered',
  '/hang',
  '/upstream',
];

/** Each ending and each kind; gives how many invocations that makes. */
async function everyEnding(discord: Simulator, bot: RunningBot): Promise<number> {
  const kim = discord.user('kim');
  const jun = discord.user('jun');
  // Two faults of Discord: its rate limit, which only delays, and a permission that is not there.
  const headers = { 'retry-after': '0.05', 'x-ratelimit-scope': 'shared' };
  discord.faults.rest({ path: /callback$/, times: 1, status: 429, headers });
  await kim.type('/ok').answer();
  const refusal = discord.faults.rest({ path: /callback$/, times: 1, status: 403, code: 50013 });
  await jun.type('/ok').until(() => refusal.hits === 1);

  const typed = LINES.map((line, index) => (index % 3 === 0 ? jun : kim).type(line));
  const cooldowns = [kim.type('/cooldown'), kim.type('/cooldown')];
  const failures = [jun.type('/async-throw'), jun.type('/async-throw')];
  const others = [kim.complete('/ticket close id:t'), jun.menu('Who is it', { target: kim })];
  jun.say('@bot say fail');
  kim.say('@bot say hello');
  const panels = [kim.type('/collect'), jun.type('/collect')];
  const messages = await Promise.all(panels.map((panel) => panel.message()));
  await settled(bot, panels.length, 'collect'); // Their collectors are open.
  const presses = [kim.press(messages[0]!, 'go'), jun.press(messages[1]!, 'break')];
  const said = 2;
  const faulty = 2;
  return [...typed, ...cooldowns, ...failures, ...others, ...panels, ...presses].length + said + faulty;
}

/** Resolves once so many invocations of the command, or of all, are in the log. */
async function settled(bot: RunningBot, count: number, command?: string): Promise<void> {
  for (;;) {
    const lines = (await bot.logLines()).filter((line) => line.event === 'command_settled');
    if (lines.filter((line) => command === undefined || line.command === command).length >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

import { openBackstage } from './backstage';
import type { Environment } from './bot/environment';
import type { BotExit } from './bot/process';
import { surfaceOf } from './console/open';
import { Ledger } from './ledger';
import type { DemoOptions } from './options';
import { perform } from './performance';
import type { Reporter } from './reporter';
import type { Stopper } from './stopper';
import { span, type Line } from './view/rich';

export interface Surroundings {
  /** The directory of `package.json`. */
  readonly root: string;
  /** Where the user is. */
  readonly workingDirectory: string;
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly environment: Environment;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
}

const LAST_WORDS = 8;

/**
 * Starts everything, lets people type, and stops everything when the stopper says so.
 *
 * @returns the exit code: 0, or 1 if the bot ended by itself.
 */
export async function runDemo(
  options: DemoOptions,
  { root, workingDirectory, input, output, environment, now, random }: Surroundings,
  stopper: Stopper,
): Promise<0 | 1> {
  const surface = surfaceOf(input, output, environment);
  const ledger = new Ledger();
  const lastWords: string[] = [];
  const destinations: string[] = [];
  let reporter: Reporter | null = null;
  const backstage = await openBackstage({
    root,
    workingDirectory,
    environment,
    port: options.port,
    onSettled: (settled) => ledger.settle(settled),
    onLine(line) {
      if (line.kind === 'raw' || (line.kind === 'log' && line.level === 'error')) lastWords.push(line.text);
      if (line.kind === 'destination') destinations.push(line.text);
      reporter?.relay(line);
    },
  });
  const { bot } = backstage;
  const botEnded = bot.exited.then(() => stopper.request({ kind: 'bot_ended' }));
  try {
    const isReady = backstage.ready().then(() => null);
    const early = await Promise.race([isReady, stopper.requested]);
    const onReporter = (opened: Reporter): void => void (reporter = opened);
    const reason =
      early ??
      (await perform({
        options,
        backstage,
        destinations,
        ledger,
        surface,
        stopper,
        now,
        random,
        onReporter,
      }));
    if (reason.kind === 'asked') return 0;
    await botEnded;
    output.write(`${surface.paint(farewell(await bot.exited, lastWords.slice(-LAST_WORDS)))}\n`);
    return 1;
  } finally {
    await backstage.close();
  }
}

/** What there is to say of a bot that has ended by itself. */
function farewell({ code, signal }: BotExit, lastWords: readonly string[]): readonly Line[] {
  const how = signal === null ? `with exit code ${code ?? 'none'}` : `by ${signal}`;
  const said = lastWords.length === 0 ? ' and said nothing.' : ' and said:';
  return [
    [span(`The bot ended by itself ${how}${said}`, 'red')],
    ...lastWords.map((text) => [span(`  ${text}`, 'red')]),
  ];
}

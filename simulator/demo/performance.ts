import { setTimeout as sleep } from 'node:timers/promises';
import type { Backstage } from './backstage';
import { readMetrics, readStats } from './bot/numbers';
import type { Display } from './console/display';
import { openConsole, type Surface } from './console/open';
import { Session } from './console/session';
import { CROWD } from './crowd/cast';
import { startCrowd } from './crowd/crowd';
import { introLines } from './intro';
import type { Ledger } from './ledger';
import { readOpening, type Opening } from './opening';
import type { DemoOptions } from './options';
import { createReporter, type Reporter } from './reporter';
import { createStage, type Stage } from './stage';
import type { StopReason, Stopper } from './stopper';
import { summaryLines, type BotNumbers } from './summary';
import { span, type Line } from './view/rich';

export interface PerformanceOptions {
  readonly options: DemoOptions;
  readonly backstage: Backstage;
  /** Where its bot says that traces and errors go. */
  readonly destinations: readonly string[];
  readonly ledger: Ledger;
  readonly surface: Surface;
  readonly stopper: Stopper;
  readonly now: () => number;
  readonly random: () => number;
  /** Is handed who shows the lines of the bot's console from now on. */
  readonly onReporter: (reporter: Reporter) => void;
}

/** For how long interactions in flight are waited for at the end; the slowest are stopped by the bot after 4 s. */
const SETTLE_LIMIT_MS = 8_000;
const DEFAULT_COLUMNS = 100;
const ASKED: StopReason = { kind: 'asked' };

/**
 * The demo between its start and its end: people type until there is a reason to stop; then, unless the bot has ended
 * by itself, everything is stopped in order and the sums are done.
 */
export async function perform(options: PerformanceOptions): Promise<StopReason> {
  const { backstage, ledger, surface, stopper } = options;
  const stage = createStage(backstage.discord, ledger, options.now);
  const opening = await readOpening(backstage);
  const display = openDisplay(options, stage, opening);
  try {
    const { verbose, seconds } = options.options;
    const reporter = createReporter({ display, stage, ledger, verbose });
    options.onReporter(reporter);
    ledger.onSettled((entry) => reporter.report(entry));
    const leave = enterCrowd(options, stage, display);
    const limit = seconds === null ? undefined : setTimeout(() => stopper.request(ASKED), seconds * 1000);
    const reason = await stopper.requested;
    clearTimeout(limit);
    leave();
    if (reason.kind === 'bot_ended') return reason;

    reporter.stop();
    const numbers = await takeStock(options, opening);
    await reporter.flush();
    display.status([span(' Stopping the bot…', 'dim')]);
    await backstage.close();
    display.close();
    const lines = [...summaryLines(ledger, numbers), ...whatStays(backstage)];
    surface.output.write(`${surface.paint(lines)}\n`);
    return reason;
  } finally {
    display.close();
  }
}

function openDisplay(options: PerformanceOptions, stage: Stage, { missing }: Opening): Display {
  const { backstage, destinations, ledger, surface, stopper } = options;
  const { interactive } = surface;
  const intro = introLines({
    ...backstage,
    destinations,
    missing,
    pid: backstage.bot.pid,
    rate: options.options.rate,
    interactive,
    columns: surface.output.columns || DEFAULT_COLUMNS,
  });
  surface.output.write(`${surface.paint(intro)}\n`);
  const stop = (): void => stopper.request(ASKED);
  return openConsole({
    surface,
    createSession: (view) =>
      new Session({ ...view, stage, ledger, discord: backstage.discord, onQuit: stop, missing }),
    onInterrupt: () => stopper.signal(),
    // With a time of its own, the demo does not end with what is typed.
    onEnd: () => {
      if (interactive || options.options.seconds === null) stop();
    },
  });
}

/** Lets the pretend users in. Returns how to send them away. */
function enterCrowd({ options, random }: PerformanceOptions, stage: Stage, display: Display): () => void {
  if (options.rate === 0) return () => undefined;
  return startCrowd({
    people: CROWD,
    rate: options.rate,
    random,
    act(person, deed) {
      try {
        stage.act(person, deed);
      } catch (error) {
        // Such as a command whose module could not be loaded.
        display.print([[span(`  ${person.name} could not type ${deed.line}: ${String(error)}`, 'red')]]);
      }
    },
  });
}

/** Waits for what is in flight, and asks the bot for its numbers. */
async function takeStock(
  { backstage, ledger }: PerformanceOptions,
  { stored }: Opening,
): Promise<BotNumbers> {
  backstage.discord.faults.clear();
  const waited = new AbortController();
  const limit = sleep(SETTLE_LIMIT_MS, undefined, { signal: waited.signal }).catch(() => undefined);
  await Promise.race([ledger.idle(), limit, backstage.bot.exited]);
  waited.abort();
  const orNull = (): null => null;
  return {
    stats: await readStats(backstage.url).catch(orNull),
    stored,
    metrics: await readMetrics(backstage.url).catch(orNull),
  };
}

function whatStays({ keepsLogs, logDirectory, database }: Backstage): readonly Line[] {
  const gone = database === null ? 'Everything is gone again, the logs too' : 'The logs are gone again';
  const lines = [
    ...(database === null ? [] : [`  Statistics: ${database.name}`]),
    keepsLogs ? `  Logs: ${logDirectory}` : `  ${gone}: LOG_DIRECTORY=logs npm run demo keeps them.`,
  ];
  return lines.map((text) => [span(text)]);
}

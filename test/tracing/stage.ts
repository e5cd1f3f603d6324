import type { Exchange, Simulator } from '../../simulator';
import { createStage, fixtures, type LogLine, type RunningBot } from '../support/bot';
import { startReceiver, type Answer, type Receiver } from './support';

/** The bot as it is run, with commands that go places, and a collector to send its traces to. */

const COMMANDS = ['journey', 'fine', 'loaded', 'panel', 'hang'];

export interface Running {
  readonly discord: Simulator;
  readonly bot: RunningBot;
}

export interface TracingStage {
  receiver(this: void, answer?: Answer): Promise<Receiver>;
  /** Sends what waits after 20 ms. */
  start(environment: Readonly<Record<string, string>>): Promise<Running>;
  /** To be called at the end. */
  closing(close: () => Promise<void>): void;
  clear(): Promise<void>;
}

export function createTracingStage(): TracingStage {
  const stage = createStage();
  const closers: (() => Promise<void>)[] = [];
  return {
    async receiver(answer) {
      const receiver = await startReceiver(answer);
      closers.push(receiver.close);
      return receiver;
    },
    async start(environment) {
      const discord = await stage.discord();
      const bot = await stage.bot(discord, {
        COMMANDS_DIRECTORY: fixtures('tracing'),
        OTEL_BSP_SCHEDULE_DELAY: '20',
        ...environment,
      });
      await discord.registered(COMMANDS);
      return { discord, bot };
    },
    closing: (close) => void closers.push(close),
    async clear() {
      await stage.clear();
      for (const close of closers.splice(0)) await close();
    },
  };
}

/** Asks until there is something; rejected after 10 s. */
export async function eventually<Value>(
  look: () => Promise<Value | undefined> | Value | undefined,
): Promise<Value> {
  const latest = Date.now() + 10_000;
  for (;;) {
    const value = await look();
    if (value !== undefined) return value;
    if (Date.now() > latest) throw new Error(`Waited in vain for ${look.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The line that settles an exchange, once it is in the file. */
export function settledLine(bot: RunningBot, { id }: Exchange): Promise<LogLine> {
  return eventually(async () => {
    const lines = await bot.logLines();
    return lines.find((line) => line.event === 'command_settled' && line.interaction_id === id);
  });
}

/** Uses a command so many times at once, each by a user of their own; resolves when all are answered. */
export function useMany(discord: Simulator, line: string, times: number): Promise<readonly Exchange[]> {
  return Promise.all(
    Array.from({ length: times }, async (_, index) => {
      const exchange = discord.user(`user ${index}`).type(line);
      await exchange.message();
      return exchange;
    }),
  );
}

/** Ends the bot; gives how long it took, in milliseconds. */
export async function stop(bot: RunningBot): Promise<number> {
  const before = performance.now();
  bot.kill('SIGTERM');
  expect(await bot.ended).toEqual({ code: 0, signal: null });
  return performance.now() - before;
}

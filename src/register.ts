import { createRequire } from 'node:module';
import { isMainThread, workerData } from 'node:worker_threads';
import { botDirectories } from './discord/instrument/bot-directories';
import { instrumentEveryLogin } from './discord/instrument/every-login';
import type * as Entry from './instrument';

/**
 * The entry of `node --import telltale/register bot.js`: from now on every client of the bot's own discord.js is
 * instrumented as it logs in. Whatever goes wrong here is a line on stderr, and the bot runs on.
 */

/** Threads inherit what a process was started with: our own, and those that a bot calculates in, have no client. */
function mayHaveClients(): boolean {
  const isOurs = typeof workerData === 'object' && workerData !== null && 'gate' in workerData;
  return isMainThread || (process.env.SHARDING_MANAGER_MODE === 'worker' && !isOurs);
}

function say(text: string): void {
  process.stderr.write(`Telltale: ${text}\n`);
}

function register(): void {
  try {
    instrumentEveryLogin(botDirectories(process.argv, process.cwd()), {
      say,
      instrument(client) {
        // It takes a moment to load, which only a bot need spend.
        const { instrument } = createRequire(__filename)('./instrument') as typeof Entry;
        instrument(client);
      },
    });
  } catch (error) {
    say(`this bot is not measured, and runs on. ${error instanceof Error ? error.message : String(error)}`);
  }
}

if (mayHaveClients()) register();

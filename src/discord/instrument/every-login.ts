import { createRequire } from 'node:module';
import path from 'node:path';
import { replaceFunction } from '../rest/replace';
import type { DiscordClient } from './client';

export interface EveryLoginOptions {
  /** Called with each client, before it logs in; it may throw. */
  readonly instrument: (client: DiscordClient) => void;
  /** Tells the operator. */
  readonly say: (text: string) => void;
}

type Login = (this: DiscordClient, ...args: unknown[]) => Promise<string>;

/**
 * Has every client of a bot instrumented as it logs in, by the one class that all of them have or inherit, whether
 * they come to it by `require` or by `import`.
 *
 * @param directories where to look for the bot's own discord.js, first to last.
 * @returns what undoes it.
 */
export function instrumentEveryLogin(directories: readonly string[], options: EveryLoginOptions): () => void {
  const { instrument, say } = options;
  const found = findDiscordjs(directories);
  if (found === null) {
    say(`no discord.js was found from ${directories.join(' or ')}: nothing is measured.`);
    return () => undefined;
  }
  const { version, Client } = found;
  if (!version.startsWith('14.')) {
    say(`discord.js ${version} is not measured, only versions 14.`);
    return () => undefined;
  }
  return replaceFunction(Client.prototype, 'login', (login) => {
    return function (...args) {
      try {
        instrument(this);
      } catch (error) {
        say(
          `this bot is not measured, and runs on. ${error instanceof Error ? error.message : String(error)}`,
        );
      }
      return Reflect.apply(login, this, args);
    };
  });
}

interface Discordjs {
  readonly version: string;
  readonly Client: { readonly prototype: { readonly login: Login } };
}

function findDiscordjs(directories: readonly string[]): Discordjs | null {
  for (const directory of directories) {
    const load = createRequire(path.join(directory, 'index.js'));
    const file = resolve(load);
    if (file !== null) return load(file) as Discordjs;
  }
  return null;
}

function resolve(load: NodeJS.Require): string | null {
  try {
    return load.resolve('discord.js');
  } catch {
    return null; // It is not there.
  }
}

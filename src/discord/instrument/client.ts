import type { EventEmitter } from 'node:events';
import type { Client } from 'discord.js';

/**
 * A client of discord.js 14, as much of it as has to be told: it may come from another copy of the library than ours,
 * whose types are not the same to TypeScript.
 */
export interface DiscordClient extends EventEmitter {
  readonly rest: object;
  readonly options: object;
  readonly ws: object;
  login(token?: string): Promise<string>;
}

/** The client with the types of our copy of the library, which is used for its types alone. */
export function typed(client: DiscordClient): Client {
  const untyped: unknown = client;
  return untyped as Client;
}

/** Which discord.js the client comes from: it says so to Discord. */
export function versionOf({ options }: Client): string {
  return /discord\.js\/(\S+)/.exec(options.rest?.userAgentAppendix ?? '')?.[1] ?? 'unknown';
}

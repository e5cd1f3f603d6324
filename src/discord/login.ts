import { DiscordAPIError, DiscordjsErrorCodes, Routes, Team, type Client, type REST } from 'discord.js';
import type { Logger } from '../logging/logger';

/** Getting into Discord: waiting for it where it is away, and saying plainly where it says no. */

/** Discord will not let this bot in, and trying again will not change that. */
export class LoginError extends Error {
  override readonly name = 'LoginError';
}

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Resolves once Discord answers and takes the token. Tries again, ever more slowly, for as long as Discord is away.
 *
 * @throws LoginError if Discord refuses the token.
 * @throws whatever the signal is aborted with.
 */
export async function awaitDiscord(options: {
  readonly rest: REST;
  readonly token: string;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}): Promise<void> {
  const { rest, token, logger, signal, sleep } = options;
  rest.setToken(token);
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
    try {
      await rest.get(Routes.gatewayBot(), { signal });
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof DiscordAPIError && error.status === 401) throw tokenRefused(error);
      const reason = error instanceof Error ? error.message : String(error);
      logger.warn(`Discord cannot be reached; trying again in ${pauseMs / 1000} s. (${reason})`);
      await sleep(pauseMs, signal);
    }
  }
}

/**
 * Opens the gateway connections.
 *
 * @throws LoginError with what to do, if Discord refuses.
 */
export async function login(client: Client, token: string): Promise<void> {
  try {
    await client.login(token);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (/disallowed intents/i.test(error.message)) {
      throw new LoginError(
        'Discord refuses the intents that were asked for; allow them on the "Bot" page of the Developer Portal.',
        { cause: error },
      );
    }
    if (isAboutToken(error)) throw tokenRefused(error);
    throw new LoginError(`Discord refuses the login: ${error.message}`, { cause: error });
  }
}

/** Refused by the REST API, or by the gateway (4004). */
function isAboutToken(error: Error): boolean {
  const isInvalid = 'code' in error && error.code === DiscordjsErrorCodes.TokenInvalid;
  return isInvalid || error.message === 'Authentication failed';
}

function tokenRefused(cause: Error): LoginError {
  return new LoginError(
    'Discord refused the token. Copy it anew from the "Bot" page of https://discord.com/developers/applications ' +
      'into DISCORD_TOKEN (or .env): a token that was reset or leaked stops working.',
    { cause },
  );
}

/** The users who own the application: its owner, or the members of its team. None where Discord does not say. */
export async function fetchOwnerIds(client: Client<true>, logger: Logger): Promise<readonly string[]> {
  try {
    const { owner } = await client.application.fetch();
    if (owner instanceof Team) return [...owner.members.keys()];
    return owner === null ? [] : [owner.id];
  } catch (error) {
    logger.warn('Discord does not say who owns this bot; name the owners in BOT_OWNER_IDS.', { error });
    return [];
  }
}

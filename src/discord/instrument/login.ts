import type { Client } from 'discord.js';
import { replaceFunction } from '../rest/replace';
import { typed, type DiscordClient } from './client';

/**
 * Calls back once, when the client logs in, whichever way that comes about: with the token, before anything is asked
 * of Discord. At once if it has logged in already.
 *
 * @returns how to stop waiting.
 */
export function whenLoggingIn(given: DiscordClient, loggingIn: (token: string) => void): () => void {
  const client = typed(given);
  const { rest, token } = client;
  if (hasLoggedIn(client) && token !== null) {
    loggingIn(token);
    return () => undefined;
  }
  let isOver = false;
  const stop = replaceFunction(rest, 'setToken', (setToken) => (next) => {
    const result = setToken.call(rest, next);
    // `destroy` takes it away again.
    if (isOver || typeof next !== 'string') return result;
    isOver = true;
    stop();
    loggingIn(next);
    return result;
  });
  return () => {
    isOver = true;
    stop();
  };
}

/** That it has a token says nothing: it takes one from the environment when it is made. */
function hasLoggedIn({ ws }: Client): boolean {
  const manager: unknown = Reflect.get(ws, '_ws');
  return typeof manager === 'object' && manager !== null;
}

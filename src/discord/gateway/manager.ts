import type { WebSocketManager } from '@discordjs/ws';

/** The gateway manager inside a client, and what of it only the private fields of discord.js 14 give. */

/**
 * Calls back with every gateway manager that a client makes, before it connects, and with the one it has. It takes the
 * place of a field, so nothing of the client's options is touched: a `buildStrategy` of its own stays as it is.
 *
 * @param ws `client.ws` of any discord.js 14. Where it has no such field, nothing is called back.
 * @returns how to stop.
 */
export function eachManager(ws: object, found: (manager: WebSocketManager) => void): () => void {
  if (!('_ws' in ws)) return () => undefined;
  let current = ws._ws;
  const field = { configurable: true, enumerable: true };
  Object.defineProperty(ws, '_ws', {
    get: () => current,
    set(next: unknown) {
      current = next;
      if (isManager(next)) found(next);
    },
    ...field,
  });
  if (isManager(current)) found(current);
  return () => void Object.defineProperty(ws, '_ws', { value: current, writable: true, ...field });
}

/**
 * Closes a shard's connection and starts a fresh session, as discord.js itself does after an invalid one.
 *
 * @returns null where the strategy keeps its shards out of reach, as that with threads does.
 */
export function startAfresh(manager: WebSocketManager, shard: number): Promise<unknown> | null {
  const strategy: unknown = Reflect.get(manager, 'strategy');
  const shards: unknown = isObject(strategy) ? Reflect.get(strategy, 'shards') : null;
  const connection: unknown = isMapLike(shards) ? shards.get(shard) : null;
  if (!isObject(connection)) return null;
  const destroy: unknown = Reflect.get(connection, 'destroy');
  if (typeof destroy !== 'function') return null;
  return Promise.resolve(
    Reflect.apply(destroy, connection, [{ reason: 'Deaf connection', recover: RECONNECT }]),
  );
}

/** `WebSocketShardDestroyRecovery.Reconnect`, whichever copy of the library the client has. */
const RECONNECT = 0;

function isManager(value: unknown): value is WebSocketManager {
  return isObject(value) && 'fetchGatewayInformation' in value && 'on' in value;
}

function isMapLike(value: unknown): value is ReadonlyMap<unknown, unknown> {
  return isObject(value) && 'get' in value && typeof value.get === 'function';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

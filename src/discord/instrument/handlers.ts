import { types } from 'node:util';
import type { Client, Interaction } from 'discord.js';
import { replaceFunction } from '../rest/replace';

type Handler = (this: unknown, ...args: unknown[]) => unknown;

/** What the functions of a command or of a component's handler are called, in the guide and in most bots. */
const FUNCTIONS = ['execute', 'run', 'autocomplete'] as const;

/** Sees the handlers that a bot keeps by name in collections on its client, such as the guide's `client.commands`. */
export interface Handlers {
  /** Whether the bot holds a handler for this interaction; from now on it is watched. */
  find(interaction: Interaction): boolean;
  /** Whether the bot holds a handler of this name. */
  has(name: string): boolean;
  /** Gives the bot its own functions back. */
  close(): void;
}

/** Neither may throw. */
interface Told {
  /** What a handler gave; gives what its caller gets for it. */
  readonly returned: (result: unknown) => unknown;
  /** What it threw at once. */
  readonly threw: (error: unknown) => void;
}

/**
 * Bots catch what their commands throw, to answer that something went wrong; so it is seen where it is thrown. What a
 * handler is called with and throws stays what it was; what it returns is the teller's to pass on.
 */
export function watchHandlers(client: Client, told: Told): Handlers {
  // By the handler, and no longer than it lives: some bots make one for each message.
  const restores = new WeakMap<object, () => void>();

  function watch(handlers: Map<unknown, unknown>, key: string, handler: object): void {
    if (restores.has(handler)) return;
    restores.set(handler, () => undefined);
    if (types.isModuleNamespaceObject(handler)) {
      const stand = standIn(handler, told);
      set(handlers, key, stand);
      restores.set(stand, () => set(handlers, key, handler));
      return;
    }
    if (Object.isSealed(handler)) return; // Then the bot's own catching hides what it throws.
    const functions = handler as Record<(typeof FUNCTIONS)[number], Handler>;
    const giveBack = FUNCTIONS.filter((name) => typeof functions[name] === 'function').map((name) =>
      replaceFunction(functions, name, (own) => watched(own, told)),
    );
    restores.set(handler, () => giveBack.splice(0).forEach((restore) => restore()));
  }

  return {
    find(interaction) {
      const key = keyOf(interaction);
      if (key === null) return false;
      let isHeld = false;
      for (const handlers of collectionsOf(client)) {
        const handler = get(handlers, key);
        if (!isHandler(handler)) continue;
        isHeld = true;
        watch(handlers, key, handler);
      }
      return isHeld;
    },
    has: (name) => collectionsOf(client).some((handlers) => isHandler(get(handlers, name))),
    close() {
      for (const handlers of collectionsOf(client)) {
        for (const handler of [...handlers.values()]) if (isHandler(handler)) restores.get(handler)?.();
      }
    },
  };
}

/** None of the bot's own code runs in it: properties that are functions behind are passed over. */
function collectionsOf(client: Client): Map<unknown, unknown>[] {
  const found: Map<unknown, unknown>[] = [];
  for (const name of Object.keys(client)) {
    const value: unknown = Object.getOwnPropertyDescriptor(client, name)?.value;
    if (types.isMap(value)) found.push(value);
  }
  return found;
}

function get(handlers: ReadonlyMap<unknown, unknown>, key: unknown): unknown {
  return Map.prototype.get.call(handlers, key);
}

function set(handlers: Map<unknown, unknown>, key: unknown, handler: object): void {
  Map.prototype.set.call(handlers, key, handler);
}

function watched(own: Handler, { returned, threw }: Told): Handler {
  return function (...args) {
    let result: unknown;
    try {
      result = Reflect.apply(own, this, args);
    } catch (error) {
      threw(error);
      throw error;
    }
    return returned(result);
  };
}

function keyOf(interaction: Interaction): string | null {
  if ('commandName' in interaction) return interaction.commandName;
  return 'customId' in interaction ? interaction.customId : null;
}

function isHandler(value: unknown): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    FUNCTIONS.some((name) => typeof Reflect.get(value, name) === 'function')
  );
}

/** A module of ECMAScript cannot be changed: what the collection holds in its place is like it in all but this. */
function standIn(module: object, told: Told): object {
  const substitutes = new Map<unknown, Handler>();
  return new Proxy(module, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function' || !FUNCTIONS.some((one) => one === name)) return value;
      const substitute = substitutes.get(value) ?? watched(value as Handler, told);
      substitutes.set(value, substitute);
      return substitute;
    },
  });
}

import type { APIApplicationCommand } from 'discord-api-types/v10';
import type { World } from '../world';
import { CommandScope } from './store';

/** All registered commands, by scope, and the writes that made them. */
export interface CommandBook {
  /** Everywhere (null), or one server. */
  scope(guildId: string | null): CommandScope;
  /** What a user in this place can type: the server's own commands first. */
  available(guildId: string | null): readonly APIApplicationCommand[];
  names(): readonly string[];
  readonly writes: readonly { readonly method: string; readonly path: string }[];
  wrote(method: string, path: string): void;
}

export function createCommandBook(world: World): CommandBook {
  const scopes = new Map<string | null, CommandScope>();
  const writes: { method: string; path: string }[] = [];
  const scope = (guildId: string | null): CommandScope => {
    const known = scopes.get(guildId) ?? new CommandScope(world, guildId);
    scopes.set(guildId, known);
    return known;
  };
  return {
    scope,
    writes,
    wrote: (method, path) => void writes.push({ method, path }),
    available: (guildId) =>
      guildId === null ? scope(null).all : [...scope(guildId).all, ...scope(null).all],
    names: () => [...scopes.values()].flatMap((one) => one.all.map((command) => command.name)),
  };
}

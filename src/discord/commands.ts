import { Collection } from 'discord.js';
import type { CommandsLoaded } from '../telemetry/event';
import type { CommandModule } from './command';
import type { LoadedCommand, LoadedCommands } from './loader';

/** The commands that there are, found by what was typed. */
export interface CommandTable {
  /** Gives the command that answers to this name, whatever its subcommands. */
  find(kind: LoadedCommand['kind'], name: string): LoadedCommand | null;
  /** As the discord.js guide's commands expect it at `client.commands`. */
  readonly collection: Collection<string, CommandModule>;
  readonly loadedEvent: CommandsLoaded;
}

export function createCommandTable(loaded: LoadedCommands): CommandTable {
  const table = new Map(loaded.commands.map((command) => [`${command.kind} ${command.name}`, command]));
  const collection = new Collection<string, CommandModule>();
  for (const { name, module } of loaded.commands) if (!collection.has(name)) collection.set(name, module);
  return {
    find: (kind, name) => table.get(`${kind} ${name}`) ?? null,
    collection,
    loadedEvent: {
      type: 'commands_loaded',
      loaded: loaded.loaded,
      failed: loaded.failed.length,
      names: loaded.commands.flatMap(({ kind, paths, module }) => [
        ...paths.map((command) => ({ command, kind })),
        ...(module.autocomplete === undefined
          ? []
          : paths.map((command) => ({ command, kind: 'autocomplete' as const }))),
      ]),
    },
  };
}

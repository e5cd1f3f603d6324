import { Collection } from 'discord.js';
import { COMPONENT_KINDS, type CommandsLoaded } from '../telemetry/event';
import type { CommandModule } from './command';
import { matchRoute, type ComponentRoute } from './component-routes';
import type { LoadedCommand, LoadedCommands } from './loader';

/** Whose component was used. */
export interface FoundComponent {
  readonly command: LoadedCommand;
  readonly route: ComponentRoute;
  readonly params: Readonly<Record<string, string>>;
}

/** The commands that there are, found by what was typed or pressed. */
export interface CommandTable {
  /** Gives the command that answers to this name, whatever its subcommands. */
  find(kind: LoadedCommand['kind'], name: string): LoadedCommand | null;
  /** Gives the route that answers to this custom id. */
  findComponent(customId: string): FoundComponent | null;
  /** Gives the command that is counted under this name: a full path of it, or a route. */
  findCounted(name: string): LoadedCommand | null;
  /** Those that can be called in a message too. */
  readonly text: readonly LoadedCommand[];
  /** As the discord.js guide's commands expect it at `client.commands`. */
  readonly collection: Collection<string, CommandModule>;
  readonly loadedEvent: CommandsLoaded;
}

export function createCommandTable(loaded: LoadedCommands): CommandTable {
  const table = new Map(loaded.commands.map((command) => [`${command.kind} ${command.name}`, command]));
  const routes = loaded.commands.flatMap((command) => command.routes.map((route) => ({ command, route })));
  const counted = new Map(
    loaded.commands.flatMap((command) =>
      [...command.paths, ...command.routes.map(({ name }) => name)].map((name) => [name, command] as const),
    ),
  );
  const collection = new Collection<string, CommandModule>();
  for (const { name, module } of loaded.commands) if (!collection.has(name)) collection.set(name, module);
  return {
    find: (kind, name) => table.get(`${kind} ${name}`) ?? null,
    findComponent(customId) {
      const segments = customId.split(':');
      for (const { command, route } of routes) {
        const params = matchRoute(route, segments);
        if (params !== null) return { command, route, params };
      }
      return null;
    },
    findCounted: (name) => counted.get(name) ?? null,
    text: loaded.commands.filter(({ text }) => text),
    collection,
    loadedEvent: {
      type: 'commands_loaded',
      loaded: loaded.loaded,
      failed: loaded.failed.length,
      names: loaded.commands.flatMap(namesOf),
    },
  };
}

function namesOf({ kind, paths, module, routes, text }: LoadedCommand): CommandsLoaded['names'] {
  const components = new Set(routes.map(({ name }) => name));
  const ways = [
    kind,
    ...(text ? (['text'] as const) : []),
    ...(module.autocomplete === undefined ? [] : (['autocomplete'] as const)),
  ];
  return [
    ...ways.flatMap((way) => paths.map((command) => ({ command, kind: way }))),
    ...[...components].flatMap((command) => COMPONENT_KINDS.map((each) => ({ command, kind: each }))),
  ];
}

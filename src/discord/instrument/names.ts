import type { Interaction } from 'discord.js';
import { OTHER } from '../../telemetry/event';
import { matchRoute, routesOf, type ComponentRoute } from '../component-routes';
import { pathOf } from '../interaction-facts';

/**
 * What the interactions of a bot that is not ours are counted under. Discord sends only commands that are registered,
 * but their names are text from outside all the same, and custom ids are whatever the bot likes, such as what a user
 * typed. So the set is closed by three rules: what the bot is seen to know is in it (a command that it holds, has
 * registered or has fetched; a declared route; the key of a handler), a command that it has answered or stumbled over is
 * in it from then on, and it is full at some size. All else is `_other`.
 */
export interface Name {
  /** For the log, which may say everything. */
  readonly shown: string;
  /** For a label, where that is certain beforehand; else null. */
  readonly counted: string | null;
  /** For a label. Whether the bot has done anything with it is known once it has settled. */
  countedIf(isHandled: boolean): string;
}

export interface Names {
  /** @param parent the name of the command that put the component there, if that is known. */
  of(interaction: Interaction, parent: string | null): Name;
}

/** What a bot is seen to know. */
export interface Known {
  /** Whether it holds what this interaction is for, or has it from Discord: a component by its exact custom id. */
  isHeld(this: void, interaction: Interaction): boolean;
  hasCommand(this: void, name: string): boolean;
}

/** Discord lets a bot have 110 commands everywhere, and subcommands of each. */
const MOST_COMMANDS = 500;
const MOST_COMPONENTS = 50;

/**
 * Reads routes as command modules declare them: `ticket:close:{id}` counts as `ticket:close`.
 *
 * @throws Error that says which is wrong.
 */
export function declaredRoutes(routes: readonly string[]): readonly ComponentRoute[] {
  return routesOf(Object.fromEntries(routes.map((route) => [route, () => undefined])));
}

export function createNames(declared: readonly ComponentRoute[], bot: Known): Names {
  const commands = createClosedSet(MOST_COMMANDS);
  const components = createClosedSet(MOST_COMPONENTS);

  function routeName(customId: string): string | null {
    if (declared.length === 0) return null;
    const segments = customId.split(':');
    return declared.find((route) => matchRoute(route, segments) !== null)?.name ?? null;
  }

  function commandName(path: string, interaction: Interaction): Name {
    const known = commands(path, () => bot.isHeld(interaction));
    const countedIf = (isHandled: boolean): string => commands(path, () => isHandled)?.counted ?? OTHER;
    return known ?? { shown: path, counted: null, countedIf };
  }

  function heldName(customId: string, interaction: Interaction): Name | null {
    // Some bots keep a handler for each message: its key has an id in it.
    return /^\D+$/.test(customId) ? components(customId, () => bot.isHeld(interaction)) : null;
  }

  function wordName(word: string): Name | null {
    if (declared.some((route) => route.name === word)) return certain(word);
    return commands(word, () => bot.hasCommand(word));
  }

  return {
    of(interaction, parent) {
      const path = pathOf(interaction);
      if (path !== null) return commandName(path, interaction);
      const customId = 'customId' in interaction ? interaction.customId : '';
      const route = routeName(customId);
      if (route !== null) return certain(route);
      if (parent !== null && parent !== OTHER) return certain(parent);
      const word = firstWord(customId);
      const named = heldName(customId, interaction) ?? (word === null ? null : wordName(word));
      return named ?? { shown: word ?? OTHER, counted: OTHER, countedIf: () => OTHER };
    },
  };
}

function certain(name: string): Name {
  return { shown: name, counted: name, countedIf: () => name };
}

/** Up to so many names. It gives one that is in it, or that may enter it while there is room. */
function createClosedSet(most: number): (name: string, mayEnter: () => boolean) => Name | null {
  const names = new Map<string, Name>();
  return (name, mayEnter) => {
    const before = names.get(name);
    if (before !== undefined) return before;
    if (names.size >= most || !mayEnter()) return null;
    const entered = certain(name);
    names.set(name, entered);
    return entered;
  };
}

const FIRST_WORD = /^([A-Za-z]{2,32})(?:[^A-Za-z0-9]|$)/;

/**
 * What a custom id begins with, `ticket` of `ticket_close-42`; null where that may be an id. It may be what a user typed,
 * so it is no label by itself.
 */
function firstWord(customId: string): string | null {
  return FIRST_WORD.exec(customId)?.[1] ?? null;
}

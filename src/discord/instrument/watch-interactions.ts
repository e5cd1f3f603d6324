import type { Client, Interaction } from 'discord.js';
import type { Logger } from '../../logging/logger';
import { Refusal } from '../../pipeline/outcome';
import type { ComponentRoute } from '../component-routes';
import { replaceFunction } from '../rest/replace';
import { watchHandlers, type Handlers } from './handlers';
import { watchListeners } from './listeners';
import { createNames } from './names';
import { createRuns, type BegunRun, type RunsOptions } from './runs';
import { sapphireCommand, sapphireEvents, sapphireHas, type HeardEvents } from './sapphire';

/** Every interaction of a client that is not ours becomes a job of the pipeline, and its bot notices nothing of it. */

export interface InteractionWatchOptions extends Omit<RunsOptions, 'names' | 'asFailure'> {
  readonly logger: Logger;
  readonly routes: readonly ComponentRoute[];
  /** Whether what the bot's code threw is a refusal, and no failure. */
  readonly isRefusal: (error: unknown) => boolean;
  /** Other events of the client that somebody wants to hear of. */
  readonly others: HeardEvents;
}

const INTERACTION_CREATE = 'interactionCreate';

type Emit = (this: Client, ...args: unknown[]) => boolean;

/**
 * Watches what the client emits, what its listeners give, and what its command handlers throw.
 *
 * @returns what undoes it.
 */
export function watchInteractions(client: Client, options: InteractionWatchOptions): () => void {
  const { context } = options;
  const aside = createAside(options.logger);
  const runs = createRuns({
    ...options,
    names: createNames(options.routes, {
      isHeld: (interaction) => aside(() => isHeld(client, handlers, interaction)) === true,
      hasCommand: (name) => aside(() => hasCommand(client, handlers, name)) === true,
    }),
    asFailure: (error) => (aside(() => options.isRefusal(error)) === true ? refusalOf(error) : error),
  });
  const handlers = watchHandlers(client, {
    returned: (result) => {
      const run = runs.find(null);
      return run === null ? result : run.relay(result);
    },
    threw: (error) => runs.find(null)?.fail(error),
  });
  const heard: HeardEvents = new Map([...sapphireEvents(client, runs.find), ...options.others]);
  let isClosed = false;

  function begin(interaction: unknown): BegunRun | null {
    const begun = runs.begin(interaction);
    if (begun !== null) aside(() => handlers.find(interaction as Interaction));
    return begun;
  }

  function emitInContext({ run, invocation, emitted }: BegunRun, emit: () => boolean): boolean {
    try {
      return context.run(invocation, emit);
    } catch (error) {
      run.fail(error);
      throw error;
    } finally {
      aside(emitted);
    }
  }

  const giveBackListeners = watchListeners(client, INTERACTION_CREATE, ([interaction], result) => {
    aside(() => runs.find(interaction)?.follow(result));
  });
  const giveBackEmit = replaceFunction(client as unknown as { emit: Emit }, 'emit', (emit) => {
    return function (...args) {
      const [event] = args;
      if (isClosed) return Reflect.apply(emit, this, args);
      if (event !== INTERACTION_CREATE) {
        const hear = heard.get(event);
        if (hear !== undefined) aside(() => hear(args.slice(1)));
        return Reflect.apply(emit, this, args);
      }
      const begun = aside(() => begin(args[1]));
      if (begun === null) return Reflect.apply(emit, this, args);
      return emitInContext(begun, () => Reflect.apply(emit, this, args));
    };
  });

  return () => {
    isClosed = true;
    giveBackEmit();
    giveBackListeners();
    handlers.close();
  };
}

/** Does what is ours alone: whatever happens in it, the bot does not notice. Null if nothing came of it. */
function createAside(logger: Logger): <Result>(look: () => Result) => Result | null {
  return (look) => {
    try {
      return look();
    } catch (error) {
      logger.debug('An interaction could not be looked at.', { error });
      return null;
    }
  };
}

/** Whether the bot is seen to have what this is for: it holds it, or has registered or fetched it through its client. */
function isHeld(client: Client, handlers: Handlers, interaction: Interaction): boolean {
  if (handlers.find(interaction) || sapphireCommand(client, interaction) !== null) return true;
  return 'commandId' in interaction && client.application?.commands.cache.has(interaction.commandId) === true;
}

function hasCommand(client: Client, handlers: Handlers, name: string): boolean {
  if (handlers.has(name) || sapphireHas(client, name)) return true;
  return client.application?.commands.cache.some((command) => command.name === name) === true;
}

function refusalOf(error: unknown): Refusal {
  return Refusal.is(error) ? error : new Refusal('user_error', error instanceof Error ? error.message : '');
}

import { ApplicationCommandOptionType, type Client } from 'discord.js';
import type { CommandModule, ReadModels } from '../../src/discord/command';
import { watchCollectors } from '../../src/discord/collectors';
import { limitsOf } from '../../src/discord/command-limits';
import { createCommandTable } from '../../src/discord/commands';
import { routesOf } from '../../src/discord/component-routes';
import { createCooldowns } from '../../src/discord/cooldowns';
import { failureReason } from '../../src/discord/failure-reason';
import type { LoadedCommand } from '../../src/discord/loader';
import { watchRest } from '../../src/discord/rest/watch-rest';
import { createRouter, type Router } from '../../src/discord/router';
import { createInvocationContext, type InvocationContext } from '../../src/logging/context';
import { createRunner } from '../../src/pipeline/run';
import type { InvocationSettled } from '../../src/telemetry/event';
import { createCommandMetrics } from '../../src/telemetry/sinks/command-metrics';
import { createRegistry } from '../../src/telemetry/sinks/registry';
import { keepingLogger } from '../pipeline/support';

/** Asks until it holds; rejected after 5 s. */
export async function waitFor(holds: () => boolean): Promise<void> {
  const latest = Date.now() + 5000;
  while (!holds()) {
    if (Date.now() > latest) throw new Error(`Waited in vain for ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

export interface ServedOptions {
  readonly readModels: ReadModels;
  readonly isOwner?: (userId: string) => boolean;
  readonly textPrefix?: string | null;
  readonly newTraceId?: () => string;
}

export interface Served {
  readonly settled: readonly InvocationSettled[];
  /** Commands whose runs made collectors. */
  readonly opened: readonly string[];
  readonly router: Router;
  readonly context: InvocationContext;
}

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
/** Serving a client anew takes the place of what served it before. */
const watched = new WeakMap<Client, () => void>();

/** Lets a client answer with these modules, as the bot does: everything from the router to the reply is real. */
export function serve(
  client: Client,
  modules: readonly CommandModule[],
  { readModels, isOwner = () => false, textPrefix = null, newTraceId = () => TRACE_ID }: ServedOptions,
): Served {
  const settled: InvocationSettled[] = [];
  const opened: string[] = [];
  const { logger } = keepingLogger();
  const monotonic = (): number => performance.now();
  const context = createInvocationContext();
  watched.get(client)?.();
  const collectors = watchCollectors(client, context, (event) => {
    if (event.type === 'collector_opened') opened.push(event.command);
  });
  const rest = watchRest(client.rest, {
    running: () => null,
    record: () => undefined,
    now: Date.now,
    monotonic,
    logger,
  });
  watched.set(client, () => {
    collectors.close();
    rest.close();
  });
  const table = createCommandTable({
    commands: modules.map(loadedFrom),
    loaded: modules.length,
    failed: [],
  });
  const router = createRouter({
    commands: table,
    runner: createRunner({
      record: (event) => {
        if (event.type === 'invocation_settled') settled.push(event);
      },
      context,
      logger,
      classify: (error) => failureReason(error, rest.hasThrown),
      monotonic,
      blockedSecondsBetween: () => 0,
      clockOffsetSeconds: () => null,
    }),
    answers: rest.answers,
    guards: { cooldowns: createCooldowns(Date.now), isOwner },
    readModels,
    commandMetrics: createCommandMetrics(createRegistry()),
    logger: () => logger,
    defaultTimeoutSeconds: 5,
    collectors,
    context,
    textPrefix,
    now: Date.now,
    monotonic,
    newTraceId,
  });
  client.removeAllListeners('interactionCreate');
  client.removeAllListeners('messageCreate');
  client.on('interactionCreate', (interaction) => void router.handle(interaction));
  client.on('messageCreate', (message) => void router.hear(message));
  return { settled, opened, router, context };
}

/** A module as the loader gives it. */
export function loadedFrom(module: CommandModule): LoadedCommand {
  const data = 'toJSON' in module.data ? module.data.toJSON() : module.data;
  const below = ('options' in data ? (data.options ?? []) : []).filter(
    ({ type }) => type === ApplicationCommandOptionType.Subcommand,
  );
  return {
    name: data.name,
    kind: 'chat_input',
    paths: below.length === 0 ? [data.name] : below.map(({ name }) => `${data.name} ${name}`),
    data,
    module,
    routes: routesOf(module.components),
    limits: limitsOf(module),
    text: module.text === true,
    file: `/commands/${data.name}.js`,
  };
}

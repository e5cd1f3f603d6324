import type { Client } from 'discord.js';
import { watchAnswers } from '../../src/discord/answers';
import type { CommandModule, ReadModels } from '../../src/discord/command';
import { createCommandTable } from '../../src/discord/commands';
import { routesOf } from '../../src/discord/component-routes';
import { createCooldowns } from '../../src/discord/cooldowns';
import { failureReason } from '../../src/discord/failure-reason';
import type { LoadedCommand } from '../../src/discord/loader';
import { createRouter, type Router } from '../../src/discord/router';
import { createInvocationContext } from '../../src/logging/context';
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
}

/** Lets a client answer with these modules, as the bot does: everything from the router to the reply is real. */
export function serve(
  client: Client,
  modules: readonly CommandModule[],
  { readModels, isOwner = () => false }: ServedOptions,
): { readonly settled: readonly InvocationSettled[]; readonly router: Router } {
  const settled: InvocationSettled[] = [];
  const { logger } = keepingLogger();
  const monotonic = (): number => performance.now();
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
      context: createInvocationContext(),
      logger,
      classify: failureReason,
      monotonic,
    }),
    answers: watchAnswers(client.rest, monotonic),
    guards: { cooldowns: createCooldowns(Date.now), isOwner },
    readModels,
    commandMetrics: createCommandMetrics(createRegistry()),
    logger: () => logger,
    defaultTimeoutSeconds: 5,
    now: Date.now,
    monotonic,
    newTraceId: () => '4bf92f3577b34da6a3ce929d0e0e4736',
  });
  client.removeAllListeners('interactionCreate');
  client.on('interactionCreate', (interaction) => void router.handle(interaction));
  return { settled, router };
}

/** A module as the loader gives it. */
export function loadedFrom(module: CommandModule): LoadedCommand {
  const data = 'toJSON' in module.data ? module.data.toJSON() : module.data;
  return {
    name: data.name,
    kind: 'chat_input',
    paths: [data.name],
    data,
    module,
    routes: routesOf(module.components),
    limits: { cooldown: module.cooldown, timeout: module.timeout, ownerOnly: module.ownerOnly === true },
    file: `/commands/${data.name}.js`,
  };
}

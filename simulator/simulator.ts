import { once } from 'node:events';
import { createEngine, type Engine } from './engine';
import type { Faults } from './faults';
import { isVisible } from './messages';
import type { Simulator, SimulatedUser, SimulatorOptions } from './types';
import { ActingUser } from './users';
import type { Person } from './world';

const DEFAULT_TIMEOUT_MS = 10_000;

/** Starts a Discord on loopback. Rejected if the port is taken. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const engine = createEngine(options);
  const { server } = engine;
  server.listen(options.port ?? 0, options.host ?? '127.0.0.1');
  await once(server, 'listening');
  return createFace(engine);
}

function createFace(engine: Engine): Simulator {
  const { backend, gateway, log, waiters } = engine;
  const { world, commands, messages } = backend;
  const user = createUsers(engine);
  const describe = (): string => describeState(engine);
  const until: Simulator['until'] = (predicate, { timeoutMs = DEFAULT_TIMEOUT_MS } = {}) =>
    waiters.until(predicate, timeoutMs, describe);
  return {
    apiUrl: `${engine.baseUrl()}/api`,
    token: engine.token,
    applicationId: world.bot.id,
    owner: user(world.owner),
    guilds: world.guilds,
    user: (name, traits = {}) => user(world.person(name, traits)),
    commands: (guildId) => commands.scope(guildId ?? null).all,
    commandWrites: commands.writes,
    ready: ({ shards = backend.shards, ...wait } = {}) => until(() => gateway.readyShards >= shards, wait),
    registered: (names, wait) => until(() => names.every((name) => commands.names().includes(name)), wait),
    until,
    channelMessages: (channelId, as) => messages.list(channelId).filter((one) => isVisible(one, as?.id)),
    rest: {
      get log() {
        return log.entries;
      },
      get counts() {
        return log.counts;
      },
    },
    gateway: {
      get connections() {
        return gateway.shards;
      },
    },
    faults: createFaults(engine),
    emit: (event, data, { shard } = {}) => gateway.emit(event, data, shard),
    close: createClose(engine),
  };
}

/** One user for each person. */
function createUsers({ backend }: Engine): (person: Person) => SimulatedUser {
  const users = new Map<string, SimulatedUser>();
  return (person) => {
    const user = users.get(person.id) ?? new ActingUser(person, backend);
    users.set(person.id, user);
    return user;
  };
}

function createFaults({ gateway, restFaults, refuseToken }: Engine): Faults {
  const { faults } = gateway;
  return {
    ...faults,
    rest: (fault) => restFaults.add(fault),
    rejectToken() {
      refuseToken(true);
      faults.closeGateway(4004);
    },
    clear() {
      refuseToken(false);
      restFaults.clear();
      faults.clear();
    },
  };
}

function describeState({ gateway, backend, log }: Engine): string {
  const newest = log.entries.slice(-5).map(({ method, path, status }) => `${method} ${path}: ${status}`);
  const names = backend.commands.names().join(', ') || 'none';
  return `(shards ready: ${gateway.readyShards}; commands: ${names}; newest requests: ${newest.join('; ') || 'none'})`;
}

function createClose({ server, gateway, backend, waiters }: Engine): () => Promise<void> {
  let closed: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    waiters.close();
    backend.exchanges.close();
    const ended = once(server, 'close');
    await gateway.close();
    server.close();
    server.closeAllConnections();
    await ended;
  };
  return () => (closed ??= close());
}

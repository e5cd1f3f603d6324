import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAttachments } from './attachments';
import type { Backend } from './backend';
import { createCommandBook } from './commands/book';
import { createRestFaults, type RestFaults } from './faults';
import { Gateway } from './gateway/gateway';
import { createStartLimits } from './gateway/limits';
import { createExchangeBook } from './interactions/book';
import { announceMessage } from './message-events';
import { createMessages } from './messages';
import { serveAttachment } from './rest/files';
import { createRestLog, type RestLog } from './rest/log';
import { createRateLimits } from './rest/rate-limits';
import { createRouter } from './rest/router';
import { applicationRoutes } from './rest/routes-application';
import { channelRoutes } from './rest/routes-channel';
import { interactionRoutes } from './rest/routes-interaction';
import { createRestHandler } from './rest/server';
import type { SimulatorOptions } from './types';
import { createWaiters, type Waiters } from './waiters';
import { createWorld, type World } from './world';

/** The parts of a simulator, put together; nothing listens yet. */
export interface Engine {
  readonly server: Server;
  readonly baseUrl: () => string;
  readonly token: string;
  readonly backend: Backend;
  readonly gateway: Gateway;
  readonly log: RestLog;
  readonly restFaults: RestFaults;
  readonly waiters: Waiters;
  /** From now on the token is refused, or taken again. */
  readonly refuseToken: (refused: boolean) => void;
}

const IDENTIFY_TIMEOUT_MS = 30_000;
const HEARTBEAT_INTERVAL_MS = 41_250;
const DEADLINE_MS = 3_000;
const TOKEN_LIFE_MS = 900_000;
const MAX_CONCURRENCY = 16;
const SESSION_STARTS = 1_000;
const POLL_MS = 10;
/** Longer than clients keep idle connections, so that none is closed under a request. */
const KEEP_ALIVE_MS = 65_000;

export function createEngine(options: SimulatorOptions): Engine {
  const { now = Date.now, guilds = [{ name: 'Harbour' }], owner = 'owner' } = options;
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS });
  const world = createWorld({ now, guilds, owner });
  const waiters = createWaiters(POLL_MS);
  // Not a secret: computed, so that no scanner of secrets takes it for one.
  const token = options.token ?? `${Buffer.from(world.bot.id).toString('base64url')}.simulated.token`;
  let refused = false;
  const acceptsToken = (given: string): boolean => !refused && given === token;
  const baseUrl = (): string => urlOf(server, options.host ?? '127.0.0.1');
  const limits = createStartLimits({
    now,
    total: options.sessionStartLimit ?? SESSION_STARTS,
    maxConcurrency: options.maxConcurrency ?? MAX_CONCURRENCY,
    enforced: options.maxConcurrency !== undefined,
  });
  const gateway = new Gateway(server, {
    world,
    limits,
    acceptsToken,
    disallowedIntents: options.disallowedIntents ?? 0,
    url: () => baseUrl().replace('http', 'ws'),
    heartbeatIntervalMs: options.heartbeatIntervalMs ?? HEARTBEAT_INTERVAL_MS,
    identifyTimeoutMs: options.identifyTimeoutMs ?? IDENTIFY_TIMEOUT_MS,
    onChange: () => waiters.changed(),
  });
  const backend = createBackend(options, { world, limits, gateway, waiters, baseUrl });
  const log = createRestLog();
  const restFaults = createRestFaults();
  serveRest({ server, options, backend, acceptsToken, log, restFaults, waiters });
  const refuseToken = (refuse: boolean): void => {
    refused = refuse;
  };
  return { server, baseUrl, token, backend, gateway, log, restFaults, waiters, refuseToken };
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  const port = isInternet(address) ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function isInternet(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

interface Parts {
  readonly world: World;
  readonly limits: Backend['limits'];
  readonly gateway: Gateway;
  readonly waiters: Waiters;
  readonly baseUrl: () => string;
}

function createBackend(options: SimulatorOptions, parts: Parts): Backend {
  const { world, limits, gateway, waiters, baseUrl } = parts;
  const exchanges = createExchangeBook({
    now: world.now,
    newId: world.newId,
    deadlineMs: options.deadlineMs ?? DEADLINE_MS,
    tokenLifeMs: options.tokenLifeMs ?? TOKEN_LIFE_MS,
  });
  const messages = createMessages(world, (change, message) => {
    announceMessage(change, message, world, gateway);
    exchanges.touch(message);
    waiters.changed();
  });
  return {
    world,
    messages,
    exchanges,
    limits,
    attachments: createAttachments(world.newId, baseUrl),
    commands: createCommandBook(world),
    shards: options.shards ?? 1,
    gatewayUrl: () => baseUrl().replace('http', 'ws'),
    dispatch(event, data, guildId, intents = 0) {
      for (const session of gateway.audience(guildId, intents)) session.dispatch(event, data);
    },
  };
}

interface RestParts {
  readonly server: Server;
  readonly options: SimulatorOptions;
  readonly backend: Backend;
  readonly acceptsToken: (token: string) => boolean;
  readonly log: RestLog;
  readonly restFaults: RestFaults;
  readonly waiters: Waiters;
}

function serveRest(parts: RestParts): void {
  const { server, options, backend, acceptsToken, log, restFaults, waiters } = parts;
  const closing = new AbortController();
  server.on('close', () => closing.abort());
  const handle = createRestHandler({
    backend,
    acceptsToken,
    log,
    match: createRouter([...applicationRoutes, ...interactionRoutes, ...channelRoutes]),
    rateLimits: options.rateLimits === true ? createRateLimits(backend.world.now) : null,
    faults: restFaults,
    latencyMs: options.restLatencyMs ?? 0,
    closing: closing.signal,
    onChange: () => waiters.changed(),
  });
  server.on('request', (request, response) => {
    if (serveAttachment(request, response, backend.attachments)) return;
    // The client has gone, or the simulator is closing: there is nobody to answer.
    handle(request, response).catch(() => response.destroy());
  });
}

import { SimpleShardingStrategy, WorkerShardingStrategy } from '@discordjs/ws';
import type { Client, ClientOptions } from 'discord.js';
import { watchGateway } from '../../src/discord/gateway';
import type { TelemetryEvent } from '../../src/telemetry/event';
import { createMetricsSink } from '../../src/telemetry/sinks/metrics';
import { createRegistry } from '../../src/telemetry/sinks/registry';
import type { Simulator, SimulatorOptions } from '../../simulator';
import { keepingLogger, type LoggedLine } from '../pipeline/support';
import { createHarbour } from '../simulator/support';
import { parseExposition } from '../support/exposition';
import { waitFor } from './support';

/** Whether commands can be taken, as the gateway’s connections come and go. */

const harbour = createHarbour();
afterEach(() => harbour.close());

type Change = Extract<TelemetryEvent, { type: 'shard_changed' }>['change']['kind'];

interface Watched {
  readonly discord: Simulator;
  readonly client: Client;
  readonly gateway: ReturnType<typeof watchGateway>;
  readonly events: readonly TelemetryEvent[];
  readonly lines: readonly LoggedLine[];
  /** What was said of readiness right after each change of this kind. */
  readonly readyAfter: (kind: Change) => readonly boolean[];
  readonly clock: { offsetMs: number; msPerDispatch: number };
  readonly value: (name: string, labels: Readonly<Record<string, string>>) => Promise<number | undefined>;
}

async function watch(options: SimulatorOptions = {}): Promise<Watched> {
  const clock = { offsetMs: 0, msPerDispatch: 0 };
  const { logger, lines } = keepingLogger();
  const events: TelemetryEvent[] = [];
  const readiness: [Change, boolean][] = [];
  const registry = createRegistry();
  const sink = createMetricsSink(registry);
  const gateway = watchGateway({
    logger,
    now: () => Date.now() + clock.offsetMs,
    record(event) {
      events.push(event);
      sink.record(event);
      if (event.type === 'gateway_dispatched') clock.offsetMs += clock.msPerDispatch;
      if (event.type === 'shard_changed') readiness.push([event.change.kind, gateway.readiness().ready]);
    },
  });
  const discord = await harbour.start(options);
  const client = harbour.createClient(discord, {
    shards: 'auto',
    ws: {
      buildStrategy: gateway.buildStrategy,
      buildIdentifyThrottler: () => Promise.resolve({ waitForIdentify: () => Promise.resolve() }),
    },
  });
  gateway.expect(() => (typeof client.options.shards === 'object' ? client.options.shards : []));
  return {
    ...{ discord, client, gateway, events, lines, clock },
    readyAfter: (kind) => readiness.filter(([change]) => change === kind).map(([, ready]) => ready),
    value: async (name, labels) => parseExposition((await registry.expose(false)).body).value(name, labels),
  };
}

async function loggedIn(options?: SimulatorOptions): Promise<Watched> {
  const watched = await watch(options);
  await watched.client.login(watched.discord.token);
  await waitFor(() => watched.gateway.readiness().ready);
  return watched;
}

it('it is not ready before the login, and ready once Discord has said so', async () => {
  const { discord, client, gateway, value } = await watch();
  expect(gateway.readiness()).toEqual({ ready: false, reasons: [expect.any(String)] });
  expect(gateway.liveness()).toEqual({ live: true, reasons: [] });
  const release = discord.faults.holdReady();
  const login = client.login(discord.token);
  await waitFor(() => discord.gateway.connections.length > 0);
  expect(gateway.readiness()).toEqual({ ready: false, reasons: ['shard 0 is not connected'] });
  release();
  await login;
  await waitFor(() => gateway.readiness().ready);
  expect(gateway.readiness()).toEqual({ ready: true, reasons: [] });
  expect(gateway.shards()).toMatchObject([{ shard: 0, up: true, latencySeconds: null }]);
  expect(await value('discord_shard_connections_total', { shard: '0', result: 'ready' })).toBe(1);
});

it('it is not ready while the connection is closed, and ready again once it has resumed', async () => {
  const { discord, gateway, readyAfter, value } = await loggedIn();
  discord.faults.closeGateway(4000);
  await waitFor(() => readyAfter('resumed').length === 1);
  expect(readyAfter('closed')).toEqual([false]);
  expect(readyAfter('resumed')).toEqual([true]);
  expect(gateway.readiness().ready).toBe(true);
  expect(await value('discord_shard_closes_total', { shard: '0', code: '4000' })).toBe(1);
  expect(await value('discord_shard_connections_total', { shard: '0', result: 'resumed' })).toBe(1);
  expect(await value('discord_shard_connections_total', { shard: '0', result: 'ready' })).toBe(1);
});

it('it is ready again after a session that could not be resumed', async () => {
  const { discord, gateway, readyAfter, value } = await loggedIn();
  discord.faults.refuseResumes(1);
  discord.faults.closeGateway(4000);
  await waitFor(() => readyAfter('ready').length === 2);
  expect(gateway.readiness().ready).toBe(true);
  expect(await value('discord_shard_connections_total', { shard: '0', result: 'ready' })).toBe(2);
  expect(await value('discord_shard_connections_total', { shard: '0', result: 'resumed' })).toBe(0);
  expect(await value('discord_shard_connections_total', { shard: '0', result: 'failed' })).toBe(1);
});

it('it is not ready once heartbeats have gone unanswered too long, and ready as soon as one is', async () => {
  const watched = await watch();
  const { discord, client, gateway, clock, events } = watched;
  clock.offsetMs = -91_000;
  await client.login(discord.token);
  await waitFor(() => gateway.readiness().ready);
  clock.offsetMs = -2000; // 89 s later.
  expect(gateway.readiness().ready).toBe(true);

  clock.offsetMs = 0;
  expect(gateway.readiness()).toEqual({
    ready: false,
    reasons: ['shard 0 has had no heartbeat acknowledged for 91 s'],
  });
  expect(gateway.liveness()).toEqual({ live: true, reasons: [] });
  expect(gateway.shards()).toMatchObject([{ lastHeartbeatAckAt: null }]); // READY is no acknowledgement.
  discord.faults.requestHeartbeat();
  await waitFor(() => gateway.readiness().ready);
  const [shard] = gateway.shards();
  expect(shard?.latencySeconds).toBeGreaterThanOrEqual(0);
  expect(shard?.latencySeconds).toBeLessThan(1);
  expect(events).toContainEqual({
    type: 'shard_changed',
    shard: 0,
    change: {
      kind: 'heartbeat_acknowledged',
      latencySeconds: shard?.latencySeconds,
      at: shard?.lastHeartbeatAckAt,
    },
  });
});

it('a zombie that discord.js leaves and resumes is seen going and coming, and is no reason to restart', async () => {
  const { discord, gateway, readyAfter, value } = await loggedIn({ heartbeatIntervalMs: 150 });
  await waitFor(() => (gateway.shards()[0]?.lastHeartbeatAckAt ?? null) !== null);
  discord.faults.stopAcks();
  await waitFor(() => readyAfter('resumed').length === 1);
  expect(readyAfter('closed')).toEqual([false]);
  expect(readyAfter('resumed')).toEqual([true]);
  expect(await value('discord_shard_closes_total', { shard: '0', code: '4200' })).toBe(1);
  expect(gateway.liveness().live).toBe(true);
});

/** Lets an hour pass in which something came every 10 s. */
async function beBusy({ discord, clock, events }: Watched): Promise<void> {
  const busy = events.length + 400;
  clock.msPerDispatch = 10_000;
  for (let i = 0; i < 400; i += 1) discord.emit('TYPING_START', {});
  await waitFor(() => events.length >= busy);
  clock.msPerDispatch = 0;
}

it('a deaf connection is found, starts a fresh session once, and is ready again; all of it is logged and counted', async () => {
  const watched = await loggedIn();
  const { discord, gateway, clock, readyAfter, lines, value } = watched;
  await beBusy(watched);
  discord.faults.stopDispatches();
  clock.offsetMs += 280_000;
  discord.faults.requestHeartbeat();
  await waitFor(() => readyAfter('heartbeat_acknowledged').length === 1);
  expect(gateway.readiness().ready).toBe(true);

  clock.offsetMs += 30_000;
  discord.faults.requestHeartbeat();
  await waitFor(() => readyAfter('found_deaf').length === 1);
  expect(readyAfter('found_deaf')).toEqual([false]);
  expect(gateway.readiness().reasons).toEqual([expect.stringMatching(/^shard 0 is deaf: .* for 3\d\d s$/)]);
  await waitFor(() => gateway.readiness().ready);
  expect(discord.gateway.connections).toMatchObject([{ identifies: 2, resumes: 0, closed: [1000] }]);
  expect(lines.filter(({ level }) => level === 'warn').map(({ message }) => message)).toEqual([
    'Shard 0 is deaf: heartbeats are answered, but nothing else comes. It starts a fresh session.',
  ]);
  expect(await value('discord_shard_found_deaf_total', { shard: '0' })).toBe(1);
  expect(await value('discord_shard_connections_total', { shard: '0', result: 'ready' })).toBe(2);
  expect(await value('discord_shard_connections_total', { shard: '0', result: 'failed' })).toBe(0);
});

it('a deaf shard whose fresh session does not come is not live five minutes later, and is once it comes', async () => {
  const watched = await loggedIn();
  const { discord, gateway, clock, readyAfter } = watched;
  await beBusy(watched);
  discord.faults.stopDispatches();
  const release = discord.faults.holdReady();
  clock.offsetMs += 400_000;
  discord.faults.requestHeartbeat();
  await waitFor(() => readyAfter('found_deaf').length === 1);
  expect(gateway.liveness().live).toBe(true);
  clock.offsetMs += 301_000;
  expect(gateway.liveness()).toEqual({ live: false, reasons: [expect.stringContaining('shard 0 is deaf')] });
  release();
  await waitFor(() => gateway.readiness().ready);
  expect(gateway.liveness()).toEqual({ live: true, reasons: [] });
});

it('a quiet bot is left alone, though nothing comes for days', async () => {
  const { discord, gateway, clock, readyAfter } = await loggedIn();
  for (let hour = 1; hour <= 48; hour += 1) {
    clock.offsetMs += 3_600_000;
    discord.faults.requestHeartbeat();
    await waitFor(() => readyAfter('heartbeat_acknowledged').length === hour);
    expect(gateway.readiness()).toEqual({ ready: true, reasons: [] });
  }
  expect(discord.gateway.connections).toMatchObject([{ identifies: 1, closed: [] }]);
});

it('a RESUME that is never answered, for which discord.js would wait for ever, ends in a fresh session', async () => {
  const { discord, gateway, clock, readyAfter } = await loggedIn();
  discord.faults.stopDispatches({ lasting: true });
  discord.faults.reconnect();
  await waitFor(() => discord.gateway.connections[0]?.resumes === 1);
  expect(gateway.readiness().reasons).toEqual(['shard 0 is not connected']);
  discord.faults.resumeDispatches();
  clock.offsetMs += 121_000;
  discord.faults.requestHeartbeat();
  await waitFor(() => gateway.readiness().ready);
  expect(readyAfter('found_deaf')).toEqual([false]);
  expect(readyAfter('ready')).toEqual([true, true]);
});

it('what Discord closes for good is not live: discord.js does not try again', async () => {
  const { discord, client, gateway, readyAfter } = await loggedIn();
  client.on('shardError', () => undefined);
  discord.faults.closeGateway(4014);
  await waitFor(() => readyAfter('closed').length === 1);
  expect(gateway.liveness()).toEqual({
    live: false,
    reasons: ['shard 0 is closed for good: Discord refuses it (code 4014)'],
  });
  expect(gateway.readiness().reasons).toEqual(gateway.liveness().reasons);
});

it('it is ready only when every shard is, and says which one is not', async () => {
  const { discord, gateway, readyAfter } = await loggedIn({ shards: 3 });
  expect(readyAfter('ready')).toEqual([false, false, true]);
  expect(gateway.shards().map(({ shard, up }) => [shard, up])).toEqual([
    [0, true],
    [1, true],
    [2, true],
  ]);
  discord.faults.closeGateway(4000, { shard: 1 });
  await waitFor(() => readyAfter('resumed').length === 1);
  expect(readyAfter('closed')).toEqual([false]);
});

it('dispatches are counted by the gateway’s own names, and made-up ones all as one', async () => {
  const { discord, events, gateway, value } = await loggedIn();
  const before = Date.now();
  for (let i = 0; i < 3; i += 1) discord.emit(`MADE_UP_${i}`, {});
  discord.user('kim').invoke({ name: 'nothing' });
  await waitFor(() =>
    events.some((one) => one.type === 'gateway_dispatched' && one.event === 'INTERACTION_CREATE'),
  );
  expect(await value('discord_gateway_events_total', { event: '_other' })).toBe(3);
  expect(await value('discord_gateway_events_total', { event: 'INTERACTION_CREATE' })).toBe(1);
  expect(gateway.shards()[0]?.lastDispatchAt).toBeGreaterThanOrEqual(before);
});

it('it is not ready from the moment it leaves, though the connection is still up', async () => {
  const { gateway } = await loggedIn();
  gateway.leave();
  expect(gateway.readiness()).toEqual({ ready: false, reasons: ['shutting down'] });
  expect(gateway.shards()[0]?.up).toBe(true);
  expect(gateway.liveness()).toEqual({ live: true, reasons: [] });
});

it('series that are known begin at 0 for every shard, and codes that are not known are counted as one', async () => {
  const { discord, value, readyAfter } = await loggedIn({ shards: 2 });
  for (const shard of ['0', '1']) {
    for (const result of ['resumed', 'failed']) {
      expect(await value('discord_shard_connections_total', { shard, result })).toBe(0);
    }
    expect(await value('discord_shard_closes_total', { shard, code: '4000' })).toBe(0);
    expect(await value('discord_shard_found_deaf_total', { shard })).toBe(0);
  }
  discord.faults.closeGateway(4321, { shard: 1 });
  await waitFor(() => readyAfter('resumed').length === 1);
  expect(await value('discord_shard_closes_total', { shard: '1', code: '_other' })).toBe(1);
});

it('the identify budget counts down with each session, asks Discord nothing, and warns when it runs low', async () => {
  const { discord, gateway, readyAfter, lines } = await loggedIn({ sessionStartLimit: 101 });
  expect(gateway.identifyRemaining()).toBe(100);
  const asked = discord.rest.counts['GET /gateway/bot'];
  for (const session of [2, 3]) {
    discord.faults.invalidSession({ resumable: false });
    await waitFor(() => readyAfter('ready').length === session);
    expect(gateway.identifyRemaining()).toBe(101 - session);
  }
  expect(discord.rest.counts['GET /gateway/bot']).toBe(asked);
  expect(lines.filter(({ level }) => level === 'warn')).toEqual([]);
});

it('a low budget is warned of in the log, once', async () => {
  const { gateway, lines } = await loggedIn({ shards: 3, sessionStartLimit: 6 });
  expect(gateway.identifyRemaining()).toBe(3);
  expect(lines).toEqual([
    {
      level: 'warn',
      fields: {},
      message: expect.stringMatching(/^Only 5 more sessions may be started today/),
    },
  ]);
});

describe('a client of somebody else’s', () => {
  const strategies: readonly [string, Pick<ClientOptions, 'ws'>['ws']][] = [
    ['the default strategy', {}],
    ['a strategy of its own', { buildStrategy: (manager) => new SimpleShardingStrategy(manager) }],
    [
      'shards in threads',
      { buildStrategy: (manager) => new WorkerShardingStrategy(manager, { shardsPerWorker: 'all' }) },
    ],
  ];

  it.each(strategies)('is watched with %s, which stays as it is', async (_, ws) => {
    const { gateway, events } = watchedAlone();
    const discord = await harbour.start();
    const client = harbour.createClient(discord, { ws: { ...ws, ...AT_ONCE } });
    const before = { ...client.options.ws };
    const stop = gateway.attach(client);
    await client.login(discord.token);
    await waitFor(() => gateway.readiness().ready);
    expect({ ...client.options.ws, presence: undefined }).toEqual(before); // discord.js adds that one.
    expect(gateway.identifyRemaining()).toBe(999);
    discord.faults.closeGateway(4000);
    await waitFor(() => kinds(events).includes('resumed'));
    discord.faults.requestHeartbeat();
    await waitFor(() => kinds(events).includes('heartbeat_acknowledged'));
    expect(kinds(events).slice(0, 5)).toEqual(['connecting', 'ready', 'closed', 'connecting', 'resumed']);

    stop();
    const seen = events.length;
    discord.faults.closeGateway(4000);
    await waitFor(() => discord.gateway.connections[0]?.resumes === 2);
    expect(events).toHaveLength(seen);
  });

  it('that has logged in already is known from the next that comes', async () => {
    const { gateway } = watchedAlone();
    const { discord, client } = await harbour.connect();
    gateway.attach(client);
    expect(gateway.readiness()).toEqual({ ready: false, reasons: ['shard 0 is not connected'] });
    expect(gateway.liveness().live).toBe(true);
    discord.emit('TYPING_START', {});
    await waitFor(() => gateway.readiness().ready);
  });

  it('gets its field back when the watch ends, and none where it has none', () => {
    const { gateway } = watchedAlone();
    const ws = { _ws: null };
    gateway.attach({ ws, options: {} })();
    expect(Object.getOwnPropertyDescriptor(ws, '_ws')).toEqual({
      ...{ value: null, writable: true, enumerable: true, configurable: true },
    });
    const other = {};
    gateway.attach({ ws: other, options: {} })();
    expect(Reflect.ownKeys(other)).toEqual([]);
  });
});

const AT_ONCE = {
  buildIdentifyThrottler: () => Promise.resolve({ waitForIdentify: () => Promise.resolve() }),
};

function watchedAlone() {
  const events: TelemetryEvent[] = [];
  const { logger } = keepingLogger();
  const gateway = watchGateway({ now: Date.now, logger, record: (event) => void events.push(event) });
  return { gateway, events };
}

const kinds = (events: readonly TelemetryEvent[]): readonly Change[] =>
  events.flatMap((event) => (event.type === 'shard_changed' ? [event.change.kind] : []));

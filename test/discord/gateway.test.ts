import type { Client } from 'discord.js';
import { watchGateway } from '../../src/discord/gateway';
import type { TelemetryEvent } from '../../src/telemetry/event';
import { createMetricsSink } from '../../src/telemetry/sinks/metrics';
import { createRegistry } from '../../src/telemetry/sinks/registry';
import type { Simulator, SimulatorOptions } from '../../simulator';
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
  /** What was said of readiness right after each change of this kind. */
  readonly readyAfter: (kind: Change) => readonly boolean[];
  readonly clock: { offsetMs: number };
  readonly value: (name: string, labels: Readonly<Record<string, string>>) => Promise<number | undefined>;
}

async function watch(options: SimulatorOptions = {}): Promise<Watched> {
  const clock = { offsetMs: 0 };
  const events: TelemetryEvent[] = [];
  const readiness: [Change, boolean][] = [];
  const registry = createRegistry();
  const sink = createMetricsSink(registry);
  const gateway = watchGateway({
    now: () => Date.now() + clock.offsetMs,
    record(event) {
      events.push(event);
      sink.record(event);
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
    ...{ discord, client, gateway, events, clock },
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
});

it('it is not ready once heartbeats have gone unanswered too long, and ready as soon as one is', async () => {
  const watched = await watch();
  const { discord, client, gateway, clock, events } = watched;
  clock.offsetMs = -90_050;
  await client.login(discord.token);
  await waitFor(() => gateway.readiness().ready);
  clock.offsetMs = -1000; // 89 s later.
  expect(gateway.readiness().ready).toBe(true);

  clock.offsetMs = 0;
  expect(gateway.readiness()).toEqual({
    ready: false,
    reasons: ['shard 0 has had no heartbeat acknowledged for 90 s'],
  });
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
});

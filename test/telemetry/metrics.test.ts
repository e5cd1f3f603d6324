import type { InvocationSettled, Kind, Outcome, Sink } from '../../src/telemetry/event';
import { createMetricsSink } from '../../src/telemetry/sinks/metrics';
import { createRegistry } from '../../src/telemetry/sinks/registry';
import { failed, OK, REFUSED, settled, START } from '../stats/support';
import { parseExposition, type Exposition } from '../support/exposition';

/** From events to numbers. */

let sink: Sink;
let scrape: () => Promise<Exposition>;

beforeEach(() => {
  const registry = createRegistry();
  sink = createMetricsSink(registry);
  scrape = async () => parseExposition((await registry.expose(false)).body);
});

function load(names: readonly { command: string; kind: Kind }[]): void {
  sink.record({ type: 'commands_loaded', loaded: names.length, failed: 2, names });
}

/** A whole invocation: received and settled. */
function invoke(changes: Partial<InvocationSettled> = {}): void {
  const event = settled(changes);
  sink.record({ ...event, type: 'invocation_received' });
  sink.record(event);
}

/** What has grown, by name and labels. */
function grown(before: Exposition, after: Exposition): Readonly<Record<string, number>> {
  const key = ({ name, labels }: Exposition['samples'][number]): string =>
    `${name} ${Object.values(labels).join(' ')}`.trim();
  const was = new Map(before.samples.map((sample) => [key(sample), sample.value]));
  const changed = after.samples
    .filter(({ name }) => /^(discord|bot)_/.test(name) && !name.endsWith('_bucket'))
    .map(
      (sample) => [key(sample), Number((sample.value - (was.get(key(sample)) ?? NaN)).toFixed(9))] as const,
    )
    .filter(([, by]) => by !== 0);
  return Object.fromEntries(changed);
}

describe('one invocation', () => {
  const ping = { command: 'ping', kind: 'chat_input' } as const;
  const received = {
    'discord_interactions_received_total chat_input': 1,
    'discord_interaction_delivery_seconds_sum chat_input': 0.1,
    'discord_interaction_delivery_seconds_count chat_input': 1,
  };
  const answered = {
    'discord_interaction_ack_seconds_sum chat_input reply': 0.3,
    'discord_interaction_ack_seconds_count chat_input reply': 1,
    'discord_interaction_deadline_total chat_input met': 1,
  };
  const ran = (outcome: Outcome['kind'], kind: Kind = 'chat_input') => ({
    [`discord_command_invocations_total ping ${kind} ${outcome}`]: 1,
    [`discord_command_duration_seconds_sum ping ${outcome}`]: 0.25,
    [`discord_command_duration_seconds_count ping ${outcome}`]: 1,
  });

  it.each([
    ['that went well', OK, {}],
    ['that was refused', REFUSED, { 'discord_command_refusals_total ping cooldown': 1 }],
    ['that failed', failed(1), { 'discord_command_errors_total ping chat_input exception': 1 }],
  ])('%s is counted and timed once, each series of it from 0', async (_, outcome, more) => {
    load([ping]);
    const before = await scrape();
    invoke({ outcome, createdAt: START - 100 });
    const expected = { ...received, ...answered, ...ran(outcome.kind), ...more };
    expect(grown(before, await scrape())).toEqual(expected);
  });

  it('without an answer has no time to the answer, but a missed deadline', async () => {
    load([ping]);
    const before = await scrape();
    invoke({ outcome: failed(1), createdAt: START - 100, ack: null, deadline: 'missed' });
    expect(grown(before, await scrape())).toEqual({
      ...received,
      ...ran('failed'),
      'discord_command_errors_total ping chat_input exception': 1,
      'discord_interaction_deadline_total chat_input missed': 1,
    });
  });

  it('that nobody answered in time says whose fault it was', async () => {
    load([ping]);
    const before = await scrape();
    const lateness = {
      culprit: 'event_loop',
      deliverySeconds: 0.1,
      eventLoopBlockedSeconds: 2.4,
      firstAttemptSeconds: 3,
      clockOffsetSeconds: null,
    } as const;
    invoke({ outcome: failed(1), createdAt: START - 100, ack: null, deadline: 'missed', lateness });
    expect(grown(before, await scrape())).toMatchObject({
      'discord_interaction_deadline_total chat_input missed': 1,
      'discord_interaction_late_total chat_input event_loop': 1,
    });
  });

  it('by text has no interaction, and so no delivery, answer or deadline', async () => {
    load([{ command: 'ping', kind: 'text' }]);
    const before = await scrape();
    invoke({ kind: 'text', ack: null, deadline: null });
    expect(grown(before, await scrape())).toEqual(ran('ok', 'text'));
  });

  it('is in flight until it has settled', async () => {
    sink.record({ ...settled(), type: 'invocation_received' });
    expect((await scrape()).value('discord_commands_in_flight', { kind: 'chat_input' })).toBe(1);
    sink.record(settled());
    expect((await scrape()).value('discord_commands_in_flight', { kind: 'chat_input' })).toBe(0);
  });

  it('that a skewed clock delivers before its creation counts as delivered at once', async () => {
    invoke({ createdAt: START + 5000 });
    const metrics = await scrape();
    expect(metrics.value('discord_interaction_delivery_seconds_sum', { kind: 'chat_input' })).toBe(0);
    expect(metrics.value('discord_interaction_delivery_seconds_count', { kind: 'chat_input' })).toBe(1);
  });
});

describe('a dashboard', () => {
  it('finds everything that is known at 0 before the first use', async () => {
    load([{ command: 'ticket close', kind: 'chat_input' }]);
    const metrics = await scrape();
    const other = { command: '_other', outcome: 'refused' };
    for (const command of ['ticket close', '_other']) {
      const series = { command, kind: 'chat_input' };
      for (const outcome of ['ok', 'refused', 'failed']) {
        expect(metrics.value('discord_command_invocations_total', { ...series, outcome })).toBe(0);
        expect(metrics.value('discord_command_duration_seconds_count', { command, outcome })).toBe(0);
      }
      for (const reason of [
        'exception',
        'timeout',
        'unknown_interaction',
        'already_acknowledged',
        'unanswered',
      ]) {
        expect(metrics.value('discord_command_errors_total', { ...series, reason })).toBe(0);
      }
      for (const reason of ['cooldown', 'permission', 'guild_only', 'owner_only', 'user_error']) {
        expect(metrics.value('discord_command_refusals_total', { command, reason })).toBe(0);
      }
    }
    for (const kind of [
      'chat_input',
      'user_menu',
      'message_menu',
      'button',
      'select',
      'modal',
      'autocomplete',
    ]) {
      expect(metrics.value('discord_interactions_received_total', { kind })).toBe(0);
      expect(metrics.value('discord_commands_in_flight', { kind })).toBe(0);
      for (const result of ['met', 'missed', 'unanswered'])
        expect(metrics.value('discord_interaction_deadline_total', { kind, result })).toBe(0);
      for (const culprit of ['delivery', 'event_loop', 'handler', 'clock_skew', 'discord'])
        expect(metrics.value('discord_interaction_late_total', { kind, culprit })).toBe(0);
      expect(metrics.value('discord_command_invocations_total', { ...other, kind })).toBe(0);
    }
    expect(metrics.value('discord_interaction_ack_seconds_count', { kind: 'button', ack: 'update' })).toBe(0);
    expect(metrics.value('bot_unhandled_errors_total', { kind: 'rejection' })).toBe(0);
    expect(metrics.sum('discord_command_invocations_total')).toBe(0);
  });

  it('finds the buttons of a command at 0 once it waits for them, before anybody presses', async () => {
    load([{ command: 'game play', kind: 'chat_input' }]);
    const series = { command: 'game play', kind: 'button', outcome: 'ok' };
    expect((await scrape()).value('discord_command_invocations_total', series)).toBeUndefined();
    sink.record({ type: 'collector_opened', command: 'game play' });
    expect((await scrape()).value('discord_command_invocations_total', series)).toBe(0);
    invoke({ command: 'game play', kind: 'button' });
    sink.record({ type: 'collector_opened', command: 'game play' });
    expect((await scrape()).value('discord_command_invocations_total', series)).toBe(1);
  });

  it('grows by no series from what nobody knows, however often it is tried', async () => {
    load([]);
    const before = await scrape();
    for (let i = 0; i < 50; i += 1) {
      const outcome: Outcome = { kind: 'refused', reason: 'unknown_command', message: `${i}` };
      invoke({ command: '_other', outcome, userId: `${i}`, guildId: `${i}`, traceId: `${i}`.repeat(16) });
      invoke({ command: '_other', outcome: failed(new Error(`${i}`)), locale: `${i}` });
    }
    expect((await scrape()).samples).toHaveLength(before.samples.length);
  });

  it('is not poisoned by a clock that gives no number', async () => {
    load([{ command: 'ping', kind: 'chat_input' }]);
    invoke({ durationSeconds: NaN, receivedAt: NaN, ack: { kind: 'reply', afterCreationSeconds: NaN } });
    invoke({ durationSeconds: Infinity });
    invoke();
    const metrics = await scrape();
    expect(
      metrics.samples.filter((one) => one.name.startsWith('discord_') && !Number.isFinite(one.value)),
    ).toEqual([]);
    expect(metrics.value('discord_command_duration_seconds_sum', { command: 'ping', outcome: 'ok' })).toBe(
      0.25,
    );
    expect(metrics.value('discord_command_invocations_total', { command: 'ping', outcome: 'ok' })).toBe(3);
  });
});

it('gateway, modules and unhandled errors are counted by what happened', async () => {
  load([{ command: 'a', kind: 'chat_input' }]);
  sink.record({ type: 'shard_changed', shard: 3, change: { kind: 'ready' } });
  sink.record({ type: 'shard_changed', shard: 3, change: { kind: 'closed', code: 4000 } });
  sink.record({ type: 'shard_changed', shard: 3, change: { kind: 'resumed' } });
  sink.record({ type: 'gateway_dispatched', shard: 3, event: 'GUILD_CREATE', at: 1 });
  sink.record({ type: 'unhandled_error', kind: 'rejection', error: undefined });
  const before = await scrape();
  const at = 1;
  sink.record({
    type: 'shard_changed',
    shard: 3,
    change: { kind: 'heartbeat_acknowledged', latencySeconds: 1, at },
  });
  const after = await scrape();
  expect(grown(before, after)).toEqual({});
  expect(after.value('discord_shard_connections_total', { shard: '3', result: 'ready' })).toBe(1);
  expect(after.value('discord_shard_connections_total', { shard: '3', result: 'resumed' })).toBe(1);
  expect(after.value('discord_shard_closes_total', { shard: '3', code: '4000' })).toBe(1);
  expect(after.value('discord_gateway_events_total', { event: 'GUILD_CREATE' })).toBe(1);
  expect(after.value('bot_command_modules', { state: 'loaded' })).toBe(1);
  expect(after.value('bot_command_modules', { state: 'failed' })).toBe(2);
  expect(after.value('bot_unhandled_errors_total', { kind: 'rejection' })).toBe(1);
});

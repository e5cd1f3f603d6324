import {
  DEADLINE_RESULTS,
  FAILURE_REASONS,
  KINDS,
  OTHER,
  OUTCOME_KINDS,
  REFUSAL_REASONS,
  type AckKind,
  type CommandsLoaded,
  type InvocationReceived,
  type InvocationSettled,
  type Kind,
  type ShardChanged,
  type Sink,
} from '../event';
import type { MetricRegistry } from './registry';

/** Upper bounds in seconds: of a run, and of what must happen within Discord's 3 s. */
export const RUN_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;
export const ANSWER_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 2.5, 2.75, 3, 4, 5] as const;

/** How each kind can be answered: which pairs of kind and ack start at 0. */
const ACKS_OF_MESSAGES = ['reply', 'defer', 'modal'] as const;
/** Kinds that come by a name, which may be one that nobody knows. */
const NAMED_KINDS = ['chat_input', 'user_menu', 'message_menu', 'autocomplete'] as const;
const UNMEASURED_KINDS: readonly Kind[] = ['text']; // A text command has no interaction: no creation, no deadline.

function describeMetrics(registry: MetricRegistry) {
  return {
    invocations: registry.counter({
      name: 'discord_command_invocations_total',
      help: 'Invocations that settled, by outcome.',
      labels: ['command', 'kind', 'outcome'],
    }),
    errors: registry.counter({
      name: 'discord_command_errors_total',
      help: 'Invocations that failed, by reason.',
      labels: ['command', 'kind', 'reason'],
    }),
    refusals: registry.counter({
      name: 'discord_command_refusals_total',
      help: 'Invocations that the bot refused, by reason.',
      labels: ['command', 'reason'],
    }),
    duration: registry.histogram({
      name: 'discord_command_duration_seconds',
      help: 'From receipt to settlement, whatever the outcome.',
      labels: ['command', 'outcome'],
      buckets: RUN_BUCKETS,
      exemplars: true,
    }),
    inFlight: registry.gauge({
      name: 'discord_commands_in_flight',
      help: 'Invocations that have not settled yet.',
      labels: ['kind'],
    }),
    received: registry.counter({
      name: 'discord_interactions_received_total',
      help: 'Interactions that arrived.',
      labels: ['kind'],
    }),
    delivery: registry.histogram({
      name: 'discord_interaction_delivery_seconds',
      help: 'From creation, by Discord’s clock, to receipt, by ours.',
      labels: ['kind'],
      buckets: ANSWER_BUCKETS,
    }),
    ack: registry.histogram({
      name: 'discord_interaction_ack_seconds',
      help: 'From creation, by Discord’s clock, to the first answer that Discord accepted.',
      labels: ['kind', 'ack'],
      buckets: ANSWER_BUCKETS,
      exemplars: true,
    }),
    deadline: registry.counter({
      name: 'discord_interaction_deadline_total',
      help: 'Interactions by whether they were answered within Discord’s 3 s.',
      labels: ['kind', 'result'],
    }),
    gatewayEvents: registry.counter({
      name: 'discord_gateway_events_total',
      help: 'Dispatches from the gateway.',
      labels: ['event'],
    }),
    shardConnections: registry.counter({
      name: 'discord_shard_connections_total',
      help: 'Gateway sessions, fresh or resumed.',
      labels: ['shard', 'result'],
    }),
    shardCloses: registry.counter({
      name: 'discord_shard_closes_total',
      help: 'Gateway connections that closed, by code.',
      labels: ['shard', 'code'],
    }),
    modules: registry.gauge({
      name: 'bot_command_modules',
      help: 'Command modules, by whether they could be loaded.',
      labels: ['state'],
    }),
    unhandled: registry.counter({
      name: 'bot_unhandled_errors_total',
      help: 'Errors that reached the process itself.',
      labels: ['kind'],
    }),
  };
}

/** Counts what happens, for Prometheus. Every series that is known beforehand starts at 0. */
export function createMetricsSink(registry: MetricRegistry): Sink {
  const metrics = describeMetrics(registry);

  function startKnownSeries(): void {
    for (const kind of KINDS) {
      metrics.inFlight.start({ kind });
      if (UNMEASURED_KINDS.includes(kind)) continue;
      metrics.received.start({ kind });
      metrics.delivery.start({ kind });
      for (const result of DEADLINE_RESULTS) metrics.deadline.start({ kind, result });
      for (const ack of acksOf(kind)) metrics.ack.start({ kind, ack });
    }
    for (const state of ['loaded', 'failed']) metrics.modules.start({ state });
    for (const kind of ['exception', 'rejection']) metrics.unhandled.start({ kind });
    for (const kind of NAMED_KINDS) startCommand(OTHER, kind);
  }

  function startCommand(command: string, kind: Kind): void {
    for (const outcome of OUTCOME_KINDS) {
      metrics.invocations.start({ command, kind, outcome });
      metrics.duration.start({ command, outcome });
    }
    for (const reason of FAILURE_REASONS) metrics.errors.start({ command, kind, reason });
    for (const reason of REFUSAL_REASONS) metrics.refusals.start({ command, reason });
  }

  function received(event: InvocationReceived): void {
    const { kind } = event;
    metrics.inFlight.add({ kind }, 1);
    if (UNMEASURED_KINDS.includes(kind)) return;
    metrics.received.increment({ kind });
    metrics.delivery.observe({ kind }, Math.max(0, event.receivedAt - event.createdAt) / 1000);
  }

  function settled(event: InvocationSettled): void {
    const { command, kind, outcome, ack, traceId } = event;
    metrics.inFlight.add({ kind }, -1);
    metrics.invocations.increment({ command, kind, outcome: outcome.kind });
    metrics.duration.observe({ command, outcome: outcome.kind }, event.durationSeconds, traceId);
    if (outcome.kind === 'failed') metrics.errors.increment({ command, kind, reason: outcome.reason });
    if (outcome.kind === 'refused') metrics.refusals.increment({ command, reason: outcome.reason });
    if (UNMEASURED_KINDS.includes(kind)) return;
    metrics.deadline.increment({ kind, result: event.deadline });
    if (ack !== null) metrics.ack.observe({ kind, ack: ack.kind }, ack.afterCreationSeconds, traceId);
  }

  function shardChanged({ shard, change }: ShardChanged): void {
    const label = String(shard);
    if (change.kind === 'heartbeat_acknowledged') return; // The shards' gauges are read at the scrape.
    if (change.kind === 'closed') {
      metrics.shardCloses.increment({ shard: label, code: String(change.code) });
    } else {
      metrics.shardConnections.increment({ shard: label, result: change.kind });
    }
  }

  function commandsLoaded(event: CommandsLoaded): void {
    metrics.modules.set({ state: 'loaded' }, event.loaded);
    metrics.modules.set({ state: 'failed' }, event.failed);
    for (const { command, kind } of event.names) startCommand(command, kind);
  }

  startKnownSeries();
  return {
    name: 'metrics',
    record(event) {
      switch (event.type) {
        case 'invocation_received': {
          received(event);
          return;
        }
        case 'invocation_settled': {
          settled(event);
          return;
        }
        case 'shard_changed': {
          shardChanged(event);
          return;
        }
        case 'gateway_dispatched': {
          metrics.gatewayEvents.increment({ event: event.event });
          return;
        }
        case 'commands_loaded': {
          commandsLoaded(event);
          return;
        }
        case 'unhandled_error': {
          metrics.unhandled.increment({ kind: event.kind });
          return;
        }
        case 'guild_left':
          return; // `discord_guilds` is read where it stands.
      }
    },
  };
}

function acksOf(kind: Kind): readonly AckKind[] {
  switch (kind) {
    case 'autocomplete':
      return ['autocomplete'];
    case 'button':
    case 'select':
    case 'modal':
      return [...ACKS_OF_MESSAGES, 'update'];
    case 'chat_input':
    case 'user_menu':
    case 'message_menu':
    case 'text':
      return ACKS_OF_MESSAGES;
  }
}

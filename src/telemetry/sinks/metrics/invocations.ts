import {
  COMPONENT_KINDS,
  CULPRITS,
  DEADLINE_RESULTS,
  FAILURE_REASONS,
  KINDS,
  OTHER,
  OUTCOME_KINDS,
  REFUSAL_REASONS,
  type AckKind,
  type InvocationReceived,
  type InvocationSettled,
  type Kind,
} from '../../event';
import type { MetricRegistry } from '../registry';
import { ANSWER_BUCKETS, RUN_BUCKETS } from './buckets';
import type { MetricsPart } from './part';

/** How each kind can be answered: which pairs of kind and ack start at 0. */
const ACKS_OF_MESSAGES = ['reply', 'defer', 'modal'] as const;
const UNMEASURED_KINDS: readonly Kind[] = ['text']; // A text command has no interaction: no creation, no deadline.
/** What becomes `_other` should there be too many series: all else is in the code. */
const OVERFLOW = ['command'] as const;

function describeMetrics(registry: MetricRegistry) {
  return {
    invocations: registry.counter({
      name: 'discord_command_invocations_total',
      help: 'Invocations that settled, by outcome.',
      labels: ['command', 'kind', 'outcome'],
      overflow: OVERFLOW,
    }),
    errors: registry.counter({
      name: 'discord_command_errors_total',
      help: 'Invocations that failed, by reason.',
      labels: ['command', 'kind', 'reason'],
      overflow: OVERFLOW,
    }),
    refusals: registry.counter({
      name: 'discord_command_refusals_total',
      help: 'Invocations that the bot refused, by reason.',
      labels: ['command', 'reason'],
      overflow: OVERFLOW,
    }),
    duration: registry.histogram({
      name: 'discord_command_duration_seconds',
      help: 'From receipt to settlement, whatever the outcome.',
      labels: ['command', 'outcome'],
      overflow: OVERFLOW,
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
    late: registry.counter({
      name: 'discord_interaction_late_total',
      help: 'Interactions that got no answer within Discord’s 3 s, by who was late.',
      labels: ['kind', 'culprit'],
    }),
  };
}

/** Counts and times invocations. Every series that is known beforehand starts at 0. */
export function createInvocationMetrics(
  registry: MetricRegistry,
  hasTrace: (event: InvocationSettled) => boolean,
): MetricsPart {
  const metrics = describeMetrics(registry);
  const withCollectors = new Set<string>();

  function startKnownSeries(): void {
    for (const kind of KINDS) {
      metrics.inFlight.start({ kind });
      if (UNMEASURED_KINDS.includes(kind)) continue;
      metrics.received.start({ kind });
      metrics.delivery.start({ kind });
      for (const result of DEADLINE_RESULTS) metrics.deadline.start({ kind, result });
      for (const culprit of CULPRITS) metrics.late.start({ kind, culprit });
      for (const ack of acksOf(kind)) metrics.ack.start({ kind, ack });
    }
    for (const kind of KINDS) startCommand(OTHER, kind);
  }

  function startCommand(command: string, kind: Kind): void {
    for (const outcome of OUTCOME_KINDS) {
      metrics.invocations.start({ command, kind, outcome });
      metrics.duration.start({ command, outcome });
    }
    for (const reason of FAILURE_REASONS) metrics.errors.start({ command, kind, reason });
    for (const reason of REFUSAL_REASONS) metrics.refusals.start({ command, reason });
  }

  function collectorOpened(command: string): void {
    if (withCollectors.has(command)) return;
    withCollectors.add(command);
    for (const kind of COMPONENT_KINDS) startCommand(command, kind);
  }

  function received(event: InvocationReceived): void {
    const { kind } = event;
    metrics.inFlight.add({ kind }, 1);
    if (UNMEASURED_KINDS.includes(kind)) return;
    metrics.received.increment({ kind });
    metrics.delivery.observe({ kind }, Math.max(0, event.receivedAt - event.createdAt) / 1000);
  }

  function settled(event: InvocationSettled): void {
    const { command, kind, outcome, ack } = event;
    const traceId = hasTrace(event) ? event.traceId : undefined;
    metrics.inFlight.add({ kind }, -1);
    metrics.invocations.increment({ command, kind, outcome: outcome.kind });
    metrics.duration.observe({ command, outcome: outcome.kind }, event.durationSeconds, traceId);
    if (outcome.kind === 'failed') metrics.errors.increment({ command, kind, reason: outcome.reason });
    if (outcome.kind === 'refused') metrics.refusals.increment({ command, reason: outcome.reason });
    if (UNMEASURED_KINDS.includes(kind)) return;
    if (event.deadline !== null) metrics.deadline.increment({ kind, result: event.deadline });
    if (event.lateness !== null) metrics.late.increment({ kind, culprit: event.lateness.culprit });
    if (ack !== null) metrics.ack.observe({ kind, ack: ack.kind }, ack.afterCreationSeconds, traceId);
  }

  startKnownSeries();
  return {
    record(event) {
      if (event.type === 'invocation_received') received(event);
      else if (event.type === 'invocation_settled') settled(event);
      else if (event.type === 'collector_opened') collectorOpened(event.command);
      else if (event.type === 'commands_loaded') {
        for (const { command, kind } of event.names) startCommand(command, kind);
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

import type { InvocationSettled, Sink } from '../event';
import { createGatewayMetrics } from './metrics/gateway';
import { createInvocationMetrics } from './metrics/invocations';
import { createProcessMetrics } from './metrics/process';
import { createRestMetrics } from './metrics/rest';
import type { MetricRegistry } from './registry';

/**
 * Counts what happens, for Prometheus. Every series that is known beforehand starts at 0.
 *
 * @param hasTrace whether there is something to be found by an invocation's trace id, as an exemplar promises.
 */
export function createMetricsSink(
  registry: MetricRegistry,
  hasTrace: (event: InvocationSettled) => boolean = () => true,
): Sink {
  const parts = [
    createInvocationMetrics(registry, hasTrace),
    ...[createGatewayMetrics, createRestMetrics, createProcessMetrics].map((create) => create(registry)),
  ];
  return {
    name: 'metrics',
    record(event) {
      for (const part of parts) part.record(event);
    },
  };
}

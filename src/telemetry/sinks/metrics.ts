import type { Sink } from '../event';
import { createGatewayMetrics } from './metrics/gateway';
import { createInvocationMetrics } from './metrics/invocations';
import { createProcessMetrics } from './metrics/process';
import { createRestMetrics } from './metrics/rest';
import type { MetricRegistry } from './registry';

/** Counts what happens, for Prometheus. Every series that is known beforehand starts at 0. */
export function createMetricsSink(registry: MetricRegistry): Sink {
  const parts = [createInvocationMetrics, createGatewayMetrics, createRestMetrics, createProcessMetrics].map(
    (create) => create(registry),
  );
  return {
    name: 'metrics',
    record(event) {
      for (const part of parts) part.record(event);
    },
  };
}

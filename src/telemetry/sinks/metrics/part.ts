import type { TelemetryEvent } from '../../event';

/** The metrics of one part of what happens. Sees every event, and passes over those of others. */
export interface MetricsPart {
  record(event: TelemetryEvent): void;
}

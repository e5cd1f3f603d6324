import type { BuildInfo } from './build-info';
import type { Settings } from './settings';

/** What the log and the traces are said to be of. */
export interface Service {
  readonly name: string;
  readonly version: string;
  readonly commit: string;
}

/** By the name that the operator gives it (`OTEL_SERVICE_NAME`, or `service.name` of a resource), else by its package's. */
export function serviceOf(
  { tracing: { serviceName, resourceAttributes } }: Pick<Settings, 'tracing'>,
  { name, version, commit }: BuildInfo,
): Service {
  return { name: serviceName ?? resourceAttributes['service.name'] ?? name, version, commit };
}

import type { Attributes } from './span';

/** What the spans are of, by OpenTelemetry's conventions. */

export interface ResourceFacts {
  readonly service: { readonly name: string; readonly version: string; readonly commit: string };
  /** `NODE_ENV`. */
  readonly environment: string;
  /** Of this process. */
  readonly instanceId: string;
  /** What makes the spans: Telltale's own version. */
  readonly sdkVersion: string;
  readonly host: string;
  readonly process: { readonly pid: number; readonly runtimeVersion: string };
  /** Of the operator; they go over ours, but for the service's name, which is settled already. */
  readonly attributes: Readonly<Record<string, string>>;
}

export function resourceOf(facts: ResourceFacts): Attributes {
  const { service, environment, instanceId, sdkVersion, host, process } = facts;
  return {
    'service.version': service.version,
    'service.instance.id': instanceId,
    'deployment.environment.name': environment,
    'vcs.ref.head.revision': service.commit,
    'host.name': host,
    'process.pid': process.pid,
    'process.runtime.name': 'nodejs',
    'process.runtime.version': process.runtimeVersion,
    'telemetry.sdk.name': 'telltale',
    'telemetry.sdk.language': 'nodejs',
    'telemetry.sdk.version': sdkVersion,
    ...facts.attributes,
    'service.name': service.name,
  };
}

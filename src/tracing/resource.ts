import type { Attributes } from './span';

/** What the spans are of, by OpenTelemetry's conventions. */

export interface ResourceFacts {
  /** Null: `telltale`, unless the attributes name it. */
  readonly serviceName: string | null;
  readonly version: string;
  readonly commit: string;
  /** `NODE_ENV`. */
  readonly environment: string;
  /** Of this process. */
  readonly instanceId: string;
  /** Of the operator; they go over ours. */
  readonly attributes: Readonly<Record<string, string>>;
}

export function resourceOf(facts: ResourceFacts): Attributes {
  const { serviceName, version, commit, environment, instanceId, attributes } = facts;
  return {
    'service.name': 'telltale',
    'service.version': version,
    'service.instance.id': instanceId,
    'deployment.environment.name': environment,
    'vcs.ref.head.revision': commit,
    ...attributes,
    ...(serviceName === null ? {} : { 'service.name': serviceName }),
  };
}

import type { Settings } from './settings';

/** What OpenTelemetry's settings come to. */

type TraceSettings = Settings['tracing'];

/** Where traces go; null where tracing is off. An endpoint for traces alone is taken as it is; the general one is the root of several paths. */
export function tracesUrl(settings: TraceSettings): string | null {
  return whatIsOff(settings) === null ? endpointOf(settings) : null;
}

/** The setting that switches tracing off, whatever else is set; null where none does. */
export function whatIsOff({ disabled, exporter }: TraceSettings): string | null {
  if (disabled) return 'OTEL_SDK_DISABLED';
  return exporter === 'none' ? 'OTEL_TRACES_EXPORTER' : null;
}

/** Where traces would go if nothing switched tracing off; null where nothing says it. */
export function endpointOf({ endpoint, tracesEndpoint }: TraceSettings): string | null {
  return tracesEndpoint ?? (endpoint === null ? null : `${endpoint}/v1/traces`);
}

/** The part of the traces that is kept whatever comes of them, from 0 to 1. */
export function keptRatio({ sampler, samplerRatio }: TraceSettings): number {
  if (sampler.endsWith('always_on')) return 1;
  return sampler.endsWith('always_off') ? 0 : samplerRatio;
}

import type { Environment, Settings } from './settings';
import { endpointOf, keptRatio, whatIsOff } from './trace-settings';

/** What leaves the machine, and where to: to be said at the start. */

const OF_INSTRUMENT = 'TELLTALE_';
const ENDPOINTS = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] as const;

/**
 * One sentence for traces and one for errors; none for what goes nowhere because nothing says where. Hosts alone: there
 * may be keys in the rest of an address.
 *
 * @param prefix what the names of variables begin with.
 */
export function destinationsOf(
  { tracing, sentry }: Pick<Settings, 'tracing' | 'sentry'>,
  prefix = '',
): readonly string[] {
  return [
    ...tracesSentence(tracing, prefix),
    ...(sentry.dsn === null ? [] : [`Errors go to Sentry at ${new URL(sentry.dsn).host}.`]),
  ];
}

/** The same of a bot that is not ours, and whether its traces were perhaps meant for us: those settings are its own. */
export function destinationsOfInstrumented(
  settings: Pick<Settings, 'tracing' | 'sentry'>,
  environment: Environment,
): readonly string[] {
  const { tracing } = settings;
  const isOpen = endpointOf(tracing) === null && whatIsOff(tracing) === null;
  const own = isOpen ? ENDPOINTS.find((name) => (environment[name] ?? '').trim() !== '') : undefined;
  const mistaken =
    own === undefined ? [] : [`${own} is the bot's own; Telltale's is ${OF_INSTRUMENT}${own}.`];
  return [...destinationsOf(settings, OF_INSTRUMENT), ...mistaken];
}

function tracesSentence(tracing: Settings['tracing'], prefix: string): readonly string[] {
  const endpoint = endpointOf(tracing);
  if (endpoint === null) return [];
  const off = whatIsOff(tracing);
  if (off !== null) return [`No traces: ${prefix}${off} is set.`];
  const { host } = new URL(endpoint);
  return [`Traces go to ${host} (${tracing.protocol}, ${partOf(keptRatio(tracing))}).`];
}

function partOf(ratio: number): string {
  if (ratio === 1) return 'all of them';
  const late = 'all that failed or came late';
  return ratio === 0 ? late : `${Number((ratio * 100).toPrecision(3))}% of them, and ${late}`;
}

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

/** The configuration for OpenTelemetry's Collector: that its parts hold together, and say what a collector understands. */

type Components = Readonly<Record<string, Readonly<Record<string, unknown>> | null>>;
interface Collector {
  readonly receivers: Components;
  readonly processors: Components;
  readonly exporters: Components;
  readonly service: {
    readonly pipelines: Readonly<Record<string, Readonly<Record<keyof Components, readonly string[]>>>>;
  };
}

const file = path.join(__dirname, '..', '..', 'config', 'otel-collector', 'collector.yaml');
const collector = parse(readFileSync(file, 'utf8')) as Collector;
const KINDS = ['receivers', 'processors', 'exporters'] as const;

/** As the sources of the collector name them: a key that is none ends it at its start. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  otlp: ['protocols.http.endpoint'],
  memory_limiter: ['check_interval', 'limit_mib', 'spike_limit_mib'],
  batch: ['timeout', 'send_batch_size', 'send_batch_max_size'],
  otlp_http: [
    'endpoint',
    'headers',
    'compression',
    'sending_queue.queue_size',
    'retry_on_failure.max_elapsed_time',
  ],
  debug: ['verbosity'],
};

/** `sending_queue.queue_size`, … */
function pathsIn(value: unknown, prefix = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [prefix.slice(0, -1)];
  return Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, `${prefix}${key}.`));
}

it.each(KINDS)('has all %s that its pipelines name, and names all but the one to look with', (kind) => {
  const named = Object.values(collector.service.pipelines).flatMap((pipeline) => pipeline[kind] ?? []);
  const used = Object.keys(collector[kind]).filter((name) => name !== 'debug');
  expect([...new Set(named)].sort()).toEqual(used.sort());
});

it('has no setting that a collector does not know', () => {
  for (const kind of KINDS) {
    for (const [name, settings] of Object.entries(collector[kind])) {
      expect(KNOWN[name]).toEqual(expect.arrayContaining([...pathsIn(settings)]));
    }
  }
});

it('takes traces where the bot sends them, guards its memory before all else, and waits longest last', () => {
  const { traces } = collector.service.pipelines;
  expect(traces?.processors?.[0]).toBe('memory_limiter');
  expect(traces?.processors?.at(-1)).toBe('batch');
  expect(pathsIn(collector.receivers.otlp)).toEqual(['protocols.http.endpoint']);
  expect(JSON.stringify(collector.receivers.otlp)).toContain(':4318"');
  const { limit_mib: limit, spike_limit_mib: spike } = collector.processors.memory_limiter ?? {};
  expect(Number(spike)).toBeLessThan(Number(limit));
});

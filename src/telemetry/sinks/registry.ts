import * as prometheus from 'prom-client';
import { OTHER } from '../event';

/**
 * The one file that knows prom-client: typed metrics whose labels are all required, and the exposition of them.
 *
 * It builds round three traps of prom-client 15: an absent label becomes the text "undefined" (all are required by
 * type), NaN poisons a counter for good (it is passed over), and an OpenMetrics exposition strips `_total` from the
 * counters' names for every later one (names are put back, and expositions wait for one another).
 */

type Labels<Label extends string> = Readonly<Record<Label, string>>;
export type Reading<Label extends string> = readonly (readonly [labels: Labels<Label>, value: number])[];

type Read<Label extends string> = () => Reading<Label> | Promise<Reading<Label>>;

export interface Counter<Label extends string> {
  increment(labels: Labels<Label>, by?: number): void;
  /** Starts a known series at 0. */
  start(labels: Labels<Label>): void;
}
export interface Gauge<Label extends string> {
  set(labels: Labels<Label>, value: number): void;
  add(labels: Labels<Label>, by: number): void;
  start(labels: Labels<Label>): void;
}
export interface Histogram<Label extends string> {
  /** @param traceId becomes the exemplar of the bucket, if the histogram has exemplars. */
  observe(labels: Labels<Label>, value: number, traceId?: string): void;
  start(labels: Labels<Label>): void;
}
export interface Description<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly Label[];
}
export interface Exposition {
  readonly contentType: string;
  readonly body: string;
}

export interface MetricRegistry {
  counter<Label extends string = never>(description: Description<Label>): Counter<Label>;
  gauge<Label extends string = never>(description: Description<Label>): Gauge<Label>;
  histogram<Label extends string = never>(
    description: Description<Label> & { readonly buckets: readonly number[]; readonly exemplars?: true },
  ): Histogram<Label>;
  /** A counter that is counted elsewhere, and read at each scrape. What cannot be read is missing from that scrape. */
  readCounter<Label extends string = never>(description: Description<Label>, read: Read<Label>): void;
  /** A gauge that is read at each scrape. What is not read any more is not exposed any more. */
  readGauge<Label extends string = never>(description: Description<Label>, read: Read<Label>): void;
  /** Everything as text: Prometheus' or OpenMetrics'. For scrapes alone: each resets the event loop's histogram. */
  expose(openMetrics: boolean): Promise<Exposition>;
}

const TEXT = prometheus.Registry.PROMETHEUS_CONTENT_TYPE;
const OPEN_METRICS = prometheus.Registry.OPENMETRICS_CONTENT_TYPE;

/** Opens a registry, with the metrics of the process and of Node.js in it. */
export function createRegistry(): MetricRegistry {
  // Exemplars need the OpenMetrics type set before the metrics are made.
  const registry = new prometheus.Registry<prometheus.RegistryContentType>();
  registry.setContentType(OPEN_METRICS);
  prometheus.collectDefaultMetrics({ register: registry });
  const configuration = <Label extends string>({ name, help, labels }: Description<Label>) => ({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
  });

  let turn: Promise<unknown> = Promise.resolve();
  async function exposeInTurn(contentType: prometheus.RegistryContentType): Promise<Exposition> {
    const metrics = registry.getMetricsAsArray().map((metric) => ({ metric, name: metric.name }));
    registry.setContentType(contentType);
    try {
      return { contentType, body: await registry.metrics() };
    } finally {
      for (const { metric, name } of metrics) metric.name = name;
    }
  }

  return {
    counter: (description) => typedCounter(new prometheus.Counter(configuration(description))),
    gauge: (description) => typedGauge(new prometheus.Gauge(configuration(description))),
    histogram: (description) =>
      typedHistogram(
        new prometheus.Histogram<string>({
          ...configuration(description),
          buckets: [...description.buckets],
          enableExemplars: description.exemplars === true,
        }),
        description.exemplars === true,
      ),
    readCounter(description, read) {
      new prometheus.Counter({
        ...configuration(description),
        async collect() {
          await refill(this, read, (labels, value) => this.inc(labels, value));
        },
      });
    },
    readGauge(description, read) {
      new prometheus.Gauge({
        ...configuration(description),
        async collect() {
          await refill(this, read, (labels, value) => this.set(labels, value));
        },
      });
    },
    expose(openMetrics) {
      const exposition = turn.then(() => exposeInTurn(openMetrics ? OPEN_METRICS : TEXT));
      turn = exposition.catch(() => undefined);
      return exposition;
    },
  };
}

/** Puts what is read in the place of what was read before. Where that cannot be, the metric is missing. */
async function refill<Label extends string>(
  metric: { reset(): void; remove(labels: object): void },
  read: Read<Label>,
  put: (labels: Labels<Label>, value: number) => void,
): Promise<void> {
  try {
    const readings = await read();
    metric.reset();
    for (const [labels, value] of readings) put(labels, value);
  } catch {
    metric.reset();
    metric.remove({}); // One without labels would stand at 0.
  }
}

function typedCounter<Label extends string>(counter: prometheus.Counter<Label>): Counter<Label> {
  return {
    increment(labels, by = 1) {
      if (by >= 0 && Number.isFinite(by)) counter.inc(labels, by);
    },
    start: (labels) => counter.inc(labels, 0),
  };
}

function typedGauge<Label extends string>(gauge: prometheus.Gauge<Label>): Gauge<Label> {
  return {
    set(labels, value) {
      if (Number.isFinite(value)) gauge.set(labels, value);
    },
    add(labels, by) {
      if (Number.isFinite(by)) gauge.inc(labels, by);
    },
    start: (labels) => gauge.inc(labels, 0),
  };
}

function typedHistogram<Label extends string>(
  histogram: prometheus.Histogram,
  hasExemplars: boolean,
): Histogram<Label> {
  return {
    observe(labels, value, traceId) {
      if (!Number.isFinite(value)) return;
      if (!hasExemplars) histogram.observe(labels, value);
      else if (traceId === undefined) histogram.observe({ labels, value });
      else histogram.observe({ labels, value, exemplarLabels: { trace_id: traceId } });
    },
    start: (labels) => histogram.zero(labels),
  };
}

/** The value where it is one of a closed set, else `_other`. */
export function closed(values: readonly string[], value: string): string {
  return values.includes(value) ? value : OTHER;
}

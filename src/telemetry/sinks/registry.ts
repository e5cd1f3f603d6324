import * as prometheus from 'prom-client';
import type { Logger } from '../../logging/logger';
import { OTHER } from '../event';
import { createSeries, type Labels, type Series } from './series';

/**
 * The one file that knows prom-client: typed metrics whose labels are all required, and the exposition of them.
 *
 * It builds round three traps of prom-client 15: an absent label becomes the text "undefined" (all are required by
 * type), NaN poisons a counter for good (it is passed over), and an OpenMetrics exposition strips `_total` from the
 * counters' names for every later one (names are put back, and expositions wait for one another).
 *
 * Every metric has a budget of series. Whatever is counted, it never has many more; what is beyond is counted under
 * `_other`, so that sums stay right. Of a gauge that is set, the series `_other` has the value that was set last.
 */

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
  /**
   * How many series there may be, as Prometheus counts them, beside those that are started; 2,000 by default. A
   * histogram's label combination is one for each bucket and 3 more.
   */
  readonly budget?: number;
  /** The labels that become `_other` beyond the budget: those whose values are not in the code. All by default. */
  readonly overflow?: readonly Label[];
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
const DEFAULT_BUDGET = 2000;

/**
 * Opens a registry, with the metrics of the process and of Node.js in it.
 *
 * @param options.logger hears of a metric that has more series than its budget, once.
 */
export function createRegistry(options: { readonly logger?: Pick<Logger, 'warn'> } = {}): MetricRegistry {
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

  const counts = new Map<string, () => number>();
  const telemetrySeries = new prometheus.Gauge(configuration(TELEMETRY_SERIES));
  const readers: (() => Promise<void>)[] = [];

  /** @param width how many series of Prometheus' a label combination is. */
  function seriesOf<Label extends string>(description: Description<Label>, width = 1): Series<Label> {
    const { name, labels, budget = DEFAULT_BUDGET, overflow = labels } = description;
    const limit = Math.floor(budget / width);
    const onOverflow = (): void => options.logger?.warn(overflowText(name, budget), { metric: name });
    const series = createSeries({ labels, limit, overflow, onOverflow });
    counts.set(name, () => series.size() * width);
    return series;
  }

  let turn: Promise<unknown> = Promise.resolve();
  async function exposeInTurn(contentType: prometheus.RegistryContentType): Promise<Exposition> {
    await Promise.all(readers.map((read) => read()));
    for (const [metric, count] of counts) telemetrySeries.set({ metric }, count());
    const metrics = registry.getMetricsAsArray().map((metric) => ({ metric, name: metric.name }));
    registry.setContentType(contentType);
    try {
      return { contentType, body: await registry.metrics() };
    } finally {
      for (const { metric, name } of metrics) metric.name = name;
    }
  }

  return {
    counter: (description) =>
      typedCounter(new prometheus.Counter(configuration(description)), seriesOf(description)),
    gauge: (description) =>
      typedGauge(new prometheus.Gauge(configuration(description)), seriesOf(description)),
    histogram: (description) =>
      typedHistogram(
        new prometheus.Histogram<string>({
          ...configuration(description),
          buckets: [...description.buckets],
          enableExemplars: description.exemplars === true,
        }),
        seriesOf(description, description.buckets.length + 3), // +Inf, the sum and the count.
        description.exemplars === true,
      ),
    readCounter(description, read) {
      const counter = new prometheus.Counter(configuration(description));
      const series = seriesOf(description);
      readers.push(() => refill(counter, series, read, (labels, value) => counter.inc(labels, value)));
    },
    readGauge(description, read) {
      const gauge = new prometheus.Gauge(configuration(description));
      const series = seriesOf(description);
      readers.push(() => refill(gauge, series, read, (labels, value) => gauge.set(labels, value)));
    },
    expose(openMetrics) {
      const exposition = turn.then(() => exposeInTurn(openMetrics ? OPEN_METRICS : TEXT));
      turn = exposition.catch(() => undefined);
      return exposition;
    },
  };
}

const TELEMETRY_SERIES: Description<'metric'> = {
  name: 'telemetry_series',
  help: 'Series that a metric of ours has, as Prometheus counts them.',
  labels: ['metric'],
};

function overflowText(metric: string, budget: number): string {
  return (
    `The metric ${metric} has more than its ${budget} series: its labels take too many values. ` +
    `What is new is counted under ${OTHER}.`
  );
}

/** Puts what is read in the place of what was read before. Where that cannot be, the metric is missing. */
async function refill<Label extends string>(
  metric: { reset(): void; remove(labels: object): void },
  series: Series<Label>,
  read: Read<Label>,
  put: (labels: Labels<Label>, value: number) => void,
): Promise<void> {
  try {
    const readings = await read();
    metric.reset();
    series.clear();
    for (const [labels, value] of readings) put(series.admit(labels), value);
    if (readings.length === 0) metric.remove({}); // One without labels would stand at 0.
  } catch {
    metric.reset();
    series.clear();
    metric.remove({});
  }
}

function typedCounter<Label extends string>(
  counter: prometheus.Counter<Label>,
  series: Series<Label>,
): Counter<Label> {
  return {
    increment(labels, by = 1) {
      if (by >= 0 && Number.isFinite(by)) counter.inc(series.admit(labels), by);
    },
    start(labels) {
      if (series.declare(labels)) counter.inc(labels, 0);
    },
  };
}

function typedGauge<Label extends string>(
  gauge: prometheus.Gauge<Label>,
  series: Series<Label>,
): Gauge<Label> {
  return {
    set(labels, value) {
      if (Number.isFinite(value)) gauge.set(series.admit(labels), value);
    },
    add(labels, by) {
      if (Number.isFinite(by)) gauge.inc(series.admit(labels), by);
    },
    start(labels) {
      if (series.declare(labels)) gauge.inc(labels, 0);
    },
  };
}

function typedHistogram<Label extends string>(
  histogram: prometheus.Histogram,
  series: Series<Label>,
  hasExemplars: boolean,
): Histogram<Label> {
  return {
    observe(given, value, traceId) {
      if (!Number.isFinite(value)) return;
      const labels = series.admit(given);
      if (!hasExemplars) histogram.observe(labels, value);
      else if (traceId === undefined) histogram.observe({ labels, value });
      else histogram.observe({ labels, value, exemplarLabels: { trace_id: traceId } });
    },
    start(labels) {
      if (series.declare(labels)) histogram.zero(labels); // Which would empty one that is there.
    },
  };
}

/** The value where it is one of a closed set, else `_other`. */
export function closed(values: readonly string[], value: string): string {
  return values.includes(value) ? value : OTHER;
}

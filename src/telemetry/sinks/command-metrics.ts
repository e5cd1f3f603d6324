import type { CommandMetricOptions, CommandMetrics } from '../command-metrics';
import { OTHER } from '../event';
import { RUN_BUCKETS } from './metrics/buckets';
import {
  closed,
  type Counter,
  type Description,
  type Gauge,
  type Histogram,
  type MetricRegistry,
} from './registry';

type Labels = Readonly<Record<string, string>>;
type Options = CommandMetricOptions<string>;

/** As many series of a metric are started at 0 at most; beyond it they start when they are first used. */
const STARTED_SERIES = 100;

/**
 * The metrics that commands have of their own, in the bot's registry, prefixed `command_`. A metric is made at the
 * first call with its name; every command that asks for the same name gets the same metric.
 */
export function createCommandMetrics(registry: MetricRegistry): CommandMetrics {
  const shapes = new Map<string, string>();
  const counters = new Map<string, Counter<string>>();
  const gauges = new Map<string, Gauge<string>>();
  const histograms = new Map<string, Histogram<string>>();

  function declare<Metric extends { start(labels: Labels): void }>(
    metrics: Map<string, Metric>,
    shape: { readonly type: string; readonly name: string; readonly options: Options },
    make: (description: Description<string>) => Metric,
  ): Metric {
    const { type, name, options } = shape;
    const labels = Object.keys(options.labels ?? {});
    claim(name, `a ${type} with ${labels.length === 0 ? 'no labels' : `the labels ${labels.join(', ')}`}`);
    const known = metrics.get(name);
    if (known !== undefined) return known;
    const made = make({ name: `command_${name}`, help: options.help, labels });
    metrics.set(name, made);
    if (combinationsOf(options) <= STARTED_SERIES) {
      for (const combination of everyCombination(options)) made.start(combination);
    }
    return made;
  }

  function claim(name: string, shape: string): void {
    if (!/^[a-z][a-z0-9_]*$/.test(name)) {
      throw new Error(`"${name}" is no name for a metric: use a to z, 0 to 9 and _, with a letter first.`);
    }
    const taken = shapes.get(name);
    if (taken !== undefined && taken !== shape) {
      throw new Error(`The metric command_${name} is ${taken} already, and was asked for as ${shape}.`);
    }
    shapes.set(name, shape);
  }

  return {
    counter(name, options) {
      const full = name.endsWith('_total') ? name : `${name}_total`;
      const metric = declare(counters, { type: 'counter', name: full, options }, (description) =>
        registry.counter(description),
      );
      return { increment: (labels, by) => metric.increment(closedLabels(options, labels), by) };
    },
    gauge(name, options) {
      const metric = declare(gauges, { type: 'gauge', name, options }, (description) =>
        registry.gauge(description),
      );
      return { set: (value, labels) => metric.set(closedLabels(options, labels), value) };
    },
    histogram(name, options) {
      const { buckets = RUN_BUCKETS } = options;
      const metric = declare(histograms, { type: 'histogram', name, options }, (description) =>
        registry.histogram({ ...description, buckets }),
      );
      return { observe: (value, labels) => metric.observe(closedLabels(options, labels), value) };
    },
  };
}

function closedLabels(options: Options, labels: Labels = {}): Labels {
  return Object.fromEntries(
    Object.entries(options.labels ?? {}).map(([label, values]) => [
      label,
      closed(values, labels[label] ?? OTHER),
    ]),
  );
}

function combinationsOf(options: Options): number {
  return Object.values(options.labels ?? {}).reduce((product, values) => product * values.length, 1);
}

function everyCombination(options: Options): Labels[] {
  return Object.entries(options.labels ?? {}).reduce<Labels[]>(
    (combinations, [label, values]) =>
      combinations.flatMap((combination) => values.map((value) => ({ ...combination, [label]: value }))),
    [{}],
  );
}

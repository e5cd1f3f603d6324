import { createRegistry, type MetricRegistry } from '../../src/telemetry/sinks/registry';
import { parseExposition, type Exposition } from '../support/exposition';
import { keepingLogger, type LoggedLine } from '../pipeline/support';

/** The firewall: what happens to a metric whose labels take values without end. */

interface Opened {
  readonly registry: MetricRegistry;
  readonly lines: readonly LoggedLine[];
  readonly scrape: () => Promise<Exposition>;
}

function open(): Opened {
  const { logger, lines } = keepingLogger();
  const registry = createRegistry({ logger });
  return { registry, lines, scrape: async () => parseExposition((await registry.expose(false)).body) };
}

const count = ({ samples }: Exposition, name: string): number =>
  samples.filter((sample) => sample.name === name).length;
const LABELS = ['who', 'outcome'] as const;
const OUTCOMES = ['ok', 'failed'] as const;

it('a counter beyond its budget loses no count, and its closed labels keep their meaning', async () => {
  const { registry, scrape } = open();
  const counter = registry.counter({
    ...{ name: 'x_total', help: 'x', labels: LABELS, budget: 10, overflow: ['who'] },
  });
  for (let i = 0; i < 3000; i += 1) counter.increment({ who: `user-${i}`, outcome: OUTCOMES[i % 2] ?? '' });
  counter.increment({ who: 'user-3', outcome: 'failed' });
  const found = await scrape();
  expect(count(found, 'x_total')).toBe(12);
  expect(found.sum('x_total')).toBe(3001);
  expect(found.sum('x_total', { outcome: 'failed' })).toBe(1501);
  expect(found.value('x_total', { who: 'user-3', outcome: 'failed' })).toBe(2); // Whoever is in, stays in.
  expect(found.value('x_total', { who: '_other', outcome: 'ok' })).toBe(1495);
});

it('a metric that names no label of those that overflow has one series for all that is beyond', async () => {
  const { registry, scrape } = open();
  const histogram = registry.histogram({ name: 'x', help: 'x', labels: LABELS, buckets: [1, 2], budget: 50 });
  const gauge = registry.gauge({ name: 'g', help: 'g', labels: LABELS, budget: 3 });
  for (let i = 0; i < 1000; i += 1) {
    histogram.observe({ who: `${i}`, outcome: 'ok' }, 1.5);
    gauge.add({ who: `${i}`, outcome: 'ok' }, 1);
  }
  const found = await scrape();
  expect(count(found, 'x_count')).toBe(11); // 5 series each.
  expect(found.sum('x_count')).toBe(1000);
  expect(found.value('x_bucket', { who: '_other', outcome: '_other', le: '2' })).toBe(990);
  expect(count(found, 'g')).toBe(4);
  expect(found.value('g', { who: '_other', outcome: '_other' })).toBe(997);
});

it('a label that was thought to be closed and is not cannot get through either', async () => {
  const { registry, scrape } = open();
  const counter = registry.counter({
    ...{ name: 'x_total', help: 'x', labels: LABELS, budget: 10, overflow: ['who'] },
  });
  for (let i = 0; i < 3000; i += 1) counter.increment({ who: 'kim', outcome: `it ended as ${i}` });
  const found = await scrape();
  expect(count(found, 'x_total')).toBeLessThanOrEqual(21);
  expect(found.sum('x_total')).toBe(3000);
});

it('a bot of 200 commands and every kind is within its budget, for what is known is not counted against it', async () => {
  const { registry, scrape, lines } = open();
  const counter = registry.counter({ name: 'x_total', help: 'x', labels: LABELS });
  for (let i = 0; i < 5000; i += 1) counter.start({ who: `command-${i}`, outcome: 'ok' });
  for (let i = 0; i < 5000; i += 1) counter.increment({ who: `command-${i}`, outcome: 'ok' });
  counter.increment({ who: 'unforeseen', outcome: 'ok' });
  const found = await scrape();
  expect(count(found, 'x_total')).toBe(5001);
  expect(found.value('x_total', { who: '_other' })).toBeUndefined();
  expect(lines).toEqual([]);
});

it('a series that is started again keeps what it has counted', async () => {
  const { registry, scrape } = open();
  const histogram = registry.histogram({ name: 'x', help: 'x', labels: ['who'], buckets: [1] });
  histogram.observe({ who: 'kim' }, 1);
  histogram.start({ who: 'kim' });
  expect((await scrape()).value('x_count', { who: 'kim' })).toBe(1);
});

it('the log names a metric that overflows, once', () => {
  const { registry, lines } = open();
  const counter = registry.counter({ name: 'x_total', help: 'x', labels: LABELS, budget: 10 });
  const other = registry.counter({ name: 'y_total', help: 'y', labels: LABELS, budget: 10 });
  for (let i = 0; i < 10; i += 1) counter.increment({ who: `${i}`, outcome: 'ok' });
  expect(lines).toEqual([]);
  for (let i = 0; i < 100; i += 1) {
    counter.increment({ who: `${i}`, outcome: 'ok' });
    other.increment({ who: `${i}`, outcome: 'ok' });
  }
  expect(lines).toMatchObject([
    { level: 'warn', message: expect.stringContaining('x_total'), fields: { metric: 'x_total' } },
    { level: 'warn', fields: { metric: 'y_total' } },
  ]);
});

it('what is read at a scrape has a budget too, and may change without using it up', async () => {
  const { registry, scrape } = open();
  let turn = 0;
  registry.readGauge({ name: 'g', help: 'g', labels: ['of'], budget: 10 }, () =>
    Array.from({ length: 8 }, (_, i) => [{ of: `${turn}-${i}` }, 1] as const),
  );
  registry.readCounter({ name: 'c_total', help: 'c', labels: ['of'], budget: 10 }, () =>
    Array.from({ length: 100 }, (_, i) => [{ of: `${i}` }, 1] as const),
  );
  for (; turn < 5; turn += 1) {
    const found = await scrape();
    expect(count(found, 'g')).toBe(8);
    expect(found.value('g', { of: `${turn}-7` })).toBe(1);
    expect([count(found, 'c_total'), found.sum('c_total')]).toEqual([11, 100]);
  }
});

it('telemetry_series says of each metric how many series a scrape has of it', async () => {
  const { registry, scrape } = open();
  registry.counter({ name: 'plain_total', help: 'x', labels: [] });
  registry.histogram({ name: 'h', help: 'h', labels: ['of'], buckets: [1, 2] }).observe({ of: 'a' }, 1);
  registry.gauge({ name: 'none_yet', help: 'g', labels: ['of'] });
  registry.readGauge({ name: 'read', help: 'g', labels: ['of'] }, () => [
    [{ of: 'a' }, 1],
    [{ of: 'b' }, 1],
  ]);
  registry.readGauge({ name: 'unread', help: 'g', labels: [] }, () => Promise.reject(new Error('away')));
  const found = await scrape();
  const said = found.samples.filter(({ name }) => name === 'telemetry_series');
  const own: Readonly<Record<string, number>> = Object.fromEntries(
    said.map(({ labels, value }) => [labels.metric ?? '', value]),
  );
  expect(own).toEqual({ plain_total: 1, h: 5, none_yet: 0, read: 2, unread: 0 });
  for (const [metric, series] of Object.entries(own)) {
    const names = [metric, `${metric}_bucket`, `${metric}_sum`, `${metric}_count`];
    expect(found.samples.filter(({ name }) => names.includes(name))).toHaveLength(series);
  }
});

import { createCommandMetrics } from '../../src/telemetry/sinks/command-metrics';
import { createRegistry } from '../../src/telemetry/sinks/registry';
import { parseExposition, type Exposition } from '../support/exposition';

/** The metrics that authors of commands make for themselves. */

function open() {
  const registry = createRegistry();
  const scrape = async (openMetrics = false): Promise<Exposition> =>
    parseExposition((await registry.expose(openMetrics)).body);
  return { metrics: createCommandMetrics(registry), scrape };
}

const BY = { help: 'Tickets.', labels: { by: ['user', 'admin'] } } as const;

it('a counter starts at 0 for every value it can have, and counts each', async () => {
  const { metrics, scrape } = open();
  const tickets = metrics.counter('tickets', BY);
  expect((await scrape()).value('command_tickets_total', { by: 'admin' })).toBe(0);
  tickets.increment({ by: 'admin' });
  tickets.increment({ by: 'admin' }, 2);
  expect((await scrape()).value('command_tickets_total', { by: 'admin' })).toBe(3);
});

it('a name may end with _total or not: it is the same counter', async () => {
  const { metrics, scrape } = open();
  metrics.counter('tickets', BY).increment({ by: 'user' });
  metrics.counter('tickets_total', BY).increment({ by: 'user' });
  expect((await scrape()).value('command_tickets_total', { by: 'user' })).toBe(2);
});

it('what a user typed makes no series: it is counted as _other', async () => {
  const { metrics, scrape } = open();
  const tickets = metrics.counter<'by'>('tickets', BY);
  for (const by of ['kim', 'jun', '"} 1\nforged 1']) tickets.increment({ by });
  const found = (await scrape()).samples.filter(({ name }) => name === 'command_tickets_total');
  expect(found.map(({ labels, value }) => [labels.by, value])).toEqual([
    ['user', 0],
    ['admin', 0],
    ['_other', 3],
  ]);
});

it('gauges and histograms work without labels, with buckets of their own or those of runs', async () => {
  const { metrics, scrape } = open();
  metrics.gauge('queue', { help: 'Waiting.' }).set(7);
  metrics.histogram('wait_seconds', { help: 'Waited.', buckets: [1, 2] }).observe(1.5);
  metrics.histogram('work_seconds', { help: 'Worked.' }).observe(0.02);
  const found = await scrape();
  expect(found.value('command_queue')).toBe(7);
  expect(found.value('command_wait_seconds_bucket', { le: '1' })).toBe(0);
  expect(found.value('command_wait_seconds_bucket', { le: '2' })).toBe(1);
  expect(found.value('command_work_seconds_bucket', { le: '0.025' })).toBe(1);
});

it('a metric can be made whatever was scraped before: commands make theirs when they first run', async () => {
  const { metrics, scrape } = open();
  for (const openMetrics of [false, true, false]) {
    await scrape(openMetrics);
    metrics.histogram(`h${String(openMetrics)}`, { help: 'Any.' }).observe(1);
    metrics.counter(`c${String(openMetrics)}`, { help: 'Any.' }).increment();
  }
  for (const name of ['command_htrue_count', 'command_hfalse_count', 'command_ctrue_total']) {
    expect((await scrape()).value(name)).toBeGreaterThan(0);
  }
});

it('a counter made while a scrape is under way keeps its name in all that follow', async () => {
  const { metrics, scrape } = open();
  const underWay = scrape(true);
  await Promise.resolve();
  metrics.counter('late', { help: 'Late.' }).increment();
  await underWay;
  await scrape(true);
  expect((await scrape()).value('command_late_total')).toBe(1);
});

it('NaN and infinity pass a metric by, and do not poison it', async () => {
  const { metrics, scrape } = open();
  const [counter, gauge, histogram] = [
    metrics.counter('c', { help: 'Any.' }),
    metrics.gauge('g', { help: 'Any.' }),
    metrics.histogram('h', { help: 'Any.' }),
  ];
  gauge.set(1);
  for (const value of [NaN, Infinity, -Infinity]) {
    counter.increment(undefined, value);
    gauge.set(value);
    histogram.observe(value);
  }
  counter.increment(undefined, -5);
  counter.increment();
  histogram.observe(2);
  const found = await scrape();
  expect([found.value('command_c_total'), found.value('command_g'), found.value('command_h_sum')]).toEqual([
    1, 1, 2,
  ]);
});

it.each(['', 'Tickets', '1st', 'with space', 'ticket-count', 'a"b', 'ünder'])('%j is no name', (name) => {
  const { metrics } = open();
  expect(() => metrics.counter(name, BY)).toThrow(/is no name for a metric/);
});

it('a name that means something else already is refused, and says what it is', async () => {
  const { metrics, scrape } = open();
  metrics.counter('tickets_total', BY).increment({ by: 'user' });
  expect(() => metrics.gauge('tickets_total', BY)).toThrow(/command_tickets_total is a counter/);
  expect(() => metrics.counter('tickets', { help: 'Others.' })).toThrow(/with the labels by/);
  expect((await scrape()).value('command_tickets_total', { by: 'user' })).toBe(1);
});

it('labels with more combinations than fit in memory are no reason to run out of it', async () => {
  const { metrics, scrape } = open();
  const values = Array.from({ length: 100 }, (_, i) => `v${i}`);
  const labels = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((label) => [label, values]));
  metrics
    .counter('vast', { help: 'Vast.', labels })
    .increment({ a: 'v1', b: 'v1', c: 'v1', d: 'v1', e: 'v1' });
  expect((await scrape()).sum('command_vast_total')).toBe(1);
});

it('labels with more combinations than can be started at 0 start as they are used', async () => {
  const { metrics, scrape } = open();
  const values = Array.from({ length: 101 }, (_, i) => `v${i}`);
  const many = metrics.counter<'by'>('many', { help: 'Many.', labels: { by: values } });
  many.increment({ by: 'v100' });
  const found = (await scrape()).samples.filter(({ name }) => name === 'command_many_total');
  expect(found).toEqual([{ name: 'command_many_total', labels: { by: 'v100' }, value: 1 }]);
});

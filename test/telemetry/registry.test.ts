import { createMetricsSink } from '../../src/telemetry/sinks/metrics';
import { closed, createRegistry, type MetricRegistry } from '../../src/telemetry/sinks/registry';
import { settled } from '../stats/support';
import { parseExposition } from '../support/exposition';

/** What a scraper is sent, in either format, in whatever order it is asked for. */

const COUNTER = 'discord_command_invocations_total';

function busyRegistry(): MetricRegistry {
  const registry = createRegistry();
  const sink = createMetricsSink(registry);
  sink.record({ ...settled(), type: 'invocation_received' });
  sink.record(settled());
  return registry;
}

function expectText(body: string): void {
  expect(body).toContain(`# TYPE ${COUNTER} counter`);
  expect(body).toContain('# TYPE process_cpu_user_seconds_total counter');
  expect(body).not.toMatch(/ # \{/);
  expect(body).not.toContain('# EOF');
  expect(parseExposition(body).value(COUNTER, { command: 'ping', outcome: 'ok' })).toBe(1);
}

function expectOpenMetrics(body: string): void {
  expect(body).toContain('# TYPE discord_command_invocations counter');
  expect(body).not.toContain('_total_total');
  expect(body.endsWith('\n# EOF\n')).toBe(true);
  expect(parseExposition(body).value(COUNTER, { command: 'ping', outcome: 'ok' })).toBe(1);
}

it('every exposition is whole, whichever format the one before had', async () => {
  const registry = busyRegistry();
  for (const openMetrics of [false, true, true, false, true, false, false]) {
    const { contentType, body } = await registry.expose(openMetrics);
    expect(contentType).toMatch(openMetrics ? /^application\/openmetrics-text;/ : /^text\/plain;/);
    if (openMetrics) expectOpenMetrics(body);
    else expectText(body);
  }
});

it('expositions that are asked for at once do not spoil one another', async () => {
  const registry = busyRegistry();
  const formats = Array.from({ length: 12 }, (_, i) => i % 3 === 0);
  const expositions = await Promise.all(formats.map((openMetrics) => registry.expose(openMetrics)));
  expositions.forEach(({ body }, i) => (formats[i] === true ? expectOpenMetrics(body) : expectText(body)));
});

it('an exposition that fails leaves the next one whole', async () => {
  const registry = busyRegistry();
  let isBroken = true;
  registry.readCounter({ name: 'backwards_total', help: 'Goes back.', labels: [] }, () => [
    [{}, isBroken ? -1 : 1],
  ]);
  await registry.expose(true).catch(() => undefined);
  isBroken = false;
  const { body } = await registry.expose(false);
  expectText(body);
  expect(parseExposition(body).value('backwards_total')).toBe(1);
});

it('a scraper of OpenMetrics gets from a slow bucket to a trace of it', async () => {
  const { body } = await busyRegistry().expose(true);
  const exemplars = body.split('\n').filter((line) => line.includes(' # {'));
  const shape =
    /^\w+_bucket\{.*\} \d+ # \{trace_id="4bf92f3577b34da6a3ce929d0e0e4736"\} 0\.\d+ \d{10}(\.\d+)?$/;
  expect(exemplars.length).toBeGreaterThanOrEqual(2);
  expect(exemplars.filter((line) => !shape.test(line))).toEqual([]);
  const names = new Set(exemplars.map((line) => line.replace(/_bucket.*/, '')));
  expect(names).toEqual(new Set(['discord_command_duration_seconds', 'discord_interaction_ack_seconds']));
});

it('an exemplar does not lead to a trace that was not kept', async () => {
  const registry = createRegistry();
  const sink = createMetricsSink(registry, ({ command }) => command === 'kept');
  sink.record(settled({ command: 'kept' }));
  sink.record(
    settled({ command: 'passed over', durationSeconds: 7, ack: { kind: 'defer', afterCreationSeconds: 2 } }),
  );
  const { body } = await registry.expose(true);
  const exemplars = body.split('\n').filter((line) => line.includes(' # {'));
  expect(exemplars).toHaveLength(2);
  expect(exemplars.join()).not.toMatch(/passed over|ack="defer"/);
});

it('values of labels cannot forge a line', async () => {
  const registry = createRegistry();
  const counter = registry.counter<'name'>({ name: 'odd_total', help: 'Odd.', labels: ['name'] });
  counter.increment({ name: 'a"} 1\nforged_total 7 \\' });
  for (const openMetrics of [false, true]) {
    const { samples } = parseExposition((await registry.expose(openMetrics)).body);
    expect(samples.filter(({ name }) => name === 'forged_total')).toEqual([]);
    expect(samples.filter(({ name }) => name === 'odd_total')).toHaveLength(1);
  }
});

it('a reading that is slow holds back its own exposition, and none is made of half of it', async () => {
  const registry = createRegistry();
  let arrive: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => (arrive = resolve));
  registry.readGauge({ name: 'slow', help: 'Slow.', labels: ['of'] }, async () => {
    await slow;
    return [[{ of: 'a' }, 1]];
  });
  const both = Promise.all([registry.expose(true), registry.expose(false)]);
  arrive();
  for (const { body } of await both) expect(parseExposition(body).value('slow', { of: 'a' })).toBe(1);
});

it('a closed set lets no other value through', () => {
  expect(closed(['a', 'b'], 'b')).toBe('b');
  expect(closed(['a', 'b'], 'toString')).toBe('_other');
});

it('a counter that is read as something it cannot be is missing, and the scrape goes on', async () => {
  const registry = createRegistry();
  registry.readCounter({ name: 'x_total', help: 'x', labels: [] }, () => [[{}, -1]]);
  const { body } = await registry.expose(false);
  expect(body).not.toMatch(/^x_total /m);
  expect(body).toContain('process_cpu_user_seconds_total');
});

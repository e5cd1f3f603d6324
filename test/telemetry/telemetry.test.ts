import { settled } from '../stats/support';
import { keepingLogger } from '../pipeline/support';
import type { Sink, TelemetryEvent } from '../../src/telemetry/event';
import { createTelemetry } from '../../src/telemetry/telemetry';

const EVENT = settled();

function broken(name: string, error: unknown = new Error('disk full')): Sink {
  return {
    name,
    record: () => {
      throw error;
    },
  };
}

function keeping(name = 'keeper') {
  const events: TelemetryEvent[] = [];
  return { events, sink: { name, record: (event: TelemetryEvent) => void events.push(event) } };
}

function telemetryOf(...sinks: readonly Sink[]) {
  const clock = { now: 1_000_000 };
  const { logger, lines } = keepingLogger();
  return { ...createTelemetry(sinks, { logger, now: () => clock.now }), clock, lines };
}

it('a sink that throws, whatever it throws, keeps no event from the others and no error from nobody', () => {
  const [first, last] = [keeping('first'), keeping('last')];
  const { record } = telemetryOf(first.sink, broken('a'), broken('b', undefined), last.sink);
  record(EVENT);
  expect(first.events).toEqual([EVENT]);
  expect(last.events).toEqual([EVENT]);
  expect(last.events[0]).toBe(EVENT);
});

it('every error of a sink is counted under its name, and no other', () => {
  const { record, sinks } = telemetryOf(broken('a'), keeping('b').sink);
  for (let i = 0; i < 3; i += 1) record(EVENT);
  expect(sinks()).toEqual([
    { name: 'a', errors: 3, dropped: {} },
    { name: 'b', errors: 0, dropped: {} },
  ]);
});

it('a broken sink is named in the log with its error, at most once a minute and each on its own', () => {
  const { record, clock, lines } = telemetryOf(broken('a'), broken('b'));
  const complaints = (): unknown[] => lines.splice(0).map(({ fields }) => [fields.sink, fields.errors]);
  record(EVENT);
  expect(lines[0]).toMatchObject({ level: 'error', fields: { error: new Error('disk full') } });
  expect(complaints()).toEqual([
    ['a', 1],
    ['b', 1],
  ]);
  clock.now += 59_999;
  record(EVENT);
  expect(complaints()).toEqual([]);
  clock.now += 1;
  record(EVENT);
  expect(complaints()).toEqual([
    ['a', 3],
    ['b', 3],
  ]);
});

it('closing drains every sink, also those behind one that fails at it, and waits for the slowest', async () => {
  const closed: string[] = [];
  const closing = (name: string, close: () => Promise<void>): Sink => ({ ...keeping(name).sink, close });
  let finish: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => (finish = resolve));
  const telemetry = telemetryOf(
    closing('rejects', () => Promise.reject(new Error('no'))),
    closing('throws', () => {
      throw new Error('at once');
    }),
    closing('slow', () => slow.then(() => void closed.push('slow'))),
    keeping('has nothing to close').sink,
    closing('quick', () => Promise.resolve(void closed.push('quick'))),
  );
  const ended = telemetry.close().then(() => closed.push('telemetry'));
  await new Promise(setImmediate);
  expect(closed).toEqual(['quick']);
  finish();
  await ended;
  expect(closed).toEqual(['quick', 'slow', 'telemetry']);
  expect(telemetry.sinks().map(({ errors }) => errors)).toEqual([1, 1, 0, 0, 0]);
});

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { createInvocationContext } from '../../src/logging/context';
import { createRedactor } from '../../src/logging/redact';
import { createTypedRedactors } from '../../src/logging/typed-values';
import { openClient } from '../../src/sentry/client';
import { createSentrySink } from '../../src/sentry/sink';
import { rowOf } from '../../src/stats/invocation-row';
import type { FailureReason, Invocation, Sink } from '../../src/telemetry/event';
import { until } from '../logging/support';
import { keepingLogger } from '../pipeline/support';
import { failed, REFUSED, settled, START } from '../stats/support';
import { startReceiver, type Answer, type Receiver } from './receiver';

/** What arrives at Sentry, by a receiver that decodes it; and what a Sentry that is away costs. */

const TOKEN = 'MTIz.abcdef.the-secret-of-the-bot';
const typedRedactors = createTypedRedactors(createRedactor([TOKEN]));
const redact = (text: string, typed: readonly string[]): string => typedRedactors(typed).text(text);

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function receiver(answer?: () => Answer | null): Promise<Receiver> {
  const made = await startReceiver(answer);
  opened.push(() => made.close());
  return made;
}

function sinkTo(
  dsn: string,
  options: {
    now?: () => number;
    requestLimitMs?: number;
    running?: () => Invocation | null;
    hashUser?: (id: string) => string;
  } = {},
) {
  const { logger, lines } = keepingLogger();
  const sink = createSentrySink({
    open: (client) => Promise.resolve(openClient(client)),
    dsn,
    release: 'telltale@1.2.3+4bf92f3',
    environment: 'production',
    redact,
    hashUser: (userId) => `hash of ${userId}`,
    running: () => null,
    now: () => START,
    logger,
    ...options,
  });
  opened.push(async () => sink.close?.());
  return { sink, lines, dropped: () => sink.dropped?.() ?? {} };
}

const failure = (error: unknown = new Error('no row')): ReturnType<typeof settled> =>
  settled({ outcome: failed(error), receivedAt: START });

async function sent(sink: Sink): Promise<void> {
  await sink.close?.();
}

it('a failure arrives with all that leads to it, and with nothing more', async () => {
  const { dsn, events } = await receiver();
  const { sink, dropped } = sinkTo(dsn);
  sink.record(settled({ outcome: failed(new TypeError('no row')), command: 'ticket close' }));
  await sent(sink);
  expect(events).toEqual([
    {
      event_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      timestamp: START / 1000,
      platform: 'node',
      sdk: expect.objectContaining({ name: 'sentry.javascript.node-light' }),
      level: 'error',
      release: 'telltale@1.2.3+4bf92f3',
      environment: 'production',
      fingerprint: [expect.stringMatching(/^[0-9a-f]{12}$/)],
      transaction: 'ticket close',
      tags: {
        command: 'ticket close',
        kind: 'chat_input',
        reason: 'exception',
        trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
      },
      user: { id: 'hash of user-1' },
      contexts: { trace: { trace_id: '4bf92f3577b34da6a3ce929d0e0e4736', span_id: '4bf92f3577b34da6' } },
      exception: {
        values: [
          {
            type: 'TypeError',
            value: 'no row',
            mechanism: { type: 'generic', handled: true },
            stacktrace: { frames: expect.arrayContaining([expect.objectContaining({ in_app: true })]) },
          },
        ],
      },
    },
  ]);
  expect(dropped()).toEqual({ queue_full: 0, send_failed: 0, rate_limited: 0, closed: 0 });
});

it('neither answers nor refusals are errors there', async () => {
  const { dsn, requests } = await receiver();
  const { sink } = sinkTo(dsn);
  sink.record(settled());
  sink.record(settled({ outcome: REFUSED }));
  await sent(sink);
  expect(requests()).toBe(0);
});

it('the causes of an error come with it, what happened first first, and no more than ten', async () => {
  const { dsn, events } = await receiver();
  const { sink } = sinkTo(dsn);
  const root = new AggregateError([new Error('left'), new Error('right')], 'both');
  sink.record(failure(new Error('cannot save', { cause: root })));
  let deep: unknown;
  for (let depth = 0; depth < 30; depth += 1) deep = new Error(`at ${depth}`, { cause: deep });
  sink.record(failure(deep));
  await sent(sink);
  const values = events.map(({ exception }) => exception.values.map(({ value }) => value));
  expect(values[0]).toEqual(['right', 'left', 'both', 'cannot save']);
  expect(values[1]?.length).toBeLessThanOrEqual(10);
});

it('no secret and nothing typed arrives, be it in a message, a name, a stack, a cause or an object', async () => {
  const { dsn, text, events } = await receiver();
  const { sink } = sinkTo(dsn);
  const words = `${TOKEN} and my deepest secret`;
  const named = Object.assign(new Error('x'), {
    name: words,
    stack: `Error\n    at ${words} (/app/x.js:1:2)`,
  });
  const thrown = [new Error(words), named, new Error('x', { cause: new Error(words) }), words];
  for (const error of [...thrown, { [words]: words, count: 271828 }, `${'x '.repeat(9000)}${words}`]) {
    sink.record({ ...failure(error), typed: ['my deepest secret', '271828'] });
  }
  await sent(sink);
  expect(events).toHaveLength(6);
  for (const secret of [TOKEN, 'deepest', '271828']) expect(text()).not.toContain(secret);
  expect(text()).toContain('[redacted]');
});

it('nobody’s Discord id arrives, be it in a message, a name, a stack, a cause or an object', async () => {
  const { dsn, text, events } = await receiver();
  const { sink } = sinkTo(dsn);
  const id = '123456789012345678';
  const named = Object.assign(new Error('x'), {
    name: `E${id}`,
    stack: `Error\n    at f${id} (/app/x.js:1:2)`,
  });
  const thrown = [
    new Error(`no account for user ${id}`),
    named,
    new Error('x', { cause: new AggregateError([new Error(`<@${id}>`)], `guild ${id}`) }),
    id,
    BigInt(id),
    { [id]: id, userId: BigInt(id), name: id },
    new Error(`${'x '.repeat(8189)}${id}${'x '.repeat(9000)}`),
  ];
  for (const error of thrown) sink.record(failure(error));
  await sent(sink);
  expect(events).toHaveLength(thrown.length);
  expect(events[0]?.exception.values[0]?.value).toBe('no account for user #');
  expect(text()).not.toContain(id.slice(0, 8));
});

it('one bug is one issue: it is grouped as the statistics group it', async () => {
  const { dsn, events } = await receiver();
  const { sink } = sinkTo(dsn);
  const [first, second] = [failure(new Error('no row 17')), failure(new Error('no row 4711'))];
  sink.record(first);
  sink.record(second);
  sink.record(failure(new Error('no table')));
  await sent(sink);
  const { fingerprint } = rowOf(first, START, redact);
  expect(events.map((event) => event.fingerprint)).toEqual([
    [fingerprint],
    [fingerprint],
    [expect.not.stringContaining(fingerprint ?? '')],
  ]);
});

it('an unhandled error is fatal, and belongs to the command in which it happened', async () => {
  const { dsn, events } = await receiver();
  let running: Invocation | null = null;
  const { sink } = sinkTo(dsn, { running: () => running });
  sink.record({ type: 'unhandled_error', kind: 'rejection', error: new Error('nobody waited') });
  running = settled({ typed: ['my last words'] });
  sink.record({ type: 'unhandled_error', kind: 'exception', error: 'my last words' });
  await sent(sink);
  expect(events).toMatchObject([
    { level: 'fatal', tags: { reason: 'unhandled_rejection' } },
    {
      level: 'fatal',
      tags: { reason: 'unhandled_exception', command: 'ping', trace_id: running.traceId },
      exception: { values: [{ type: 'NonError', value: '[redacted]', mechanism: { handled: false } }] },
    },
  ]);
  expect(events[0]).not.toHaveProperty('user');
});

describe('an error that a command throws and nobody catches', () => {
  const error = new Error('no database');
  const run = failure(error);
  const crash = { type: 'unhandled_error', kind: 'rejection', error } as const;

  it.each([
    ['first as the command’s failure', [run, crash]],
    ['first as what ends the bot', [crash, run]],
  ])('is one event, fatal and of that command, if it comes %s', async (_, both) => {
    const { dsn, events } = await receiver();
    const { sink } = sinkTo(dsn);
    for (const event of both) sink.record(event);
    await until(() => events.length > 0);
    await sent(sink);
    const { fingerprint } = rowOf(run, START, redact);
    expect(events).toMatchObject([
      {
        level: 'fatal',
        fingerprint: [fingerprint],
        tags: { command: 'ping', reason: 'unhandled_rejection', trace_id: run.traceId },
        user: { id: 'hash of user-1' },
        exception: { values: [{ mechanism: { handled: false } }] },
      },
    ]);
  });

  it('is one event also if the process exits in that very turn', async () => {
    const { dsn } = await receiver();
    const { sink } = sinkTo(dsn);
    await turn();
    sink.record(run);
    sink.record(crash);
    const { messages } = sink.leftovers();
    expect(messages.map(({ body }) => /"level":"(\w+)"/.exec(Buffer.from(body).toString())?.[1])).toEqual([
      'fatal',
    ]);
  });

  it('is of one issue with that failure, if the bot ends of it only later', async () => {
    const { dsn, events } = await receiver();
    const { sink } = sinkTo(dsn);
    sink.record(run);
    await until(() => events.length === 1);
    sink.record(crash);
    await sent(sink);
    expect(events.map(({ level }) => level)).toEqual(['error', 'fatal']);
    expect(events[1]?.fingerprint).toEqual(events[0]?.fingerprint);
  });

  it('does not hide the failure of another command of which it is the error too', async () => {
    const { dsn, events } = await receiver();
    const { sink } = sinkTo(dsn);
    for (const event of [run, run, crash]) sink.record(event);
    await sent(sink);
    expect(events.map(({ level }) => level).sort()).toEqual(['error', 'fatal']);
  });
});

it('what is no object is not taken for the same because it looks alike', async () => {
  const { dsn, events } = await receiver();
  const { sink } = sinkTo(dsn);
  sink.record(failure('no'));
  sink.record({ type: 'unhandled_error', kind: 'exception', error: 'no' });
  await sent(sink);
  expect(events.map(({ level }) => level).sort()).toEqual(['error', 'fatal']);
});

it('Telltale’s own frames are not shown as the bot’s code', async () => {
  const { dsn, events } = await receiver();
  const { sink } = sinkTo(dsn);
  const own = path.resolve(__dirname, '..', '..', 'src', 'pipeline', 'run.js');
  const error = Object.assign(new Error('x'), {
    stack: `Error: x\n    at buy (/bot/shop.js:3:7)\n    at run (${own}:1:2)`,
  });
  sink.record(failure(error));
  await sent(sink);
  expect(events[0]?.exception.values[0]?.stacktrace?.frames).toMatchObject([
    { function: 'run', in_app: false },
    { function: 'buy', in_app: true },
  ]);
});

it('whatever is thrown arrives, and nothing throws back', async () => {
  const { dsn, events } = await receiver();
  const { sink } = sinkTo(dsn);
  const trap = new Proxy({}, { get: () => { throw new Error('trap'); } }); // prettier-ignore
  const circle = new Error('round');
  circle.cause = circle;
  const lying = Object.defineProperty(new Error('x'), 'stack', { get: () => 7 });
  const thrown = [undefined, null, 7n, Symbol('s'), '', trap, circle, lying, () => 1, new Error('')];
  for (const error of thrown) sink.record(failure(error));
  await sent(sink);
  expect(events).toHaveLength(thrown.length);
});

it('what goes wrong in the telling is counted, and does not end the bot', async () => {
  const { dsn } = await receiver();
  const hashUser = (): string => {
    throw new Error('no hash');
  };
  const { sink, lines, dropped } = sinkTo(dsn, { hashUser });
  sink.record(failure());
  await until(() => dropped().send_failed === 1);
  expect(lines).toMatchObject([{ message: expect.stringContaining(': no hash.') }]);
});

it('its requests are not made in the name of the command', async () => {
  const { dsn, events } = await receiver();
  const context = createInvocationContext();
  const seen: unknown[] = [];
  const look = (): void => void seen.push(context.getStore() ?? 'nobody');
  subscribe('http.client.request.start', look);
  const { sink } = sinkTo(dsn);
  sink.record(failure());
  await until(() => events.length === 1); // What comes from now on does not wait for the library.
  context.run(settled(), () => {
    for (let count = 0; count < 100; count += 1) sink.record(failure());
  });
  await sent(sink);
  unsubscribe('http.client.request.start', look);
  expect(events).toHaveLength(101);
  expect(seen).toEqual(events.map(() => 'nobody'));
});

it('it takes no listener for what nobody caught, and leaves none behind', async () => {
  const listeners = (): Readonly<Record<string, number>> =>
    Object.fromEntries(process.eventNames().map((name) => [String(name), process.listenerCount(name)]));
  const before = listeners();
  const { dsn, events } = await receiver();
  const { sink } = sinkTo(dsn);
  sink.record(failure());
  await until(() => events.length === 1);
  expect(listeners()).toEqual({ ...before, beforeExit: (before.beforeExit ?? 0) + 1 });
  await sent(sink);
  expect(listeners()).toEqual(before);
});

describe('a Sentry that is', () => {
  it('down costs its events, which are counted, and one warning a minute', async () => {
    const gone = await startReceiver();
    await gone.close();
    let now = START;
    const { sink, lines, dropped } = sinkTo(gone.dsn, { now: () => now });
    sink.record(failure());
    sink.record(failure());
    await until(() => dropped().send_failed === 2);
    now += 60_000;
    sink.record(failure());
    await until(() => dropped().send_failed === 3);
    expect(lines.map(({ level, message }) => [level, message])).toEqual([
      ['warn', expect.stringMatching(/: it could not be reached \(ECONNREFUSED\)\. .* lost so far: 1\.$/)],
      ['warn', expect.stringMatching(/: it could not be reached \(ECONNREFUSED\)\. .* lost so far: 3\.$/)],
    ]);
  });

  it('slow holds nothing up, keeps no more than its queue, and lets the bot end after two seconds', async () => {
    const { dsn, requests } = await receiver(() => null);
    let reports = 0;
    const { sink, lines, dropped } = sinkTo(dsn, { hashUser: () => String((reports += 1)) });
    await turn();
    for (let count = 0; count < 1100; count += 1) sink.record(failure());
    await turn();
    expect(dropped().queue_full).toBe(36);
    expect(reports).toBe(1064); // For those for which there is no room nothing is done.
    await until(() => requests() === 64);
    const before = performance.now();
    await sink.close?.();
    expect(performance.now() - before).toBeLessThan(2500);
    sink.record(failure());
    await turn();
    expect(dropped()).toEqual({ queue_full: 36, send_failed: 0, rate_limited: 0, closed: 1065 });
    expect(lines.at(-1)?.message).toContain('errors lost until the bot ends: 1100.');
  });

  it('back again is told of, with how many it has missed', async () => {
    let status = 500;
    const { dsn, events } = await receiver(() => ({ status }));
    const { sink, lines, dropped } = sinkTo(dsn);
    for (let count = 0; count < 3; count += 1) sink.record(failure());
    await until(() => dropped().send_failed === 3);
    status = 200;
    sink.record(failure());
    await until(() => lines.length === 2);
    expect(events).toHaveLength(1);
    expect(lines.map(({ message }) => message)).toEqual([
      expect.stringContaining(': it answered 500.'),
      expect.stringMatching(/^Errors get to Sentry at 127\.0\.0\.1:\d+ again; errors lost so far: 3\.$/),
    ]);
  });

  it('well gets a burst whole, also one that comes just before the bot ends', async () => {
    const { dsn, events } = await receiver();
    const { sink, lines, dropped } = sinkTo(dsn);
    await turn();
    for (let count = 0; count < 200; count += 1) sink.record(failure(new Error(`burst ${count}`)));
    sink.record({ type: 'unhandled_error', kind: 'exception', error: new Error('my last words') });
    await sent(sink);
    expect(events).toHaveLength(201);
    expect(events.map(({ level }) => level)).toContain('fatal');
    expect([dropped(), lines]).toEqual([{ queue_full: 0, send_failed: 0, rate_limited: 0, closed: 0 }, []]);
  });

  it('of no use to the library is told of, and every error counted', async () => {
    const printed = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const { sink, lines, dropped } = sinkTo('https://key@h?q/1');
    sink.record(failure());
    await until(() => dropped().send_failed === 1);
    sink.record(failure());
    await sent(sink);
    printed.mockRestore();
    expect(dropped().send_failed).toBe(2);
    expect(lines.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('No error will get to Sentry'),
    );
  });

  it('silent is given up on, and has room again', async () => {
    const { dsn } = await receiver(() => null);
    const { sink, lines, dropped } = sinkTo(dsn, { requestLimitMs: 50 });
    for (let count = 0; count < 64; count += 1) sink.record(failure());
    await until(() => dropped().send_failed === 64);
    sink.record(failure());
    await until(() => dropped().send_failed === 65);
    expect(dropped().queue_full).toBe(0);
    expect(lines[0]?.message).toContain(': no answer within 0.05 s.');
  });

  it('answering 401 is told of with the setting that is wrong', async () => {
    const { dsn } = await receiver(() => ({ status: 401 }));
    const { sink, lines } = sinkTo(dsn);
    sink.record(failure());
    await until(() => lines.length === 1);
    const { host } = new URL(dsn);
    expect(lines).toMatchObject([
      {
        level: 'warn',
        message: expect.stringContaining(`Sentry at ${host}: it answered 401: is SENTRY_DSN right?`),
        fields: { event: 'errors_lost', count: 1, reason: 'send_failed' },
      },
    ]);
  });

  it.each([500, 400, 413, 302])('answering %i has lost the event', async (status) => {
    const { dsn } = await receiver(() => ({ status }));
    const { sink, dropped } = sinkTo(dsn);
    sink.record(failure());
    await until(() => dropped().send_failed === 1);
  });

  it('answering 429 is left alone for as long as it says', async () => {
    const { dsn, requests } = await receiver(() => ({ status: 429, headers: { 'retry-after': '60' } }));
    const { sink, lines, dropped } = sinkTo(dsn);
    sink.record(failure());
    await until(() => dropped().rate_limited === 1);
    for (let count = 0; count < 5; count += 1) sink.record(failure());
    await until(() => dropped().rate_limited === 6);
    expect(requests()).toBe(1);
    expect(lines).toMatchObject([{ message: expect.stringContaining('too many') }]);
  });
});

it.each<FailureReason>(['timeout', 'unanswered', 'discord_api'])(
  'tells %s from other failures',
  async (reason) => {
    const { dsn, events } = await receiver();
    const { sink } = sinkTo(dsn);
    sink.record(settled({ outcome: { kind: 'failed', reason, error: new Error('x') } }));
    await sent(sink);
    expect(events).toMatchObject([{ tags: { reason } }]);
  },
);

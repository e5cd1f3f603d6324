import type { InvocationSettled, Operation } from '../../src/telemetry/event';
import { createProgress } from '../../src/telemetry/operations';
import { createSpans } from '../../src/tracing/spans';
import type { Span } from '../../src/tracing/span';
import { failed, REFUSED, settled, START } from '../stats/support';

/** The trace of one invocation, whole. */

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const ROOT = '4bf92f3577b34da6';
let ids = 0;
beforeEach(() => void (ids = 0));

const spansOf = createSpans({
  newSpanId: () => (ids += 1).toString(16).padStart(16, '0'),
  databaseSystem: 'sqlite',
  redact: (text, typed) =>
    typed.reduce(
      (rest, value) => rest.replaceAll(value, '[typed]'),
      text.replaceAll('hunter2', '[redacted]'),
    ),
});

const rootOf = (changes: Partial<InvocationSettled>): Span => spansOf(settled(changes))[0]!;
const childOf = (operation: Operation): Span => spansOf(settled({ operations: [operation] }))[1]!;

const REST = {
  kind: 'rest',
  method: 'PATCH',
  route: '/channels/:id/messages',
  host: 'discord.com',
  attempts: 1,
  status: 200,
  code: null,
  startedAt: START + 20.5,
  durationSeconds: 0.0105,
  waitSeconds: 0.002,
} as const;
const HTTP = {
  kind: 'http',
  spanId: 'b7ad6b7169203331',
  method: 'GET',
  host: 'api.example.com:8443',
  status: 200,
  errorType: null,
  startedAt: START + 40,
  durationSeconds: 0.1,
} as const;
const STORE = {
  kind: 'store',
  question: 'summary',
  errorType: null,
  startedAt: START,
  durationSeconds: 0.01,
} as const;

it('of a command that was answered tells who, where, how it ended, when it came and when it was answered', () => {
  const event = settled({ createdAt: START - 50, ack: { kind: 'defer', afterCreationSeconds: 0.3 } });
  expect(spansOf(event)).toEqual([
    {
      traceId: TRACE_ID,
      spanId: ROOT,
      parentSpanId: null,
      name: 'chat_input ping',
      kind: 'server',
      startedAt: START,
      endedAt: START + 250,
      attributes: {
        'discord.command': 'ping',
        'discord.kind': 'chat_input',
        'discord.interaction.id': '1',
        'discord.guild.id': 'guild-1',
        'discord.channel.id': 'channel-1',
        'discord.user.id': 'user-1',
        'discord.shard': 0,
        'discord.locale': 'en-US',
        'discord.outcome': 'ok',
        'discord.deadline': 'met',
        'discord.ack.kind': 'defer',
      },
      moments: [
        { name: 'received', at: START, attributes: { 'discord.delivery': 0.05 } },
        {
          name: 'answered',
          at: START + 250,
          attributes: { 'discord.ack.kind': 'defer', 'discord.ack.after_creation': 0.3 },
        },
      ],
      link: null,
      isError: false,
      errorMessage: null,
    },
  ]);
});

it('of a failure has the error’s class, and its message and stack without secrets or what was typed', () => {
  const error = new TypeError('hunter2 is no answer to my question');
  const root = rootOf({ outcome: failed(error), typed: ['my question'] });
  expect(root).toMatchObject({
    isError: true,
    errorMessage: '[redacted] is no answer to [typed]',
    attributes: {
      'discord.outcome': 'failed',
      'discord.outcome.reason': 'exception',
      'error.type': 'TypeError',
    },
  });
  const exception = root.moments.at(-1);
  expect(exception).toEqual({
    name: 'exception',
    at: root.endedAt,
    attributes: {
      'exception.type': 'TypeError',
      'exception.message': '[redacted] is no answer to [typed]',
      'exception.stacktrace': expect.stringMatching(
        /^TypeError: \[redacted\] is no answer to \[typed\]\n +at /,
      ),
    },
  });
});

it('of a failure has a status of one line, and no longer than a list can show', () => {
  const messageOf = (message: string) => rootOf({ outcome: failed(new Error(message)) }).errorMessage;
  expect(messageOf('one\n  two\r\nthree')).toBe('one two three');
  expect(messageOf(`${'x'.repeat(199)}😀`)).toBe('x'.repeat(199));
  expect(messageOf('')).toBeNull();
});

it('tells times to the microsecond, and none of the digits that no clock has', () => {
  const afterCreationSeconds = 0.1 + 0.2;
  const [root, span] = spansOf(
    settled({
      createdAt: START - 50.1,
      ack: { kind: 'reply', afterCreationSeconds },
      operations: [{ ...REST, waitSeconds: 0.0100000000000001 }],
    }),
  );
  expect(root?.moments.map(({ attributes }) => attributes)).toMatchObject([
    { 'discord.delivery': 0.0501 },
    { 'discord.ack.after_creation': 0.3 },
  ]);
  expect(span?.attributes).toMatchObject({ 'discord.rest.wait': 0.01 });
});

it.each([
  ['ends after it, for clocks that tell whole milliseconds', START + 0, 0.2508, START, START + 250.8],
  ['ends after it, having begun later', START + 240.9, 0.01, START + 240, START + 250],
  ['begins before it, for a clock that was put back', START - 3_600_000, 0.01, START, START + 10],
])('no child %s', (_, startedAt, durationSeconds, from, to) => {
  const span = childOf({ ...HTTP, startedAt, durationSeconds });
  expect([span.startedAt, span.endedAt]).toEqual([from, expect.closeTo(to, 3)]);
});

it('of a failure that is no exception has its reason as the type, so that timeouts are told from bugs', () => {
  const outcome = { kind: 'failed', reason: 'timeout', error: new Error('too long') } as const;
  expect(rootOf({ outcome }).attributes['error.type']).toBe('timeout');
});

it.each([
  ['undefined', undefined, 'NonError', 'undefined'],
  ['a text', 'oh hunter2', 'NonError', 'oh [redacted]'],
  ['an object that throws when looked at', hostile(), 'NonError', '{}'],
  ['an error whose name is no text', Object.assign(new Error('x'), { name: 7 }), '7', 'x'],
])('survives %s being thrown', (_, thrown, type, message) => {
  const { attributes } = rootOf({ outcome: failed(thrown) }).moments.at(-1)!;
  expect(attributes).toMatchObject({ 'exception.type': type, 'exception.message': message });
});

function hostile(): unknown {
  return new Proxy(
    {},
    {
      get: () => {
        throw new Error('no');
      },
    },
  );
}

it('bounds what an error says, whatever its length', () => {
  const error = new Error('é'.repeat(100_000));
  const { attributes } = rootOf({ outcome: failed(error) }).moments.at(-1)!;
  expect(String(attributes['exception.message'])).toHaveLength(1000);
  expect(String(attributes['exception.stacktrace'])).toHaveLength(8000);
});

it('of a refusal is no error, has its reason, and not what the user was told', () => {
  const root = rootOf({ outcome: REFUSED });
  expect(root).toMatchObject({ isError: false, attributes: { 'discord.outcome.reason': 'cooldown' } });
  expect(JSON.stringify(root)).not.toContain('Wait.');
  expect(root.attributes).not.toHaveProperty('error.type');
});

it('of a missed deadline says who was late, and by what was measured', () => {
  const lateness = {
    culprit: 'handler',
    deliverySeconds: 0.1,
    eventLoopBlockedSeconds: 0.2,
    firstAttemptSeconds: null,
    clockOffsetSeconds: -0.5,
  } as const;
  const { attributes, moments } = rootOf({ ack: null, deadline: 'missed', lateness });
  expect(attributes).toMatchObject({
    'discord.deadline': 'missed',
    'discord.lateness.culprit': 'handler',
    'discord.lateness.delivery': 0.1,
    'discord.lateness.event_loop_blocked': 0.2,
    'discord.lateness.clock_offset': -0.5,
  });
  expect(attributes).not.toHaveProperty('discord.lateness.first_attempt');
  expect(moments.map(({ name }) => name)).toEqual(['received']);
});

it('in a direct message leaves out the server that there is not', () => {
  const { attributes } = rootOf({ guildId: null, channelId: null });
  expect(Object.keys(attributes)).not.toEqual(expect.arrayContaining(['discord.guild.id']));
  expect(Object.values(attributes)).not.toContain(null);
});

it('of a press leads to the root of the run that made the button', () => {
  const parentTraceId = '0af7651916cd43dd8448eb211c80319c';
  const { link, parentSpanId } = rootOf({ kind: 'button', parentTraceId });
  expect(link).toEqual({ traceId: parentTraceId, spanId: rootOf({ traceId: parentTraceId }).spanId });
  expect(parentSpanId).toBeNull();
});

it('has a child for a call to Discord, by its template, with its wait', () => {
  expect(childOf(REST)).toEqual({
    traceId: TRACE_ID,
    spanId: '0000000000000001',
    parentSpanId: ROOT,
    name: 'PATCH /channels/:id/messages',
    kind: 'client',
    startedAt: START + 20.5,
    endedAt: START + 31,
    attributes: {
      'http.request.method': 'PATCH',
      'url.template': '/channels/:id/messages',
      'http.response.status_code': 200,
      'server.address': 'discord.com',
      'discord.rest.wait': 0.002,
    },
    moments: [],
    link: null,
    isError: false,
    errorMessage: null,
  });
});

it('a call to what stands in front of Discord says where that is', () => {
  expect(childOf({ ...REST, host: '127.0.0.1:8080' }).attributes).toMatchObject({
    'server.address': '127.0.0.1',
    'server.port': 8080,
  });
});

it('a request of which a tracing of the bot’s own told the other side leads to the span of that', () => {
  const toldSpan = { traceId: '1'.repeat(32), spanId: '2'.repeat(16) };
  expect(childOf({ ...HTTP, toldSpan }).link).toEqual(toldSpan);
  expect(childOf(HTTP).link).toBeNull();
});

it.each([
  [
    'refused',
    { status: 404, code: 10062 },
    '404',
    { 'http.response.status_code': 404, 'discord.error_code': 10062 },
  ],
  ['tried thrice', { status: 502, attempts: 3 }, '502', { 'http.request.resend_count': 2 }],
  ['that timed out', { status: 'timeout' }, 'timeout', {}],
  ['that was never sent', { status: null, attempts: 0 }, 'not_sent', {}],
] as const)('shows a call to Discord that was %s as an error', (_, changes, type, attributes) => {
  const span = childOf({ ...REST, ...changes });
  expect(span).toMatchObject({ isError: true, attributes: { ...attributes, 'error.type': type } });
  if (typeof changes.status !== 'number')
    expect(span.attributes).not.toHaveProperty('http.response.status_code');
});

it('has a child for a request of the command’s own, with the id that the other side was told', () => {
  expect(childOf(HTTP)).toMatchObject({
    spanId: 'b7ad6b7169203331',
    parentSpanId: ROOT,
    name: 'GET',
    attributes: {
      'http.request.method': 'GET',
      'server.address': 'api.example.com',
      'server.port': 8443,
      'http.response.status_code': 200,
    },
    isError: false,
  });
});

it.each([
  [{ host: '[::1]:80' }, { 'server.address': '::1', 'server.port': 80 }, false],
  [{ status: 503 }, { 'error.type': '503' }, true],
  [{ status: null, errorType: 'ECONNREFUSED' }, { 'error.type': 'ECONNREFUSED' }, true],
] as const)('tells of a request with %j: %j', (changes, attributes, isError) => {
  expect(childOf({ ...HTTP, ...changes })).toMatchObject({ attributes, isError });
});

it.each([
  ['a call to Discord', { ...REST, status: null, attempts: 1 }],
  ['a call to Discord that is tried again', { ...REST, status: 502, attempts: 2 }],
  ['a request of the command’s own', { ...HTTP, status: null }],
] as const)('shows %s that had not ended as that, and as no error of its own', (_, operation) => {
  const unfinished = { ...operation, isUnfinished: true } as const;
  const [root, span] = spansOf(settled({ operations: [unfinished] })) as [Span, Span];
  expect(span.attributes).toMatchObject({ 'telltale.unfinished': true });
  expect(span.attributes).not.toHaveProperty('error.type');
  expect(span.isError).toBe(false);
  expect(span.endedAt).toBe(root.endedAt);
});

it('has a child for a question to the statistics', () => {
  expect(childOf(STORE)).toMatchObject({
    name: 'summary',
    attributes: { 'db.system.name': 'sqlite', 'db.operation.name': 'summary' },
    isError: false,
  });
  expect(childOf({ ...STORE, errorType: 'StoreUnavailableError' })).toMatchObject({
    attributes: { 'error.type': 'StoreUnavailableError' },
    isError: true,
  });
});

it('a trace says how many spans it lacks, for want of room, and a whole one says nothing', () => {
  const [root] = spansOf(settled({ progress: { ...createProgress(), dropped: 9936 } }));
  expect(root?.attributes).toMatchObject({ 'telltale.operations.dropped': 9936 });
  expect(spansOf(settled({}))[0]?.attributes).not.toHaveProperty(['telltale.operations.dropped']);
});

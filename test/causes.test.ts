import { readFileSync } from 'node:fs';
import path from 'node:path';
import { factsOf } from '../commands/_trace-facts';
import { parseEntry } from '../src/log-reader/entry';
import { openClient } from '../src/sentry/client';
import { createSentrySink } from '../src/sentry/sink';
import { createLogSink } from '../src/telemetry/sinks/log';
import { createSpans } from '../src/tracing/spans';
import { cleanUp, open } from './logging/support';
import { keepingLogger } from './pipeline/support';
import { startReceiver } from './sentry/receiver';
import { failed, settled, START } from './stats/support';

/** One failure, as the log, `/trace`, the span and Sentry tell of it: whoever looks at two of them sees one bug. */

afterEach(cleanUp);

const SECRET = 'the-secret-of-the-bot';
const TYPED = 'my own words';

/** What each of them says of an error that was thrown where somebody had typed something; the nearest cause first. */
async function toldOf(error: unknown) {
  const sentry = await startReceiver();
  const { logging, directory } = open({ secrets: [SECRET] });
  const sink = createSentrySink({
    open: (client) => Promise.resolve(openClient(client)),
    dsn: sentry.dsn,
    release: 'bot@1.2.3+4bf92f3',
    environment: 'test',
    redact: logging.redact,
    hashUser: (userId) => userId,
    running: () => null,
    now: () => START,
    logger: keepingLogger().logger,
  });
  const event = settled({ outcome: failed(error), typed: [TYPED, 'RangeError', '271828'] });
  createLogSink(logging.logger('commands'), logging.invocationLog('commands')).record(event);
  sink.record(event);
  await Promise.all([logging.close(), sink.close?.()]);
  await sentry.close();
  const line = readFileSync(path.join(directory, 'bot.log'), 'utf8').trimEnd();
  const entry = parseEntry(line);
  if (entry === null) throw new Error('no line');
  const [root] = createSpans({
    newSpanId: () => '0',
    databaseSystem: 'sqlite',
    redact: logging.redact,
  })(event);
  const story = {
    traceId: event.traceId,
    others: [],
    stored: null,
    lines: [entry],
    settled: entry,
    presses: [],
  };
  const values = sentry.events[0]?.exception.values ?? [];
  return {
    line,
    // A number that was typed is a value in the log; the others take it out of the text.
    trace: factsOf(story).errors.map((one) => ({
      ...one,
      message: one.message.replaceAll('"[redacted]"', '[redacted]'),
    })),
    sentry: values.map(({ type, value }) => ({ name: type, message: value })).reverse(),
    span: root?.moments.at(-1)?.attributes ?? {},
    all: [line, sentry.text(), JSON.stringify(root)].join('\n'),
  };
}

const secret = `${SECRET} and ${TYPED}`;

it.each([
  [
    'a chain of causes',
    new Error('cannot save', { cause: new RangeError('no room', { cause: new Error(secret) }) }),
  ],
  [
    'errors that were gathered',
    new AggregateError([new Error('left', { cause: new Error('why') }), secret], 'both'),
  ],
  [
    'more causes than are told of',
    Array.from({ length: 30 }).reduce<Error>((cause) => new Error('on', { cause }), new Error('first')),
  ],
  [
    'causes that are no errors',
    new Error('held', { cause: { reason: secret, count: 271828, list: [undefined] } }),
  ],
  ['a text', secret],
  ['nothing', undefined],
])(
  '%s: the same errors, by name and message, in the log, in /trace, in the span and in Sentry',
  async (_, error) => {
    const { trace, sentry, span, all } = await toldOf(error);
    expect(trace.length).toBeGreaterThan(0);
    expect(sentry).toEqual(trace.map(({ name, message }) => ({ name, message })));
    expect(span).toMatchObject({ 'exception.type': trace[0]?.name, 'exception.message': trace[0]?.message });
    const stack = String(span['exception.stacktrace'] ?? trace[0]?.message);
    for (const { message, place } of trace) {
      expect(stack).toContain(message);
      if (place !== null) expect(stack).toContain(`at ${place}`);
    }
    expect(all).not.toMatch(/the-secret-of|my own words|271828/);
  },
);

it('the line of the log, which /trace reads, has them as deep as they go', async () => {
  const { line } = await toldOf(new Error('a', { cause: new AggregateError([new TypeError('c')], 'b') }));
  expect(JSON.parse(line)).toMatchObject({
    error: { message: 'a', cause: { message: 'b', errors: [{ name: 'TypeError', message: 'c' }] } },
  });
});

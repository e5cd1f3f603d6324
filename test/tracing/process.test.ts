import type { IncomingHttpHeaders } from 'node:http';
import { startReceiver as startSentry } from '../sentry/receiver';
import { createTracingStage, eventually, settledLine, stop, useMany } from './stage';
import { startServer, type ReceivedSpan } from './support';

/** One id, from the user's error message to the span, in the bot as it is run. */

const stage = createTracingStage();
afterEach(() => stage.clear());

it('a command that replies, asks others and fails is one tree, with one id in all six places', async () => {
  const [receiver, sentry] = [await stage.receiver(), await startSentry()];
  const seen: IncomingHttpHeaders[] = [];
  const target = await startServer((request, response) => {
    seen.push(request.headers);
    response.end('welcome');
  });
  stage.closing(target.close);
  stage.closing(() => sentry.close());
  const { discord, bot } = await stage.start({
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20of-good-news',
    OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    OTEL_RESOURCE_ATTRIBUTES: 'cloud.region=eu-west-1',
    SENTRY_DSN: sentry.dsn,
    GIT_COMMIT: '4bf92f3577b3',
    NODE_ENV: 'staging',
    TARGET_URL: target.url,
  });
  const exchange = discord.user('kim').type('/journey');
  const line = await settledLine(bot, exchange);
  const root = await eventually(() => receiver.spans().find(({ name }) => name === 'chat_input journey'));
  const traceId = String(line.trace_id);
  const reported = await eventually(() => sentry.events[0]);

  // One id in all six places, and in what the other service was told; Discord was told nothing.
  const told = await eventually(() => exchange.messages.find(({ content }) => content.includes('Reference')));
  const { body } = await bot.get('/api/invocations?outcome=failed');
  const scrape = await fetch(`${await bot.url()}/metrics`, {
    headers: { accept: 'application/openmetrics-text; version=1.0.0' },
  });
  const exemplar = /^discord_command_duration_seconds_bucket.*command="journey".*# {trace_id="(\w+)"}/m;
  expect({
    message: /`([0-9a-f]+)`/.exec(told.content)?.[1],
    row: body,
    span: root.traceId,
    sentry: [reported.tags.trace_id, reported.contexts?.trace],
    exemplar: exemplar.exec(await scrape.text())?.[1],
    services: seen.map(({ traceparent }) => String(traceparent).split('-')[1]),
    discord: discord.rest.log.filter(({ headers }) => 'traceparent' in headers),
  }).toEqual({
    message: traceId.slice(0, 8),
    row: { invocations: [expect.objectContaining({ traceId, command: 'journey' })] },
    span: traceId,
    sentry: [traceId, { trace_id: traceId, span_id: root.spanId }],
    exemplar: traceId,
    services: [traceId, traceId],
    discord: [],
  });
  expect(traceId).toMatch(/^[0-9a-f]{32}$/);
  expect(discord.rest.log.length).toBeGreaterThan(3);
  expect(root).toMatchObject({ spanId: traceId.slice(0, 16), parentSpanId: undefined, kind: 2, status: 2 });

  // The tree.
  const children = receiver.spans().filter((span) => span.traceId === traceId && span !== root);
  expect(children.every(({ parentSpanId, kind }) => parentSpanId === root.spanId && kind === 3)).toBe(true);
  expect(children.map(({ name }) => name)).toEqual([
    'POST /interactions/:id/:token/callback',
    'GET',
    'GET',
    'summary',
    'POST /webhooks/:id/:token',
  ]);
  expectWithin(children, root);
  const asked = children.filter(({ name }) => name === 'GET');
  expect(seen.map(({ traceparent }) => traceparent)).toEqual(
    asked.map(({ spanId }) => `00-${traceId}-${spanId}-01`),
  );
  expect(root.events.map(({ name }) => name)).toEqual(['received', 'answered', 'exception']);
  expect(root.attributes).toMatchObject({
    'discord.interaction.id': exchange.id,
    'discord.outcome': 'failed',
    'discord.ack.kind': 'reply',
    'error.type': 'RangeError',
  });

  // Of what, by whom, and nothing that is nobody's business.
  const [request] = receiver.requests;
  expect(root.statusMessage).toMatch(/^[^\n]{1,200}$/);
  expect(request).toMatchObject({
    path: '/v1/traces',
    headers: { authorization: 'Bearer of-good-news', 'content-encoding': 'gzip' },
    resource: {
      'service.name': 'telltale',
      'service.version': expect.any(String),
      'service.instance.id': expect.any(String),
      'deployment.environment.name': 'staging',
      'vcs.ref.head.revision': '4bf92f3',
      'cloud.region': 'eu-west-1',
      'telemetry.sdk.name': 'telltale',
      'process.runtime.version': process.versions.node,
    },
  });
  const starting = (await bot.logLines()).map(({ message }) => message);
  expect(starting).toContain(`Traces go to ${new URL(receiver.url).host} (http/json, all of them).`);
  expect(starting).toContain(`Errors go to Sentry at ${new URL(sentry.dsn).host}.`);
  expect(request?.headers).not.toHaveProperty('traceparent');
  for (const secret of ['hunter2', 'of-nobodys-business', 'with-fetch', exchange.token, discord.token]) {
    expect(receiver.requests.map(({ text }) => text).join()).not.toContain(secret);
  }
});

it('a request that hangs is in the trace that it made late, with its host and how long it hung', async () => {
  const receiver = await stage.receiver();
  const target = await startServer(() => undefined);
  stage.closing(target.close);
  const { discord } = await stage.start({
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    TARGET_URL: target.url,
  });
  discord.user('kim').type('/hang');
  const root = await eventually(() => receiver.spans().find(({ name }) => name === 'chat_input hang'));
  expect(root.attributes).toMatchObject({ 'discord.outcome.reason': 'timeout' });
  const hung = receiver.spans().find(({ name }) => name === 'GET');
  expect(hung).toMatchObject({
    parentSpanId: root.spanId,
    attributes: { 'telltale.unfinished': true, 'server.port': Number(new URL(target.url).port) },
  });
  expectWithin([hung ?? root], root);
  expect(hung?.endedAt).toBe(root.endedAt);
});

/** As near as two clocks are read one after the other, on a machine that is busy. */
const SLACK_MS = 50;

function expectWithin(children: readonly ReceivedSpan[], root: ReceivedSpan): void {
  for (const { startedAt, endedAt } of children) {
    expect(endedAt).toBeGreaterThanOrEqual(startedAt);
    expect(startedAt).toBeGreaterThanOrEqual(root.startedAt - SLACK_MS);
    expect(endedAt).toBeLessThanOrEqual(root.endedAt + SLACK_MS);
  }
}

it('what waits when the bot ends is sent before it does, and a press leads to the run that made the button', async () => {
  const receiver = await stage.receiver();
  const { discord, bot } = await stage.start({
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${receiver.url}/custom`,
    OTEL_BSP_SCHEDULE_DELAY: '60000',
  });
  const kim = discord.user('kim');
  const show = kim.type('/panel');
  const panel = await show.message();
  await discord.until(() => panel.content === 'ready');
  await kim.press(panel, 'go').message();
  await settledLine(bot, show);
  expect(receiver.requests).toEqual([]);
  expect(await stop(bot)).toBeLessThan(3000);
  const find = (name: string): ReceivedSpan | undefined =>
    receiver.spans().find((span) => span.name === name);
  const { traceId, spanId } = find('chat_input panel') ?? {};
  expect(find('button panel')?.links).toEqual([{ traceId, spanId }]);
  expect(receiver.requests.map(({ path }) => path)).toEqual(['/custom']);
});

it('by a ratio a part is kept, of which failures are always one', async () => {
  const receiver = await stage.receiver();
  const { discord, bot } = await stage.start({
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0.1',
    TARGET_URL: 'http://127.0.0.1:9',
  });
  await useMany(discord, '/fine', 60);
  for (const exchange of await useMany(discord, '/journey', 4)) await settledLine(bot, exchange);
  await stop(bot);
  const roots = receiver.spans().filter(({ parentSpanId }) => parentSpanId === undefined);
  const named = (name: string): number => roots.filter((root) => root.name === `chat_input ${name}`).length;
  expect(named('journey')).toBe(4);
  expect(named('fine')).toBeLessThan(30);
});

it.each([
  ['without an endpoint', {}],
  ['switched off', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_SDK_DISABLED: 'true' }],
])(
  '%s nothing of OpenTelemetry’s SDK is loaded, and no other service is told anything',
  async (_, environment) => {
    const seen: IncomingHttpHeaders[] = [];
    const target = await startServer((request, response) => {
      seen.push(request.headers);
      response.end();
    });
    stage.closing(target.close);
    const { discord, bot } = await stage.start({ TARGET_URL: target.url, ...environment });
    const loaded = await discord.user('kim').type('/loaded').message();
    expect(JSON.parse(loaded.content)).toEqual(['api']); // That is prom-client's.
    await settledLine(bot, discord.user('kim').type('/journey'));
    expect(seen).toHaveLength(2);
    expect(seen.filter((headers) => 'traceparent' in headers)).toEqual([]);
    expect((await bot.metrics()).text).not.toContain('sink="traces"');
  },
);

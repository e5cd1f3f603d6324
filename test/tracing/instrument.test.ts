import { createForeignStage, fixtureBot } from '../instrument/support';
import { eventually } from './stage';
import { startReceiver, type ReceivedSpan } from './support';

/** Traces of a bot that exists already, and may have OpenTelemetry of its own. */

const stage = createForeignStage();
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await stage.clear();
  for (const close of closers.splice(0)) await close();
});

it('go where Telltale is told to send them, with none of the bot’s own keys, and Discord is told nothing', async () => {
  const ours = await startReceiver();
  const theirs = await startReceiver();
  closers.push(ours.close, theirs.close);
  const discord = await stage.discord();
  const bot = await stage.start({
    bot: fixtureBot('one-line', 'index.js'),
    node: [],
    discord,
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: theirs.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=for-their-vendor',
      TELLTALE_OTEL_EXPORTER_OTLP_ENDPOINT: ours.url,
      TELLTALE_OTEL_BSP_SCHEDULE_DELAY: '20',
    },
  });
  await discord.registered(['vote']);
  const kim = discord.user('kim');
  const question = await kim.type('/vote').message();
  await kim.press(question, 'vote:ada').message();
  const find = (name: string): ReceivedSpan | undefined => ours.spans().find((span) => span.name === name);
  const asked = await eventually(() => find('chat_input vote'));
  const pressed = await eventually(() => find('button vote'));
  expect(pressed.links).toEqual([{ traceId: asked.traceId, spanId: asked.spanId }]);
  const call = ours.spans().find(({ parentSpanId }) => parentSpanId === asked.spanId);
  expect(call?.name).toBe('POST /interactions/:id/:token/callback');
  // Where the client itself finds Discord.
  const { hostname, port } = new URL(discord.apiUrl);
  expect(call?.attributes).toMatchObject({ 'server.address': hostname, 'server.port': Number(port) });
  expect(bot.stderr()).toContain(
    `Telltale: Traces go to ${new URL(ours.url).host} (http/json, all of them).\n`,
  );
  expect(ours.requests[0]?.headers).not.toHaveProperty('api-key');
  expect(theirs.requests).toEqual([]);
  expect(discord.rest.log.filter(({ headers }) => 'traceparent' in headers)).toEqual([]);
});

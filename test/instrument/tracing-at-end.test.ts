import { startReceiver as startSentry, type Receiver as Sentry } from '../sentry/receiver';
import { startReceiver, startServer, type Answer } from '../tracing/support';
import { createForeignStage, fixtureBot, REGISTERED, type ForeignBot } from './support';

/** How a bot that is not ours ends, and what of its traces and errors is sent before it does. */

const stage = createForeignStage();
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await stage.clear();
  for (const close of closers.splice(0)) await close();
});

/** Spans wait for a minute, as far as the queue is concerned. */
async function start(tracesUrl: string, sentry: Sentry, bot = fixtureBot('guide', 'index.js')) {
  const discord = await stage.discord();
  const running = await stage.start({
    bot,
    node: REGISTERED,
    discord,
    environment: {
      TELLTALE_OTEL_EXPORTER_OTLP_ENDPOINT: tracesUrl,
      TELLTALE_OTEL_BSP_SCHEDULE_DELAY: '60000',
      TELLTALE_SENTRY_DSN: sentry.dsn,
    },
  });
  await discord.registered(['fail']);
  await running.printed('eady');
  return { discord, bot: running };
}

/** Uses the command that fails; gives the rest as soon as it has settled. */
async function failing(tracesUrl: string, sentry: Sentry): Promise<ForeignBot> {
  const { discord, bot } = await start(tracesUrl, sentry);
  await discord.user('kim').type('/fail').message();
  await bot.metricsWhen((one) => one.sum('discord_command_errors_total') === 1);
  return bot;
}

async function sentryThat(answer?: () => null): Promise<Sentry> {
  const sentry = await startSentry(answer);
  closers.push(() => sentry.close());
  return sentry;
}

async function msToEnd(bot: ForeignBot, how: 'leave' | 'exit'): Promise<number> {
  const before = performance.now();
  bot.tell(how);
  expect(await bot.ended).toEqual({ code: how === 'leave' ? 7 : 9, signal: null });
  return performance.now() - before;
}

it.each([
  ['that has nothing left to do', 'leave'],
  ['that exits', 'exit'],
] as const)('a bot %s loses no trace of its last 5 s, and no error', async (_, how) => {
  const [receiver, sentry] = [await startReceiver(), await sentryThat()];
  closers.push(receiver.close);
  const bot = await failing(receiver.url, sentry);
  expect(receiver.requests).toEqual([]);
  expect(await msToEnd(bot, how)).toBeLessThan(2000);
  expect(receiver.spans().map(({ name }) => name)).toContain('chat_input fail');
  expect(sentry.events.map(({ tags }) => tags.command)).toContain('fail');
  expect(bot.stderr()).not.toContain('not taken');
});

it('what ends a bot that nobody caught it in is sent before it has ended', async () => {
  const [receiver, sentry] = [await startReceiver(), await sentryThat()];
  closers.push(receiver.close);
  const { discord, bot } = await start(receiver.url, sentry, fixtureBot('floating', 'index.js'));
  await discord.user('kim').type('/fail').message();
  expect(await bot.ended).toMatchObject({ code: 1 });
  expect(receiver.spans().find(({ name }) => name === 'chat_input fail')?.status).toBe(2);
  expect(sentry.events).toMatchObject([
    { level: 'fatal', tags: { reason: 'unhandled_rejection', command: 'fail' } },
  ]);
});

const never: Answer = () => undefined;
const away: Answer = (response) => response.writeHead(503, { 'retry-after': '9' }).end();
describe.each([
  ['hangs', never],
  ['is away and asks for patience', away],
] as const)('a collector that %s, with a Sentry that hangs,', (_, answer) => {
  it.each([
    ['that has nothing left to do', 'leave'],
    ['that exits', 'exit'],
  ] as const)('does not keep a bot %s for more than 2 s, which says what is lost', async (__, how) => {
    const [receiver, sentry] = [await startReceiver(answer), await sentryThat(() => null)];
    closers.push(receiver.close);
    const bot = await failing(receiver.url, sentry);
    expect(await msToEnd(bot, how)).toBeLessThan(3500);
    const { host } = new URL(receiver.url);
    const lost = `traces for ${host} (1), errors for Sentry at ${new URL(sentry.dsn).host} (1)`;
    expect(bot.stderr()).toContain(`Telltale: not taken before the bot ended: ${lost}.`);
  });
});

it('a collector that never accepts a connection does not keep a bot that is told to leave either', async () => {
  const gone = await startServer(() => undefined);
  await gone.close();
  const bot = await failing(gone.url, await sentryThat());
  expect(await msToEnd(bot, 'leave')).toBeLessThan(3500);
  expect(bot.stderr()).toContain(`before the bot ended: traces for ${new URL(gone.url).host} (1).`);
});

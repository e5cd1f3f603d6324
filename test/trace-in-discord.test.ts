import path from 'node:path';
import type { Simulator } from '../simulator';
import { startReceiver } from './sentry/receiver';
import { createStage, fixtures, ownCommands } from './support/bot';
import { startReceiver as startCollector, startServer } from './tracing/support';

/** One id, from what a user was shown to the statistics, the log, Sentry and `/trace`, in the bot as it runs. */

const stage = createStage();
const closers: (() => Promise<void>)[] = [];
afterAll(async () => {
  await stage.clear();
  for (const close of closers) await close();
});

/** Lines are in the files, and rows in the store, a moment after what they are about. */
async function tell(discord: Simulator, reference: string) {
  for (;;) {
    const message = await discord.owner.type(`/trace reference:${reference}`).message();
    expect(message.ephemeral).toBe(true);
    const [embed] = message.embeds;
    const text = JSON.stringify([embed?.title, embed?.fields, embed?.footer]);
    if (text.includes('<@') && /\d\+[0-9a-f]{7}"/.test(text)) return { message, embed, text };
  }
}

it('the reference that a user was shown leads to the same trace everywhere', async () => {
  const sentry = await startReceiver();
  const collector = await startCollector();
  const upstream = await startServer((_, response) => response.writeHead(500).end());
  closers.push(() => sentry.close(), collector.close, upstream.close);
  const discord = await stage.discord({ owner: 'boss' });
  const bot = await stage.bot(discord, {
    COMMANDS_DIRECTORY: [ownCommands, fixtures('tracing')].join(path.delimiter),
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    SENTRY_DSN: sentry.dsn,
    TARGET_URL: upstream.url,
    SENTRY_URL_TEMPLATE: 'https://sentry.example.org/?query={traceId}',
    TRACE_URL_TEMPLATE: 'https://tempo.example.org/{traceId}',
  });
  await discord.registered(['trace', 'journey']);
  await bot.printed(/Logged in/);
  const kim = discord.user('kim');
  const exchange = kim.type('/journey');
  const told = (): string => exchange.messages.map(({ content }) => content).join();
  await discord.until(() => told().includes('Reference'));
  const reference = /`([0-9a-f]{8})`/.exec(told())?.[1] ?? 'none';

  const { embed, text } = await tell(discord, reference);
  const lines = await bot.logLines();
  const line = lines.find(({ outcome }) => outcome === 'failed');
  const traceId = String(line?.trace_id);
  expect(traceId.startsWith(reference)).toBe(true);
  expect(sentry.events).toMatchObject([{ contexts: { trace: { trace_id: traceId } } }]);
  expect((await bot.get(`/api/invocations?trace=${reference}`)).body).toMatchObject({
    invocations: [{ traceId }],
  });
  expect(embed?.footer?.text.startsWith(traceId)).toBe(true);
  for (const part of [
    `<@${kim.id}>`,
    'off the map',
    `GET ${new URL(upstream.url).host}`,
    'POST /interactions/:id/:token/callback',
    `https://tempo.example.org/${traceId}`,
    `https://sentry.example.org/?query=${traceId}`,
  ]) {
    expect(text).toContain(part);
  }

  // Which build it was, every line says.
  const builds = lines.map(({ version, commit }) => `telltale@${String(version)}+${String(commit)}`);
  expect([...new Set(builds)]).toEqual([sentry.events[0]?.release]);
  expect(embed?.footer?.text).toContain(builds[0]?.replace('telltale@', ''));
  expect((await kim.type(`/trace reference:${reference}`).message()).content).toContain('owner');
});

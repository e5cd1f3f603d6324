import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startReceiver } from '../sentry/receiver';
import { startReceiver as startCollector } from '../tracing/support';
import { createForeignStage, fixtureBot, REGISTERED, until } from './support';

/** Which build a bot is of that is not ours: its own, wherever it is told. */

const stage = createForeignStage();
afterEach(() => stage.clear());

const root = path.resolve(__dirname, '..', '..');

it('a bot’s own name, version and commit are on its numbers, its lines, its statistics, its traces and in Sentry, not those of Telltale', async () => {
  const directory = await stage.directory();
  await cp(path.dirname(fixtureBot('guide', 'index.js')), path.join(directory, 'src'), { recursive: true });
  await symlink(
    path.join(root, 'node_modules', 'discord.js'),
    path.join(directory, 'node_modules', 'discord.js'),
  );
  await writeFile(path.join(directory, 'package.json'), '{ "name": "@me/guide-bot", "version": "7.8.9" }');
  await mkdir(path.join(directory, '.git'));
  await writeFile(path.join(directory, '.git', 'HEAD'), `${'abcdef0'.repeat(6).slice(0, 40)}\n`);
  const [sentry, collector] = [await startReceiver(), await startCollector()];
  const discord = await stage.discord();
  const bot = await stage.start({
    bot: path.join(directory, 'src', 'index.js'),
    node: REGISTERED,
    discord,
    directory,
    environment: {
      TELLTALE_SENTRY_DSN: sentry.dsn,
      TELLTALE_OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      TELLTALE_OTEL_BSP_SCHEDULE_DELAY: '20',
    },
  });
  await bot.printed('Ready!');
  await discord.user('kim').type('/fail').message();
  await until(
    () => Promise.resolve(sentry.events.length > 0 && collector.requests.length > 0),
    () => 'the failure in Sentry, and its trace',
  );

  const build = { version: '7.8.9', commit: 'abcdef0' };
  expect((await bot.metrics()).value('bot_build_info', build)).toBe(1);
  expect(sentry.events[0]?.release).toBe('guide-bot@7.8.9+abcdef0');
  expect(collector.requests[0]?.resource).toMatchObject({
    'service.name': 'guide-bot',
    'service.version': '7.8.9',
    'vcs.ref.head.revision': 'abcdef0',
  });
  const answer = await fetch(bot.url().replace('/metrics', '/api/invocations'));
  expect(await answer.json()).toMatchObject({ invocations: [build] });
  const log = path.join(directory, 'logs', 'telltale', 'bot.log');
  const lines = (await readFile(log, 'utf8')).trimEnd().split('\n');
  expect(lines.length).toBeGreaterThan(1);
  expect(lines.filter((line) => !line.endsWith(',"version":"7.8.9","commit":"abcdef0"}'))).toEqual([]);
  await Promise.all([sentry.close(), collector.close()]);
});

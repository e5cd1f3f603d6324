import type { Simulator } from '../../simulator';
import { createStage, type RunningBot } from '../support/bot';
import type { Exposition } from '../support/exposition';
import { waitFor } from './support';

/** What a supervisor is told of the bot as a process, while its connection fails in one way or another. */

const stage = createStage();
afterEach(() => stage.clear());

const shard = { shard: '0' };

/** Asks a probe until it answers with this status. */
async function until(bot: RunningBot, path: string, status: number): Promise<unknown> {
  const latest = Date.now() + 10_000;
  for (;;) {
    const answer = await bot.get(path);
    if (answer.status === status) return answer.body;
    if (Date.now() > latest) throw new Error(`${path} never answered ${status}: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

it('a connection whose heartbeats stay unanswered ends in a restart, unless they are answered again', async () => {
  const discord = await stage.discord({ heartbeatIntervalMs: 200 });
  const bot = await stage.bot(discord);
  await discord.registered(['ping']);
  await until(bot, '/readyz', 200);

  discord.faults.stopAcks({ lasting: true });
  expect(await until(bot, '/livez', 503)).toMatch(/^shard 0 has had no heartbeat acknowledged for \d+ s$/);
  const health = await until(bot, '/healthz', 503);
  expect(health).toMatchObject({ checks: { shards: { status: 'fail' } } });

  discord.faults.resumeAcks();
  expect(await until(bot, '/livez', 200)).toBe('ok');
  expect(await until(bot, '/readyz', 200)).toEqual({ ready: true, reasons: [] });
  const metrics = await bot.metrics();
  expect(metrics.value('discord_shard_closes_total', { ...shard, code: '4200' })).toBeGreaterThan(1);
  expect(metrics.value('discord_shard_connections_total', { ...shard, result: 'resumed' })).toBeGreaterThan(
    1,
  );
  expect(metrics.value('discord_shard_connections_total', { ...shard, result: 'ready' })).toBe(1);
  expect(metrics.value('discord_gateway_identify_remaining')).toBe(999);
  const answer = discord.user('kim').type('/ping');
  expect((await answer.message()).content).not.toBe('');
});

const connections = (metrics: Exposition): number[] =>
  ['ready', 'resumed', 'failed'].map((result) =>
    metrics.sum('discord_shard_connections_total', { ...shard, result }),
  );

describe('a connection that Discord closes', () => {
  const lasting = createStage();
  let discord: Simulator;
  let bot: RunningBot;
  beforeAll(async () => {
    discord = await lasting.discord();
    bot = await lasting.bot(discord);
    await discord.registered(['ping']);
    await until(bot, '/readyz', 200);
  });
  afterAll(() => lasting.clear());

  it('while Discord is away the process is alive and says what it waits for; then it resumes and is ready', async () => {
    discord.faults.closeGateway(4000);
    expect(await until(bot, '/readyz', 503)).toEqual({ ready: false, reasons: ['shard 0 is not connected'] });
    expect(await bot.get('/livez')).toEqual({ status: 200, body: 'ok' });
    await until(bot, '/readyz', 200);
    const metrics = await bot.metrics();
    expect(metrics.value('discord_shard_closes_total', { ...shard, code: '4000' })).toBe(1);
    expect(metrics.value('discord_shard_connections_total', { ...shard, result: 'resumed' })).toBe(1);
    expect((await discord.user('kim').type('/ping').message()).content).not.toBe('');
  });

  it('a resume that Discord refuses shows as failed, and a fresh session takes the next command', async () => {
    const [ready = NaN, resumed, failed = NaN] = connections(await bot.metrics());
    discord.faults.refuseResumes(1);
    discord.faults.closeGateway(4000);
    await until(bot, '/readyz', 503);
    await until(bot, '/readyz', 200);
    expect((await discord.user('kim').type('/ping').message()).content).not.toBe('');
    expect(connections(await bot.metrics())).toEqual([ready + 1, resumed, failed + 1]);
  });

  it('a connection that Discord will not take back is no longer alive, and everyone says why', async () => {
    discord.faults.closeGateway(4014);
    const why = 'shard 0 is closed for good: Discord refuses it (code 4014)';
    expect(await until(bot, '/livez', 503)).toBe(why);
    expect(await bot.get('/readyz')).toEqual({ status: 503, body: { ready: false, reasons: [why] } });
    const detail = `0 of 1 shards are up; not ready: ${why}.`;
    expect(await bot.get('/healthz')).toMatchObject({
      status: 503,
      body: { checks: { shards: { detail } } },
    });
    await waitFor(() => bot.output().includes('closed for good'));
  });
});

import { createServer } from 'node:net';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createStage, fixtures } from './support/bot';

const stage = createStage();
afterEach(() => stage.clear());

const endings = { COMMANDS_DIRECTORY: fixtures('endings') };

describe('a start that cannot be', () => {
  it('without a token says what to do, names the demo, and ends with 2', async () => {
    const bot = await stage.bot(null);
    expect(await bot.ended).toEqual({ code: 2, signal: null });
    expect(bot.output()).toContain('DISCORD_TOKEN');
    expect(bot.output()).toContain('npm run demo');
  });

  it('names every wrong setting at once, with the variable and what it should be', async () => {
    const bot = await stage.bot(null, { METRICS_PORT: 'abc', LOG_LEVEL: 'loud', LOG_MAX_SIZE: 'ten' });
    expect(await bot.ended).toEqual({ code: 2, signal: null });
    for (const name of ['DISCORD_TOKEN', 'METRICS_PORT', 'LOG_LEVEL', 'LOG_MAX_SIZE']) {
      expect(bot.output()).toContain(name);
    }
    expect(bot.output()).toContain('0 to 65535');
  });

  it('with a token that Discord refuses can still be scraped, says what to do, and ends with 1', async () => {
    const discord = await stage.discord();
    const bot = await stage.bot(discord, { DISCORD_TOKEN: 'not-the-token' });
    await bot.printed('Discord refused the token');
    const metrics = await bot.metrics();
    expect(metrics.value('bot_ready')).toBe(0);
    expect(await bot.ended).toEqual({ code: 1, signal: null });
    expect(bot.output()).not.toContain('not-the-token');
  });

  it('on a port that is taken says which, and ends with 1', async () => {
    const discord = await stage.discord();
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const address = holder.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const bot = await stage.bot(discord, { METRICS_PORT: String(port) });
    expect(await bot.ended).toEqual({ code: 1, signal: null });
    expect(bot.output()).toContain(String(port));
    expect(bot.output()).toContain('METRICS_PORT');
    holder.close();
  });

  it('while Discord is away goes on trying, alive but not ready, until it comes back', async () => {
    const discord = await stage.discord();
    const outage = discord.faults.rest({ status: 503 });
    const bot = await stage.bot(discord);
    await bot.printed('Discord cannot be reached');
    expect(await bot.get('/livez')).toMatchObject({ status: 200 });
    expect(await bot.get('/readyz')).toMatchObject({ status: 503, body: { ready: false } });
    outage.remove();
    await discord.registered(['ping']);
    expect(await bot.get('/readyz')).toMatchObject({ status: 200, body: { ready: true } });
  });
});

describe('the end', () => {
  it('by SIGTERM lets 50 commands in flight finish, and refuses new ones with a word to the user: all are answered and counted, and the code is 0', async () => {
    const discord = await stage.discord();
    const bot = await stage.bot(discord, endings);
    await discord.registered(['slow']);
    const exchanges = Array.from({ length: 50 }, (_, i) => discord.user(`user ${i}`).type('/slow ms:1200'));
    await Promise.all(exchanges.map((exchange) => exchange.answer())); // Deferred: they are "thinking".
    expect((await bot.metrics()).value('discord_commands_in_flight', { kind: 'chat_input' })).toBe(50);

    bot.kill('SIGTERM');
    await bot.printed(/Waiting for \d+ commands/);
    const refused = await discord.user('jun').type('/ok').message();
    expect(refused).toMatchObject({ ephemeral: true, content: expect.stringContaining('restarting') });
    const messages = await Promise.all(exchanges.map((exchange) => exchange.message()));
    expect(messages.map((message) => message.content)).toEqual(Array(50).fill('done at last'));
    expect(await bot.ended).toEqual({ code: 0, signal: null });
    const settled = (await bot.logLines()).filter((line) => line.event === 'command_settled');
    const finished = settled.filter((line) => line.command === 'slow');
    expect(finished).toHaveLength(50);
    expect(finished.every((line) => line.outcome === 'ok')).toBe(true);
    expect(settled).toHaveLength(51); // With the one that was refused.
  });

  it('by SIGINT cuts short what does not finish within the limit, tells the user, counts it, and still ends with 0', async () => {
    const discord = await stage.discord();
    const bot = await stage.bot(discord, { ...endings, SHUTDOWN_TIMEOUT_SECONDS: '0.2' });
    await discord.registered(['slow']);
    const slow = discord.user('kim').type('/slow ms:60000');
    await slow.answer();
    bot.kill('SIGINT');
    expect((await slow.message()).content).toMatch(/too long.*`[0-9a-f]{8}`/);
    expect(await bot.ended).toEqual({ code: 0, signal: null });
    const [settled] = (await bot.logLines()).filter((line) => line.event === 'command_settled');
    expect(settled).toMatchObject({ command: 'slow', outcome: 'failed', reason: 'timeout' });
  });

  it('by a signal while it is still starting is an orderly one', async () => {
    const discord = await stage.discord();
    discord.faults.rest({ hang: true });
    const bot = await stage.bot(discord);
    await bot.printed('Metrics at');
    bot.kill('SIGTERM');
    expect(await bot.ended).toEqual({ code: 0, signal: null });
  });

  it('comes at once with a second signal', async () => {
    const discord = await stage.discord();
    const bot = await stage.bot(discord, endings);
    await discord.registered(['slow']);
    await discord.user('kim').type('/slow ms:60000').answer();
    bot.kill('SIGTERM');
    await bot.printed('Waiting for 1 command');
    const again = setInterval(() => bot.kill('SIGTERM'), 50);
    expect(await bot.ended).toEqual({ code: 1, signal: null });
    clearInterval(again);
  });

  it.each([
    ['exception', "setImmediate(() => { throw new Error('nobody caught me'); })"],
    ['rejection', "Promise.reject(new Error('nobody caught me'))"],
  ])('by an unhandled %s is logged and flushed, and the code is 1', async (kind, code) => {
    const discord = await stage.discord();
    const commands = await stage.directory();
    await writeFile(
      path.join(commands, 'boom.js'),
      `module.exports = { data: { name: 'boom', description: 'x' }, execute: async (i) => { await i.reply('hi'); ${code}; } };`,
    );
    const bot = await stage.bot(discord, { COMMANDS_DIRECTORY: commands });
    await discord.registered(['boom']);
    await discord.user('kim').type('/boom').message();
    expect(await bot.ended).toEqual({ code: 1, signal: null });
    const lines = await bot.logLines('error');
    expect(lines).toContainEqual(
      expect.objectContaining({
        message: expect.stringContaining(`unhandled ${kind}`),
        error: expect.objectContaining({ message: 'nobody caught me' }),
      }),
    );
  });
});

import { DiscordAPIError, EmbedBuilder, type TextChannel } from 'discord.js';
import { startFromArguments } from '../../simulator/cli';
import type { Simulator } from '../../simulator';
import { call, createHarbour } from './support';

const harbour = createHarbour();
afterEach(() => harbour.close());

const messagesOf = (discord: Simulator): string => `/channels/${discord.guilds[0]!.channels[0]!.id}/messages`;

describe('REST', () => {
  it('answers what is wrong with a request as Discord does', async () => {
    const discord = await harbour.start();
    const results = [
      await call(discord, 'GET', '/users/@me', undefined, { authorization: 'Bot wrong' }),
      await call(discord, 'GET', '/nowhere'),
      await call(discord, 'POST', messagesOf(discord), '{"content":'),
      await call(discord, 'POST', messagesOf(discord), {}),
      await call(discord, 'GET', '/channels/1'),
      await call(discord, 'GET', `${messagesOf(discord)}/1`),
      await call(discord, 'GET', '/guilds/1'),
      await call(discord, 'POST', messagesOf(discord), 'x'.repeat(26 * 1024 * 1024)),
    ];
    expect(results.map(({ status, body }) => [status, body.code])).toEqual([
      [401, 0],
      [404, 0],
      [400, 50109],
      [400, 50006],
      [404, 10003],
      [404, 10008],
      [404, 10004],
      [413, 40005],
    ]);
    expect(results[0]?.headers.get('date')).toMatch(/GMT$/);
  });

  it.each([
    ['long content', { content: 'x'.repeat(2001) }, 'content'],
    ['11 embeds', { embeds: Array.from({ length: 11 }, () => ({ title: 't' })) }, 'embeds'],
    ['a long title', { embeds: [{ title: 'x'.repeat(257) }] }, 'embeds.0.title'],
    ['a long description', { embeds: [{ description: 'x'.repeat(4097) }] }, 'embeds.0.description'],
    ['a long footer', { embeds: [{ footer: { text: 'x'.repeat(2049) } }] }, 'embeds.0.footer.text'],
    ['a long author', { embeds: [{ author: { name: 'x'.repeat(257) } }] }, 'embeds.0.author.name'],
    [
      '26 fields',
      { embeds: [{ fields: Array.from({ length: 26 }, () => ({ name: 'n', value: 'v' })) }] },
      'embeds.0.fields',
    ],
    ['an empty field', { embeds: [{ fields: [{ name: 'n', value: '' }] }] }, 'embeds.0.fields.0.value'],
    [
      'a long field',
      { embeds: [{ fields: [{ name: 'n', value: 'x'.repeat(1025) }] }] },
      'embeds.0.fields.0.value',
    ],
    [
      '6,001 characters of embeds',
      { embeds: [{ description: 'x'.repeat(4000) }, { description: 'x'.repeat(2001) }] },
      'embeds',
    ],
    [
      'a button without an id',
      { content: 'x', components: [{ type: 1, components: [{ type: 2, style: 1, label: 'l' }] }] },
      'components.0.components.0.custom_id',
    ],
    [
      '6 rows',
      {
        content: 'x',
        components: Array.from({ length: 6 }, (_, n) => ({
          type: 1,
          components: [{ type: 2, style: 1, label: 'l', custom_id: `${n}` }],
        })),
      },
      'components',
    ],
    [
      'one id twice',
      {
        content: 'x',
        components: [0, 1].map(() => ({
          type: 1,
          components: [{ type: 2, style: 1, label: 'l', custom_id: 'a' }],
        })),
      },
      'components',
    ],
  ])('refuses a message with %s (50035)', async (_what, body, where) => {
    const discord = await harbour.start();
    const answer = await call(discord, 'POST', messagesOf(discord), body);
    expect([answer.status, answer.body.code]).toEqual([400, 50035]);
    expect(answer.body.errors).toHaveProperty(`${where}._errors.0.message`);
  });

  it('lets a bot write, edit, read and delete messages, with mentions and files', async () => {
    const { discord, client } = await harbour.connect();
    const kim = discord.user('kim');
    const channel = (await client.channels.fetch(discord.guilds[0]!.channels[0]!.id)) as TextChannel;
    const said = kim.say('hello');
    const message = await channel.send({
      content: `hi <@${kim.id}>`,
      reply: { messageReference: said.id },
      files: [{ attachment: Buffer.from('data'), name: 'chart.png' }],
      embeds: [new EmbedBuilder().setImage('attachment://chart.png')],
    });
    expect(message.mentions.users.has(kim.id)).toBe(true);
    expect(message.embeds[0]?.image?.url).toBe(message.attachments.first()?.url);
    await message.edit({ content: 'edited', files: [] });
    expect((await channel.messages.fetch({ limit: 2 })).map((one) => one.content)).toEqual([
      'edited',
      'hello',
    ]);
    await channel.sendTyping();
    await message.delete();
    expect(discord.channelMessages(channel.id).map((one) => one.content)).toEqual(['hello']);
    await (await client.users.fetch(kim.id)).send('in private');
  });

  it('counts and lists what was asked of it', async () => {
    const { discord, client } = await harbour.connect();
    await client.application.fetch();
    expect(discord.rest.counts).toMatchObject({ 'GET /gateway/bot': 1, 'GET /applications/@me': 1 });
    expect(discord.rest.log.at(-1)).toMatchObject({
      method: 'GET',
      path: '/applications/@me',
      status: 200,
      code: null,
    });
    expect(discord.rest.log.at(-1)?.userAgent).toMatch(/^DiscordBot/);
  });
});

describe('rate limits', () => {
  it('of a bucket are told on every answer, and then enforced', async () => {
    const discord = await harbour.start({ rateLimits: true });
    const answers = [];
    for (let index = 0; index < 6; index += 1) {
      answers.push(await call(discord, 'POST', messagesOf(discord), { content: 'x' }));
    }
    expect(answers.map(({ headers }) => headers.get('x-ratelimit-remaining'))).toEqual([
      '4',
      '3',
      '2',
      '1',
      '0',
      '0',
    ]);
    const refused = answers[5]!;
    expect(refused.status).toBe(429);
    expect(refused.body).toMatchObject({ global: false, retry_after: expect.any(Number) });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(refused.headers.get('x-ratelimit-scope')).toBe('user');
  });

  it('hold for all requests together, but not for answers to interactions', async () => {
    const discord = await harbour.start({ rateLimits: true });
    // Each server has a bucket of its own: what is refused here, is refused by the global limit.
    const requests = Array.from({ length: 60 }, (_, index) => call(discord, 'GET', `/guilds/${index}`));
    const refused = (await Promise.all(requests)).filter(({ status }) => status === 429);
    expect(refused).toHaveLength(10);
    expect(refused[0]?.body.global).toBe(true);
    expect(refused[0]?.headers.get('x-ratelimit-scope')).toBe('global');
    expect(refused[0]?.headers.get('x-ratelimit-global')).toBe('true');
    const exchange = discord.user('kim').invoke({ name: 'x' });
    const answer = await call(discord, 'POST', `/interactions/${exchange.id}/${exchange.token}/callback`, {
      type: 5,
    });
    expect(answer.status).toBe(204);
  });

  it('are waited for by discord.js, which then succeeds', async () => {
    const { discord, client } = await harbour.connect({ rateLimits: true });
    const fault = discord.faults.rest({
      method: 'GET',
      path: /^\/applications/,
      times: 1,
      status: 429,
      body: { message: 'You are being rate limited.', retry_after: 0.05, global: false },
      headers: { 'retry-after': '0.05', 'x-ratelimit-scope': 'user', via: '1.1 google' },
    });
    expect((await client.application.fetch()).id).toBe(discord.applicationId);
    expect(fault.hits).toBe(1);
    expect(discord.rest.counts['GET /applications/@me']).toBe(2);
  });
});

describe('faults of REST', () => {
  it('befall what they were meant for, as often as they should', async () => {
    const discord = await harbour.start();
    const fault = discord.faults.rest({
      method: 'POST',
      path: /messages$/,
      times: 1,
      status: 403,
      code: 50013,
      message: 'Missing Permissions',
    });
    const statuses = [];
    for (const method of ['GET', 'POST', 'POST']) {
      const { status } = await call(
        discord,
        method,
        messagesOf(discord),
        method === 'POST' ? { content: 'x' } : undefined,
      );
      statuses.push(status);
    }
    expect(statuses).toEqual([200, 403, 200]);
    expect(fault.hits).toBe(1);
    expect(discord.channelMessages(discord.guilds[0]!.channels[0]!.id)).toHaveLength(1);
  });

  it('can lose an answer to what was done all the same, delay it, or cut the line', async () => {
    const discord = await harbour.start();
    discord.faults.rest({ times: 1, status: 502, applied: true });
    expect((await call(discord, 'POST', messagesOf(discord), { content: 'x' })).status).toBe(502);
    expect(discord.channelMessages(discord.guilds[0]!.channels[0]!.id)).toHaveLength(1);
    discord.faults.rest({ times: 1, reset: true });
    await expect(call(discord, 'GET', '/gateway')).rejects.toThrow('fetch failed');
    const slow = discord.faults.rest({ delayMs: 50 });
    const before = performance.now();
    expect((await call(discord, 'GET', '/gateway')).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThanOrEqual(45);
    slow.remove();
    discord.faults.rest({ status: 500 });
    discord.faults.clear();
    expect((await call(discord, 'GET', '/gateway')).status).toBe(200);
  });

  it('reach discord.js as the errors that it knows', async () => {
    const { discord, client } = await harbour.connect();
    discord.faults.rest({ path: /^\/guilds/, status: 403, code: 50001, message: 'Missing Access' });
    const error = await client.rest
      .get(`/guilds/${discord.guilds[0]!.id}`)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DiscordAPIError);
    expect(error).toMatchObject({ code: 50001, status: 403 });
  });
});

describe('the simulator as a program', () => {
  it('prints what a bot needs to connect to it', async () => {
    const written: string[] = [];
    const discord = await startFromArguments(['--token', 'x', '--guilds', 'A, B'], (text) =>
      written.push(text),
    );
    expect(written.join('')).toBe(`DISCORD_API_URL=${discord!.apiUrl}\nDISCORD_TOKEN=x\n`);
    expect(discord!.guilds.map(({ name }) => name)).toEqual(['A', 'B']);
    await discord!.close();
  });

  it('explains itself, and says which argument is wrong', async () => {
    const written: string[] = [];
    expect(await startFromArguments(['--help'], (text) => written.push(text))).toBeNull();
    expect(written.join('')).toContain('--port');
    await expect(startFromArguments(['--port', 'x'], () => undefined)).rejects.toThrow(/--port/);
    await expect(startFromArguments(['--prot', '1'], () => undefined)).rejects.toThrow(/--prot/);
  });
});

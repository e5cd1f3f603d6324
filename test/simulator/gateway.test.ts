import { once } from 'node:events';
import WebSocket from 'ws';
import { startSimulator, type Simulator } from '../../simulator';
import { answerWith, call, createHarbour, type Connected } from './support';

const harbour = createHarbour();
afterEach(() => harbour.close());

/** Sends frames on a bare connection, and gives the code it was closed with. */
async function closeCodeOf(discord: Simulator, ...frames: (string | object)[]): Promise<number> {
  const socket = new WebSocket(
    `${discord.apiUrl.replace('http', 'ws').replace('/api', '')}/?v=10&encoding=json`,
  );
  await once(socket, 'message');
  for (const frame of frames) socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  const [code] = await once(socket, 'close');
  return Number(code);
}

function resumedOf({ client }: Connected): Promise<unknown> {
  return new Promise((resolve) => client.once('shardResume', (_shard, replayed) => resolve(replayed)));
}

describe('a discord.js client at the gateway', () => {
  it('logs in and knows its servers, channels and owner', async () => {
    const { discord, client } = await harbour.connect({
      guilds: [{ name: 'Harbour', memberCount: 250 }, { name: 'Quay' }],
      owner: 'grace',
    });
    await discord.ready();
    expect(client.guilds.cache.map((guild) => [guild.id, guild.name])).toEqual(
      discord.guilds.map((guild) => [guild.id, guild.name]),
    );
    expect(client.guilds.cache.first()?.memberCount).toBe(250);
    expect(client.channels.cache.has(discord.guilds[0]!.channels[0]!.id)).toBe(true);
    const application = await client.application.fetch();
    expect(application.owner?.id).toBe(discord.owner.id);
  });

  it('sees the members of the team that owns it', async () => {
    const { discord, client } = await harbour.connect({ owner: { team: 'Crew', members: ['ada', 'grace'] } });
    const { owner } = await client.application.fetch();
    expect(owner && 'members' in owner && owner.members.map((member) => member.user.username)).toEqual([
      'ada',
      'grace',
    ]);
    expect(discord.owner.name).toBe('ada');
  });

  it('spreads its servers over shards as Discord does', async () => {
    const guilds = ['a', 'b', 'c', 'd'].map((name) => ({ name }));
    const { discord, client } = await harbour.connect({ guilds, shards: 2 }, { shards: 'auto' });
    await discord.ready({ shards: 2 });
    expect(client.guilds.cache.map((guild) => guild.shardId).sort()).toEqual([0, 0, 1, 1]);
    const shards: number[] = [];
    answerWith(client, (interaction) => shards.push(interaction.guild!.shardId));
    for (const guild of guilds) discord.user('kim').invoke({ name: 'x' }, { guild: guild.name });
    await discord.until(() => shards.length === 4);
    expect(shards.sort()).toEqual([0, 0, 1, 1]);
  });

  it('is told that its token is wrong, by REST and by the gateway', async () => {
    const discord = await harbour.start();
    await expect(harbour.createClient(discord).login('wrong')).rejects.toThrow(/invalid token/i);
    const identify = { op: 2, d: { token: 'wrong', intents: 1 } };
    expect(await closeCodeOf(discord, identify)).toBe(4004);
  });

  it('is refused intents that it may not have', async () => {
    const discord = await harbour.start({ disallowedIntents: 1 });
    await expect(harbour.createClient(discord).login(discord.token)).rejects.toThrow(/disallowed intents/i);
  });

  it('resumes after a close, and gets what it missed', async () => {
    const connected = await harbour.connect();
    const { discord, client } = connected;
    const seen: string[] = [];
    answerWith(client, (interaction) => interaction.isCommand() && seen.push(interaction.commandName));
    discord.faults.stopDispatches();
    discord.user('kim').invoke({ name: 'missed' });
    const resumed = resumedOf(connected);
    discord.faults.closeGateway(4000);
    expect(await resumed).toBeGreaterThanOrEqual(1);
    await discord.until(() => seen.length > 0);
    expect(seen).toEqual(['missed']);
    expect(discord.gateway.connections).toMatchObject([
      { shard: 0, identifies: 1, resumes: 1, closed: [4000], open: true },
    ]);
  });

  it('resumes when Discord asks it to reconnect, and when the line is cut', async () => {
    const connected = await harbour.connect();
    let resumed = resumedOf(connected);
    connected.discord.faults.reconnect();
    await resumed;
    resumed = resumedOf(connected);
    connected.discord.faults.closeGateway(1006);
    await resumed;
    expect(connected.discord.gateway.connections[0]).toMatchObject({ identifies: 1, resumes: 2, open: true });
  });

  it('identifies anew when its session is invalid, and when it may not resume', async () => {
    const { discord, client } = await harbour.connect();
    let again = once(client, 'shardReady');
    discord.faults.invalidSession({ resumable: false });
    await again;
    expect(discord.gateway.connections[0]).toMatchObject({ identifies: 2, open: true });
    again = once(client, 'shardReady');
    discord.faults.refuseResumes(1);
    discord.faults.closeGateway(4000);
    await again;
    expect(discord.gateway.connections[0]).toMatchObject({ identifies: 3, resumes: 0 });
  });

  it('resumes on the same connection when its session is invalid for a moment', async () => {
    const connected = await harbour.connect();
    const resumed = resumedOf(connected);
    connected.discord.faults.invalidSession({ resumable: true });
    await resumed;
    expect(connected.discord.gateway.connections[0]).toMatchObject({ identifies: 1, resumes: 1 });
  });

  it('leaves a connection whose heartbeats are not acknowledged', async () => {
    const { discord } = await harbour.connect({ heartbeatIntervalMs: 60 });
    await discord.until(() => (discord.gateway.connections[0]?.heartbeats ?? 0) > 1);
    expect(discord.gateway.connections[0]?.closed).toEqual([]);
    discord.faults.stopAcks();
    await discord.until(() => discord.gateway.connections[0]?.resumes === 1);
    expect(discord.gateway.connections[0]?.closed).toHaveLength(1);
  });

  it('is kept alive but hears nothing while its connection is deaf', async () => {
    const { discord, client } = await harbour.connect({ heartbeatIntervalMs: 40 });
    const seen: string[] = [];
    answerWith(client, (interaction) => interaction.isCommand() && seen.push(interaction.commandName));
    discord.faults.stopDispatches();
    discord.user('kim').invoke({ name: 'lost' });
    const before = discord.gateway.connections[0]?.heartbeats ?? 0;
    await discord.until(() => (discord.gateway.connections[0]?.heartbeats ?? 0) > before + 3);
    discord.faults.resumeDispatches();
    discord.user('kim').invoke({ name: 'heard' });
    await discord.until(() => seen.length > 0);
    expect(seen).toEqual(['heard']);
  });

  it('answers a heartbeat that Discord asks for', async () => {
    const { discord } = await harbour.connect();
    const before = discord.gateway.connections[0]?.heartbeats ?? 0;
    discord.faults.requestHeartbeat();
    await discord.until(() => discord.gateway.connections[0]?.heartbeats === before + 1);
  });

  it('is not ready while READY is held', async () => {
    const discord = await harbour.start();
    const release = discord.faults.holdReady();
    const client = harbour.createClient(discord);
    const ready = new Promise((resolve) => client.once('clientReady', resolve));
    const login = client.login(discord.token);
    await discord.until(() => discord.gateway.connections[0]?.identifies === 1);
    expect(client.isReady()).toBe(false);
    await expect(discord.ready({ timeoutMs: 20 })).rejects.toThrow(/in vain/);
    release();
    await Promise.all([login, ready]);
  });

  it('is thrown out when its token is reset', async () => {
    const { discord, client } = await harbour.connect();
    const thrownOut = new Promise((resolve) => client.once('shardDisconnect', ({ code }) => resolve(code)));
    discord.faults.rejectToken();
    expect(await thrownOut).toBe(4004);
    expect((await call(discord, 'GET', '/users/@me')).status).toBe(401);
  });

  it('hears the messages that mention it, if it asked for messages', async () => {
    const { discord, client } = await harbour.connect({}, { intents: ['Guilds', 'GuildMessages'] });
    const heard: (readonly [string, boolean])[] = [];
    client.on('messageCreate', (message) => heard.push([message.content, message.mentions.has(client.user)]));
    discord.user('kim').say('nothing for you');
    discord.user('kim').say('@bot stats');
    await discord.until(() => heard.length === 2);
    expect(heard).toEqual([
      ['', false],
      [`<@${discord.applicationId}> stats`, true],
    ]);
  });
});

describe('the gateway itself', () => {
  const identify = (discord: Simulator, more = {}) => ({
    op: 2,
    d: { token: discord.token, intents: 1, ...more },
  });

  it('closes with the code that says what the client did wrong', async () => {
    const discord = await harbour.start({ identifyTimeoutMs: 50 });
    const codes = await Promise.all([
      closeCodeOf(discord, { op: 99, d: null }),
      closeCodeOf(discord, 'not json'),
      closeCodeOf(discord, { op: 3, d: {} }),
      closeCodeOf(discord, identify(discord), identify(discord)),
      closeCodeOf(discord, identify(discord, { shard: [2, 2] })),
      closeCodeOf(discord, identify(discord, { intents: -1 })),
      closeCodeOf(discord),
    ]);
    expect(codes).toEqual([4001, 4002, 4003, 4005, 4010, 4013, 4003]);
  });

  it('counts sessions down, and refuses those that start too fast', async () => {
    const discord = await harbour.start({ maxConcurrency: 1, sessionStartLimit: 10 });
    const limit = async () => (await call(discord, 'GET', '/gateway/bot')).body.session_start_limit;
    expect(await limit()).toMatchObject({ total: 10, remaining: 10, max_concurrency: 1 });
    const opcodes: number[] = [];
    for (let index = 0; index < 2; index += 1) {
      const socket = new WebSocket(discord.apiUrl.replace('http', 'ws'));
      await once(socket, 'message');
      socket.send(JSON.stringify(identify(discord)));
      const [answer] = await once(socket, 'message');
      opcodes.push((JSON.parse(String(answer)) as { op: number }).op);
    }
    expect(opcodes).toEqual([0, 9]);
    expect(await limit()).toMatchObject({ remaining: 8 });
  });

  it('ends at once, with whoever waits told so, and can be closed twice', async () => {
    const discord = await startSimulator();
    discord.faults.rest({ hang: true });
    const socket = new WebSocket(discord.apiUrl.replace('http', 'ws'));
    await once(socket, 'message');
    const hanging = fetch(`${discord.apiUrl}/v10/gateway`).catch((error: unknown) => error);
    await discord.until(() => discord.rest.counts['GET /gateway'] === 1);
    const waiting = expect(discord.ready()).rejects.toThrow(/closed/);
    await Promise.all([discord.close(), discord.close()]);
    await waiting;
    expect(await hanging).toMatchObject({ message: 'fetch failed' });
    await expect(
      startSimulator({ port: Number(new URL(discord.apiUrl).port) }).then((again) => again.close()),
    ).resolves.toBeUndefined();
  });
});

import { ComponentType } from 'discord.js';
import path from 'node:path';
import type { SimulatedMessage, SimulatedUser, Simulator } from '../simulator';
import { createStage, type RunningBot } from './support/bot';

/** `/stats` and `/forget-me` as they are typed into the bot itself, its database and its drawing thread included. */

const stage = createStage();
let discord: Simulator;
let kim: SimulatedUser;
let url: string;

beforeAll(async () => {
  discord = await stage.discord({ owner: 'boss' });
  kim = discord.user('kim');
  url = `file:${path.join(await stage.directory(), 'telltale.db')}`;
});
afterAll(() => stage.clear());

async function start(): Promise<RunningBot> {
  const bot = await stage.bot(discord, { DATABASE_URL: url });
  await discord.registered(['stats', 'forget-me', 'ping']);
  await bot.printed(/Logged in/);
  return bot;
}

function buttons(message: SimulatedMessage): Readonly<Record<string, string>> {
  const rows = message.components.flatMap((row) =>
    row.type === ComponentType.ActionRow ? row.components : [],
  );
  return Object.fromEntries(
    rows.flatMap((one) =>
      one.type === ComponentType.Button && 'custom_id' in one ? [[one.label ?? '', one.custom_id]] : [],
    ),
  );
}

const fieldOf = ({ embeds }: SimulatedMessage, name: string): string | undefined =>
  embeds[0]?.fields?.find((field) => field.name === name)?.value;

it('shows what was used with a chart of it, also to whoever presses a button after a crash', async () => {
  const first = await start();
  await kim.type('/ping').message();
  const message = await kim.type('/stats').message();
  expect(fieldOf(message, 'Calls')).toMatch(/^1\b/);
  expect(message.embeds[0]?.description).toMatch(/^ping +1 +0%/m);

  // The thread that draws starts with the first chart, and nobody waits long for it.
  const refresh = buttons(message).Refresh ?? '';
  for (let tries = 0; message.attachments.length === 0 && tries < 10; tries += 1) {
    await kim.press(message, refresh).answer();
  }
  const [chart] = message.attachments;
  expect(chart).toMatchObject({ filename: 'stats.png' });
  const png = Buffer.from(await (await fetch(chart!.url)).arrayBuffer());
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect(message.embeds[0]?.image?.url).toBe(chart?.url);

  first.kill('SIGKILL');
  await first.ended;
  const second = await start();
  const zero = await second.metrics();
  const labels = { command: 'stats:show', kind: 'button', outcome: 'ok' };
  expect(zero.value('discord_command_invocations_total', labels)).toBe(0);
  const before = fieldOf(message, 'Calls');
  await kim.type('/ping').message();
  await kim.press(message, refresh).answer();
  expect(fieldOf(message, 'Calls')).not.toBe(before);
  expect(message.embeds[0]?.description).toMatch(/^ping +2 +0%/m);
  // It settles once Discord has taken the answer, which the user sees a moment before.
  while ((await second.metrics()).value('discord_command_invocations_total', labels) !== 1);
  second.kill('SIGTERM');
  await second.ended;
});

it('forgets a user who asks for it, and keeps the totals', async () => {
  const bot = await start();
  const jun = discord.user('jun');
  const totalOf = async (command: string): Promise<number> => {
    const { body } = await bot.get(`/api/stats?period=all&command=${command}`);
    return (body as { readonly totals: { readonly invocations: number } }).totals.invocations;
  };
  const forget = async (asked: number): Promise<string> => {
    const message = await jun.type('/forget-me').message();
    while ((await totalOf('forget-me')) < asked); // It was counted, too, and is to be forgotten with the others.
    await jun.press(message, buttons(message)['Remove my records'] ?? '').until(() => message.edited);
    return message.content;
  };
  const pings = await totalOf('ping');
  for (let i = 0; i < 3; i += 1) await jun.type('/ping').message();
  expect(await forget(1)).toContain('Removed: 4 records of yours.');
  expect(await forget(2)).toContain('Removed: one record of yours.');
  expect(await totalOf('ping')).toBe(pings + 3);
});

it('erases the single records of a server that the bot leaves, where the operator wants that, and no others', async () => {
  const bot = await stage.bot(discord, { STATS_ERASE_LEFT_SERVERS: 'true' });
  await bot.printed(/Logged in/);
  const [guild] = discord.guilds;
  await kim.type('/ping').message();
  await kim.type('/ping', { dm: true }).message();
  const records = async (): Promise<readonly { readonly guildId: string | null }[]> => {
    const { body } = await bot.get('/api/invocations');
    return (body as { readonly invocations: readonly { readonly guildId: string | null }[] }).invocations;
  };
  while ((await records()).length !== 2);
  // A server that Discord cannot reach for a while is not left.
  discord.emit('GUILD_DELETE', { id: guild?.id, unavailable: true });
  discord.emit('GUILD_DELETE', { id: guild?.id });
  await bot.printed(/its statistics were erased \(1 rows\)/);
  expect((await records()).map(({ guildId }) => guildId)).toEqual([null]);
});

import { ComponentType, type APIMessageTopLevelComponent, type Client } from 'discord.js';
import * as stats from '../../commands/stats';
import type { Exchange, SimulatedMessage, SimulatedUser, Simulator } from '../../simulator';
import { StoreUnavailableError, type CommandStats } from '../../src/stats/stats';
import { loadedFrom, serve, waitFor } from '../discord/support';
import { createHarbour } from '../simulator/support';
import { fakeReadModels, NOTHING, PNG } from './support';

/** The menu and the buttons below `/stats`, in a Discord that takes and refuses what the real one does. */

const MINUTE = 60_000;
const harbour = createHarbour();
let discord: Simulator;
let client: Client<true>;
let clock = 0;
let kim: SimulatedUser;
const boss = (): SimulatedUser => discord.user('boss');

const LONG = 'x'.repeat(32);
/** As long as a path can be. */
const LONGEST = `${LONG} ${LONG} ${LONG}`;
const commands = Array.from({ length: 25 }, (_, i): CommandStats => ({
  ...NOTHING,
  command: `command${i}`,
  kind: 'chat_input',
  invocations: 100 - i,
  lastUsed: '2026-01-05T00:00:00.000Z',
}));

/** Lets the bot answer with these numbers: what it remembered before is gone, as after a restart. */
function restart(owners: readonly string[] = [], commandNames = [LONGEST, 'ping']) {
  const summary = { totals: { ...NOTHING, invocations: 2_000, ok: 2_000 }, commands };
  const { readModels, queries } = fakeReadModels({}, summary);
  const models = { ...readModels, stats: { ...readModels.stats, commandNames: () => commandNames } };
  const isOwner = (userId: string): boolean => owners.includes(userId);
  const { settled } = serve(client, [stats], { readModels: models, isOwner });
  return { settled, queries, models };
}

beforeAll(async () => {
  ({ discord, client } = await harbour.connect({ now: () => Date.now() + clock }));
  await client.application.commands.set([loadedFrom(stats).data]);
});
beforeEach(() => {
  clock = 0;
  kim = discord.user('kim');
});
afterAll(() => harbour.close());

interface Controls {
  /** Custom ids by label, of those that can be pressed. */
  readonly buttons: Readonly<Record<string, string>>;
  readonly menu: string;
  readonly chosen: string | undefined;
}

function controlsOf(components: readonly APIMessageTopLevelComponent[]): Controls {
  const inRows = components.flatMap((row) => (row.type === ComponentType.ActionRow ? row.components : []));
  const buttons = inRows.flatMap((one) =>
    one.type === ComponentType.Button && 'custom_id' in one && one.disabled !== true
      ? [[one.label ?? '', one.custom_id] as const]
      : [],
  );
  const menu = inRows.find((one) => one.type === ComponentType.StringSelect);
  return {
    buttons: Object.fromEntries(buttons),
    menu: menu?.custom_id ?? '',
    chosen: menu?.options.find((option) => option.default)?.value,
  };
}

const titleOf = ({ embeds }: SimulatedMessage): string | undefined => embeds[0]?.title;
const tableOf = ({ embeds }: SimulatedMessage): string => embeds[0]?.description ?? '';

async function press(who: SimulatedUser, message: SimulatedMessage, label: string): Promise<Exchange> {
  const exchange = who.press(message, controlsOf(message.components).buttons[label] ?? label);
  await exchange.answer();
  return exchange;
}

async function refusal(exchange: Exchange): Promise<string> {
  const { messages } = await exchange.until((one) => one.messages.some(({ ephemeral }) => ephemeral));
  return messages.find(({ ephemeral }) => ephemeral)?.content ?? '';
}

it('the menu shows another period in the same message, with its own picture alone', async () => {
  const { queries } = restart();
  const message = await kim.type('/stats').message();
  expect(controlsOf(message.components).chosen).toBe('24h');
  const [before] = message.attachments;
  expect(message.embeds[0]?.image?.url).toBe(before?.url);
  expect(new Uint8Array(await (await fetch(before!.url)).arrayBuffer())).toEqual(PNG);

  await kim.select(message, controlsOf(message.components).menu, ['7d']).answer();
  expect(titleOf(message)).toBe('Command statistics: last 7 days');
  expect(controlsOf(message.components).chosen).toBe('7d');
  expect(message.attachments).toHaveLength(1);
  expect(message.attachments[0]?.id).not.toBe(before?.id);
  expect(message.embeds[0]?.image?.url).toBe(message.attachments[0]?.url);
  expect(queries.map(({ period }) => period)).toEqual(['24h', '7d']);
});

it('buttons turn the pages, end where the commands do, and refresh what is shown', async () => {
  restart();
  const message = await kim.type('/stats').message();
  expect(Object.keys(controlsOf(message.components).buttons)).toEqual(['▶', 'Refresh']);
  await press(kim, message, '▶');
  expect(tableOf(message)).toMatch(/command10 [\s\S]*command19 [\s\S]*Page 2 of 3$/);
  expect(Object.keys(controlsOf(message.components).buttons)).toEqual(['◀', '▶', 'Refresh']);
  await press(kim, message, '▶');
  expect(Object.keys(controlsOf(message.components).buttons)).toEqual(['◀', 'Refresh']);
  await press(kim, message, 'Refresh');
  expect(tableOf(message)).toMatch(/Page 3 of 3$/);
  await press(kim, message, '◀');
  expect(tableOf(message)).toMatch(/Page 2 of 3$/);
});

it('they work after a restart, with the longest path a command can have', async () => {
  restart();
  const message = await kim.type(`/stats command:"${LONGEST}" period:1h`).message();
  expect(Object.keys(controlsOf(message.components).buttons)).toEqual(['Refresh']);
  const { queries } = restart();
  clock = 14 * MINUTE;
  await press(kim, message, 'Refresh');
  await kim.select(message, controlsOf(message.components).menu, ['30d']).answer();
  expect(queries).toEqual([
    { period: '1h', command: LONGEST, guildId: message.guildId },
    { period: '30d', command: LONGEST, guildId: message.guildId },
  ]);
});

it('are counted like any command, by what they are', async () => {
  const { settled } = restart();
  const message = await kim.type('/stats').message();
  await press(kim, message, 'Refresh');
  await kim.select(message, controlsOf(message.components).menu, ['7d']).answer();
  await waitFor(() => settled.length === 3);
  expect(settled.map(({ command, kind, ack }) => [command, kind, ack?.kind])).toEqual([
    ['stats', 'chat_input', 'reply'],
    ['stats:show', 'button', 'update'],
    ['stats:show', 'select', 'update'],
  ]);
});

it('belong to whoever asked: others are told how to ask, and change nothing', async () => {
  const { queries } = restart();
  const message = await kim.type('/stats').message();
  const exchange = await press(discord.user('jun'), message, 'Refresh');
  expect(await refusal(exchange)).toContain('Type `/stats` to get your own');
  expect([message.edited, queries.length]).toEqual([false, 1]);
});

it('end after 15 minutes: they go, the numbers stay, and the user is told how to go on', async () => {
  const { settled, queries } = restart();
  const message = await kim.type('/stats').message();
  clock = 16 * MINUTE;
  const exchange = await press(kim, message, 'Refresh');
  expect(await refusal(exchange)).toContain('15 minutes');
  expect(message).toMatchObject({ components: [], deleted: false, attachments: [expect.anything()] });
  expect([titleOf(message), queries.length]).toEqual(['Command statistics: last 24 hours', 1]);
  await waitFor(() => settled.length === 2);
  expect(settled[1]).toMatchObject({ outcome: { kind: 'refused' }, ack: { kind: 'update' } });
});

it('show nobody everything who is no owner any more', async () => {
  restart([boss().id]);
  const message = await boss().type('/stats').message();
  expect(message.embeds[0]?.footer?.text).toBe('All servers, since');
  const { queries } = restart([]);
  expect(await refusal(await press(boss(), message, 'Refresh'))).toContain('owner of the bot only');
  expect(queries).toEqual([]);
});

it('keep to the server that an owner asked for', async () => {
  const { queries } = restart([boss().id]);
  const message = await boss().type('/stats scope:server').message();
  await press(boss(), message, '▶');
  expect(queries.map(({ guildId }) => guildId)).toEqual([message.guildId, message.guildId]);
});

it('say so when the numbers cannot be read, and leave those that are there', async () => {
  restart();
  const message = await kim.type('/stats').message();
  const { models } = restart();
  const summary = (): Promise<never> => Promise.reject(new StoreUnavailableError('locked'));
  serve(client, [stats], { readModels: { ...models, stats: { ...models.stats, summary } } });
  expect(await refusal(await press(kim, message, 'Refresh'))).toContain('cannot be read right now');
  expect(message.edited).toBe(false);
});

it('come late from a slow database, and come all the same', async () => {
  const { models } = restart();
  const slow = async <Answer>(answer: Promise<Answer>): Promise<Answer> => {
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    return answer;
  };
  const summary: typeof models.stats.summary = (query) => slow(models.stats.summary(query));
  const { settled } = serve(client, [stats], {
    readModels: { ...models, stats: { ...models.stats, summary } },
  });
  const message = await kim.type('/stats').message();
  const [picture] = message.attachments;
  const pressed = kim.press(message, controlsOf(message.components).buttons['▶'] ?? '');
  await pressed.until(() => message.edited);
  expect(tableOf(message)).toMatch(/Page 2 of 3$/);
  expect(message.attachments.map(({ id }) => id)).not.toContain(picture?.id);
  await waitFor(() => settled.length === 2);
  expect(settled.map(({ ack, outcome }) => [ack?.kind, outcome.kind])).toEqual([
    ['defer', 'ok'],
    ['defer', 'ok'],
  ]);
});

it.each([
  ['of a command that is gone', (state: string) => state],
  ['that nobody wrote', () => 'nonsense'],
  ['of a period that there is not', (state: string) => state.replace('.24h.', '.99y.')],
  ['of the future', (state: string) => state.replace(/\.[0-9a-z]+\./, '.zzzzzzz.')],
])('a state %s is refused, and breaks nothing', async (_, change) => {
  restart();
  const asked = await kim.type('/stats command:ping').message();
  const { settled } = restart([], []);
  const id = controlsOf(asked.components).buttons.Refresh ?? '';
  const state = id.split(':').at(-1) ?? '';
  const channel = await client.channels.fetch(asked.channelId);
  const customId = id.replace(state, change(state));
  const components = [{ type: 1, components: [{ type: 2, style: 2, label: 'Press', custom_id: customId }] }];
  if (channel?.isTextBased() === true) await channel.messages.edit(asked.id, { components });
  expect(await refusal(await press(kim, asked, customId))).toContain('Type `/stats` to ask again');
  await waitFor(() => settled.length === 1);
  expect(settled[0]?.outcome).toMatchObject({ kind: 'refused', reason: 'user_error' });
});

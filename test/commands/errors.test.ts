import { ComponentType, type APIEmbed, type Client } from 'discord.js';
import * as errors from '../../commands/errors';
import type { SimulatedMessage, SimulatedUser, Simulator } from '../../simulator';
import { StoreUnavailableError, type ErrorStats, type StoredInvocation } from '../../src/stats/stats';
import { loadedFrom, serve } from '../discord/support';
import { createHarbour } from '../simulator/support';
import { beyondLimits, fakeReadModels, storedFailure, textOf } from './support';

/** The owner sees each bug once, and one of them closely. */

const HOUR = 3_600_000;
const harbour = createHarbour();
let discord: Simulator;
let client: Client<true>;
let kim: SimulatedUser;

beforeAll(async () => {
  ({ discord, client } = await harbour.connect());
  await client.application.commands.set([loadedFrom(errors).data]);
  kim = discord.user('kim');
});
afterAll(() => harbour.close());

const ago = (hours: number): string => new Date(Date.now() - hours * HOUR).toISOString();

const errorStats = (changes: Partial<ErrorStats> = {}): ErrorStats => ({
  command: 'ticket close',
  reason: 'exception',
  fingerprint: '0123456789ab',
  message: 'no row 17',
  count: 3,
  firstSeen: ago(20),
  lastSeen: ago(1),
  reference: 'aaaaaaaa',
  ...changes,
});

function open(topErrors: readonly ErrorStats[], failures: readonly StoredInvocation[] = []) {
  const { readModels } = fakeReadModels({}, { topErrors, since: ago(24) });
  const stats = { ...readModels.stats, invocations: () => Promise.resolve(failures) };
  return serve(client, [errors], {
    readModels: { ...readModels, stats },
    isOwner: (id) => id === discord.owner.id,
  });
}

async function ask(line = '/errors', user = discord.owner, locale = 'en-US'): Promise<SimulatedMessage> {
  const message = await user.type(line, { locale }).message();
  expect(message.ephemeral).toBe(true);
  return message;
}

function embedOf({ embeds: [embed] }: SimulatedMessage): APIEmbed {
  expect(beyondLimits(embed!)).toEqual([]);
  return embed!;
}

interface Menu {
  readonly id: string;
  readonly options: readonly { readonly label: string; readonly value: string }[];
  readonly chosen: string | undefined;
}

function menuOf({ components: [row] }: SimulatedMessage): Menu | null {
  const [menu] = row?.type === ComponentType.ActionRow ? row.components : [];
  if (menu?.type !== ComponentType.StringSelect) return null;
  const { custom_id: id, options } = menu;
  return { id, options, chosen: options.find((option) => option.default === true)?.value };
}

const failure = (hours: number, changes: Partial<StoredInvocation> = {}): StoredInvocation =>
  storedFailure({ at: ago(hours), command: 'ticket close', ...changes });

it('one bug is one row, with how often, where, since when, in which versions and whether it grows', async () => {
  const inOther = errorStats({
    command: 'stats',
    count: 1,
    firstSeen: ago(23),
    reference: 'bbbbbbbb',
    lastSeen: ago(2),
  });
  open(
    [errorStats(), errorStats({ fingerprint: 'ffffffffffff', message: 'no table', count: 2 }), inOther],
    [
      failure(1),
      failure(2),
      failure(3),
      failure(20, { version: '1.2.2' }),
      failure(30, { version: '1.0.0' }),
    ],
  );
  const embed = embedOf(await ask());
  expect(embed.title).toBe('Errors: last 24 hours');
  const rows = embed.description!.split('\n');
  expect(rows[0]).toBe('**4×** ▲ 1 → 3 · `ticket close` `stats` · exception · 1.2.2 → 1.2.3 · `aaaaaaaa`');
  expect(rows[1]).toMatch(/^`no row 17` first <t:\d+:R>, last <t:\d+:R>$/);
  expect(rows[2]).toMatch(/^\*\*2×\*\* = 0 → 0 · `ticket close`/);
  expect(rows).toHaveLength(4);
});

it('shows one of them closely when it is chosen, and all again', async () => {
  open(
    [errorStats(), errorStats({ fingerprint: 'ffffffffffff', message: 'no table' })],
    [failure(1, { traceId: 'cccccccc'.repeat(4) }), failure(2, { fingerprint: 'ffffffffffff' })],
  );
  const message = await ask('/errors period:7d');
  const menu = menuOf(message)!;
  expect(menu.options.map(({ label }) => label)).toEqual(['All errors', 'no row 17', 'no table']);
  await discord.owner.select(message, menu.id, ['0123456789ab']).answer();
  const text = textOf(embedOf(message));
  expect(text).toContain('no row 17');
  expect(text).toMatch(/Newest: `cccccccc` <t:\d+:R> `ticket close` `1\.2\.3\+4bf92f3`$/m);
  expect(menuOf(message)?.chosen).toBe('0123456789ab');
  await discord.owner.select(message, menu.id, ['all']).answer();
  expect(embedOf(message).title).toBe('Errors: last 7 days');
});

it('does not call a trend what it cannot know', async () => {
  open(
    [errorStats()],
    Array.from({ length: 500 }, () => failure(1)),
  );
  expect(embedOf(await ask()).description).not.toMatch(/[▲▼=]/);
  open([errorStats()], [failure(1)]);
  expect(embedOf(await ask('/errors period:all')).description).not.toMatch(/[▲▼=]/);
});

it('stays within what Discord takes, whatever failed', async () => {
  const message = '``` @everyone '.repeat(14);
  const many = Array.from({ length: 10 }, (_, n) =>
    errorStats({ fingerprint: `${n}`.repeat(12), message, command: 'x'.repeat(98) }),
  );
  const same = Array.from({ length: 10 }, (_, n) =>
    errorStats({ command: `${n}${'y'.repeat(90)}`, message }),
  );
  open(
    [...many, ...same],
    Array.from({ length: 60 }, () => failure(1, { command: 'y'.repeat(98) })),
  );
  const shown = await ask();
  embedOf(shown);
  await discord.owner.select(shown, menuOf(shown)!.id, ['0123456789ab']).answer();
  embedOf(shown);
});

it('says so where nothing failed, and has no menu then', async () => {
  open([]);
  const message = await ask();
  expect(embedOf(message).description).toBe('Nothing failed.');
  expect(menuOf(message)).toBeNull();
});

it('says so where the statistics are away', async () => {
  const { readModels } = fakeReadModels();
  const invocations = () => Promise.reject(new StoreUnavailableError('away'));
  const models = { ...readModels, stats: { ...readModels.stats, invocations } };
  serve(client, [errors], { readModels: models, isOwner: () => true });
  expect((await ask()).content).toContain('cannot be read right now');
});

it('is for the owner alone', async () => {
  open([errorStats()]);
  const message = await ask('/errors', kim);
  expect(message.content).toContain('owner');
  expect(message.embeds).toEqual([]);
});

it('answers in Korean to a Korean owner', async () => {
  open([errorStats()], [failure(1)]);
  const message = await ask('/errors', discord.owner, 'ko');
  expect(embedOf(message).title).toBe('오류: 지난 24시간');
  await discord.owner.select(message, menuOf(message)!.id, ['0123456789ab'], { locale: 'ko' }).answer();
  expect(embedOf(message).fields?.every(({ name }) => /[가-힣]/.test(name))).toBe(true);
});

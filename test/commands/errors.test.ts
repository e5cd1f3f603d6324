import { ComponentType, type APIEmbed, type Client } from 'discord.js';
import * as errors from '../../commands/errors';
import type { SimulatedMessage, SimulatedUser, Simulator } from '../../simulator';
import {
  StoreUnavailableError,
  type ErrorsAnswer,
  type PeriodError,
  type ReleaseChanges,
  type StoredInvocation,
} from '../../src/stats/stats';
import { loadedFrom, serve } from '../discord/support';
import { createHarbour } from '../simulator/support';
import {
  beyondLimits,
  changesOf,
  crowdedChanges,
  errorChange,
  errorsOf,
  fakeReadModels,
  storedFailure,
  textOf,
} from './support';

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

const errorOf = (changes: Partial<PeriodError> = {}): PeriodError => ({
  commands: ['ticket close'],
  reason: 'exception',
  fingerprint: '0123456789ab',
  message: 'no row 17',
  count: 3,
  firstSeen: ago(20),
  lastSeen: ago(1),
  reference: 'aaaaaaaa',
  halves: { earlier: 1, later: 2 },
  ...changes,
});

interface Told {
  readonly failures?: readonly StoredInvocation[];
  readonly changes?: () => Promise<ReleaseChanges | null>;
  readonly others?: ErrorsAnswer['others'];
}

function open(groups: readonly PeriodError[], told: Told = {}) {
  const { failures = [], changes = () => Promise.resolve(null), others = { errors: 0, count: 0 } } = told;
  const { readModels } = fakeReadModels();
  const stats: typeof readModels.stats = {
    ...readModels.stats,
    errors: ({ period }) => Promise.resolve(errorsOf({ period, since: ago(24), groups, others })),
    invocations: () => Promise.resolve(failures),
    changes,
  };
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
  open(
    [
      errorOf({ count: 4, commands: ['ticket close', 'stats'], halves: { earlier: 1, later: 3 } }),
      errorOf({
        fingerprint: 'ffffffffffff',
        message: 'no table',
        count: 2,
        halves: { earlier: 1, later: 1 },
      }),
    ],
    {
      failures: [
        failure(1),
        failure(2),
        failure(3),
        failure(20, { version: '1.2.2' }),
        failure(30, { version: '1.0.0' }),
      ],
    },
  );
  const embed = embedOf(await ask());
  expect(embed.title).toBe('Errors: last 24 hours');
  const rows = embed.description!.split('\n');
  expect(rows[0]).toBe('**4×** ▲ 1 → 3 · `ticket close` `stats` · exception · 1.2.2 → 1.2.3 · `aaaaaaaa`');
  expect(rows[1]).toMatch(/^`no row 17` first <t:\d+:R>, last <t:\d+:R>$/);
  expect(rows[2]).toMatch(/^\*\*2×\*\* = 1 → 1 · `ticket close`/);
  expect(rows).toHaveLength(4);
});

it('shows one of them closely when it is chosen, and all again', async () => {
  open([errorOf(), errorOf({ fingerprint: 'ffffffffffff', message: 'no table' })], {
    failures: [failure(1, { traceId: 'cccccccc'.repeat(4) }), failure(2, { fingerprint: 'eeeeeeeeeeee' })],
  });
  const message = await ask('/errors period:7d');
  const menu = menuOf(message)!;
  expect(menu.options.map(({ label }) => label)).toEqual(['All errors', 'no row 17', 'no table']);
  await discord.owner.select(message, menu.id, ['0123456789ab']).answer();
  const text = textOf(embedOf(message));
  expect(text).toContain('no row 17');
  expect(text).toMatch(/Newest: `cccccccc` <t:\d+:R> `ticket close` `1\.2\.3\+4bf92f3`$/m);
  expect(menuOf(message)?.chosen).toBe('0123456789ab');
  await discord.owner.select(message, menu.id, ['ffffffffffff']).answer();
  expect(textOf(embedOf(message))).toMatch(/Newest: `aaaaaaaa` <t:\d+:R>$/m);
  await discord.owner.select(message, menu.id, ['all']).answer();
  expect(embedOf(message).title).toBe('Errors: last 7 days');
});

it.each([
  [null, '24h', 'none: the statistics do not reach back for the whole period'],
  [null, 'all', 'none: all time has no halves'],
  ['new', '24h', 'new'],
] as const)(
  'does not call a trend what it cannot know, and says why: %s of %s',
  async (halves, period, why) => {
    open([errorOf({ halves })]);
    const message = await ask(`/errors period:${period}`);
    expect(embedOf(message).description).not.toMatch(/[▲▼=]/);
    await discord.owner.select(message, menuOf(message)!.id, ['0123456789ab']).answer();
    expect(textOf(embedOf(message)).split('\n')).toContain(`Trend: ${why}`);
  },
);

it('tells builds apart by their commits where nobody raised the version', async () => {
  const build = (commit: string): Partial<StoredInvocation> => ({ version: '0.1.0', commit });
  open([errorOf(), errorOf({ fingerprint: 'f'.repeat(12) })], {
    failures: [
      failure(1, build('ccccccc')),
      failure(2, build('bbbbbbb')),
      failure(3, build('aaaaaaa')),
      failure(3, { ...build('aaaaaaa'), fingerprint: 'f'.repeat(12) }),
    ],
  });
  const rows = embedOf(await ask()).description!.split('\n');
  expect(rows[0]).toContain(' · 0.1.0+aaaaaaa → +ccccccc · ');
  expect(rows[2]).toContain(' · 0.1.0+aaaaaaa · ');
});

it('says how many more errors there are, and how often they happened', async () => {
  open([errorOf()], { others: { errors: 588, count: 1_600 } });
  expect(embedOf(await ask()).description).toMatch(/\nand 588 more errors \(1,600×\)$/);
});

it('counts among those the ones that there is no room for', async () => {
  const long = Array.from({ length: 24 }, (_, n) =>
    errorOf({ fingerprint: String(n).padStart(12, '0'), message: 'm'.repeat(200), count: 10 }),
  );
  open(long, { others: { errors: 6, count: 60 } });
  const message = await ask();
  const rows = embedOf(message).description!.split('\n');
  const shown = (rows.length - 1) / 2;
  expect(shown).toBeGreaterThan(10);
  expect(rows.at(-1)).toBe(`and ${30 - shown} more errors (${(30 - shown) * 10}×)`);
  expect(menuOf(message)!.options).toHaveLength(25);
});

it('calls an error by its reason where what it said shows as nothing', async () => {
  open([errorOf({ message: '\u3164\u2800 \u200b' })]);
  const message = await ask();
  expect(embedOf(message).description).toContain('\n`exception` first');
  expect(menuOf(message)!.options.map(({ label }) => label)).toEqual(['All errors', 'exception']);
});

describe('after a release', () => {
  const fresh = errorOf({ fingerprint: 'a'.repeat(12), message: 'no table', count: 4 });
  const known = errorOf({ fingerprint: 'b'.repeat(12), message: 'no row' });
  const worse = errorOf({ fingerprint: 'c'.repeat(12), message: 'no answer', count: 2 });
  const changes = changesOf({
    newErrors: [
      errorChange({ fingerprint: fresh.fingerprint, count: 4 }),
      errorChange({ fingerprint: 'd'.repeat(12), lastSeen: ago(50) }),
    ],
    worseErrors: [errorChange({ fingerprint: worse.fingerprint, count: 1_200, countBefore: 30 })],
    runs: { before: 150_000, since: 10_000 },
  });
  const released = (): Promise<ReleaseChanges> => Promise.resolve(changes);

  it('counts the errors that are new and worse, and marks those of the period among them', async () => {
    open([fresh, known, worse], { changes: released });
    const [head, gap, ...rows] = embedOf(await ask()).description!.split('\n');
    expect(head).toMatch(/^Since 1\.4\.0\+abc1234 · <t:\d+:R> · 🆕 2 new · 🔺 1 worse$/);
    expect(gap).toBe('');
    const heads = rows.filter((_, index) => index % 2 === 0).map((row) => row.split(' ·')[0]);
    expect(heads).toEqual(['🆕 **4×** ▲ 1 → 2', '**3×** ▲ 1 → 2', '🔺 **2×** ▲ 1 → 2']);
  });

  it('says of one error since when it is new, or worse than what, and nothing of one that is neither', async () => {
    open([fresh, known, worse], { changes: released });
    const message = await ask();
    const closely = async ({ fingerprint }: PeriodError): Promise<string | undefined> => {
      await discord.owner.select(message, menuOf(message)!.id, [fingerprint]).answer();
      return embedOf(message).fields?.find(({ name }) => name === 'Since 1.4.0+abc1234')?.value;
    };
    expect(await closely(fresh)).toMatch(/^🆕 new: \*\*4×\*\*, first <t:\d+:R>$/);
    expect(await closely(known)).toBeUndefined();
    expect(await closely(worse)).toBe('🔺 **1,200×**, 0.02% → 12% of runs');
  });

  it('says so where it broke nothing, and tells of what it broke where the period has nothing', async () => {
    open([known], { changes: () => Promise.resolve(changesOf()) });
    expect(embedOf(await ask()).description).toMatch(
      /^Since 1\.4\.0\+abc1234 · <t:\d+:R> · nothing new or worse\n\n\*\*3×/,
    );
    open([], { changes: released });
    expect(embedOf(await ask('/errors period:1h')).description).toMatch(
      / · 🆕 2 new · 🔺 1 worse\n\nNothing failed\.$/,
    );
  });

  it('shows the errors without it where it cannot be read', async () => {
    open([known], { changes: () => Promise.reject(new StoreUnavailableError('away')) });
    expect(embedOf(await ask()).description).toMatch(/^\*\*3×/);
  });

  it('tells of a new error that is too rare to be listed, last, and lets it be chosen', async () => {
    const frequent = Array.from({ length: 24 }, (_, n) =>
      errorOf({ fingerprint: String(n).padStart(12, '0'), count: 10 }),
    );
    const rare = errorChange({
      fingerprint: 'e'.repeat(12),
      count: 1,
      message: 'rare',
      firstSeen: ago(1),
      lastSeen: ago(1),
    });
    const told = changesOf({
      newErrors: [rare, { ...rare, fingerprint: 'd'.repeat(12), lastSeen: ago(50) }],
    });
    open(frequent, { changes: () => Promise.resolve(told), others: { errors: 9, count: 20 } });
    const message = await ask();
    const rows = embedOf(message).description!.split('\n');
    expect(rows.at(-3)).toMatch(/^and \d+ more errors \([\d,]+×\); new among them:$/);
    expect(rows.at(-2)).toBe('🆕 **1×** · `ping` · exception · `4bf92f35`');
    expect(rows.at(-1)).toMatch(/^`rare` first <t:\d+:R>/);
    expect(menuOf(message)!.options).toHaveLength(25);
    await discord.owner.select(message, menuOf(message)!.id, ['e'.repeat(12)]).answer();
    expect(textOf(embedOf(message))).toContain('🆕 new: **1×**');
  });

  it('tells of a new error also where it is listed, and others leave it no room', async () => {
    const long = Array.from({ length: 24 }, (_, n) =>
      errorOf({ fingerprint: String(n).padStart(12, '0'), message: 'm'.repeat(200), count: 30 - n }),
    );
    const last = errorChange({ fingerprint: long.at(-1)!.fingerprint });
    open(long, { changes: () => Promise.resolve(changesOf({ newErrors: [last] })) });
    const rows = embedOf(await ask()).description!.split('\n');
    expect(rows.at(-3)).toMatch(/; new among them:$/);
    expect(rows.at(-2)).toMatch(/^🆕 \*\*7×\*\*/);
  });

  it('stays within what Discord takes with as many as there can be', async () => {
    const message = '``` @everyone '.repeat(14);
    const crowd = crowdedChanges('한', ago(1));
    const groups = Array.from({ length: 24 }, (_, n) =>
      errorOf({ fingerprint: String(n).padStart(12, 'f'), message, commands: crowd.newErrors[0]!.commands }),
    );
    const failures = groups.map(({ fingerprint }) =>
      failure(1, { fingerprint, version: '<@1>*'.repeat(40) }),
    );
    open(groups, { failures, changes: () => Promise.resolve(crowd), others: { errors: 999, count: 9_999 } });
    const shown = await ask();
    const { description } = embedOf(shown);
    expect(description).toContain(' · 🆕 10+ new · 🔺 10+ worse\n');
    expect(description!.match(/🆕 \*\*999,999,999×\*\*/g)).toHaveLength(10);
    const { id, options } = menuOf(shown)!;
    expect(options).toHaveLength(25);
    await discord.owner.select(shown, id, [crowd.newErrors[0]!.fingerprint]).answer();
    expect(textOf(embedOf(shown))).toContain('🆕 new: **999,999,999×**');
  });
});

it('stays within what Discord takes, whatever failed', async () => {
  const message = '``` @everyone '.repeat(14);
  const commands = Array.from({ length: 40 }, (_, n) => `${n}${'y'.repeat(90)}`);
  open([errorOf({ commands, message }), errorOf({ fingerprint: '', message, commands })], {
    failures: Array.from({ length: 60 }, () => failure(1, { command: 'y'.repeat(98) })),
  });
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
  open([errorOf()]);
  const message = await ask('/errors', kim);
  expect(message.content).toContain('owner');
  expect(message.embeds).toEqual([]);
});

it('answers in Korean to a Korean owner', async () => {
  open([errorOf()], { failures: [failure(1)] });
  const message = await ask('/errors', discord.owner, 'ko');
  expect(embedOf(message).title).toBe('오류: 지난 24시간');
  await discord.owner.select(message, menuOf(message)!.id, ['0123456789ab'], { locale: 'ko' }).answer();
  expect(embedOf(message).fields?.every(({ name }) => /[가-힣]/.test(name))).toBe(true);
});

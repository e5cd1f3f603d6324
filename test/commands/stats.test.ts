import * as stats from '../../commands/stats';
import type { ReadModels } from '../../src/discord/command';
import { StoreUnavailableError, type StatsQuery } from '../../src/stats/stats';
import {
  changesOf,
  errorChange,
  fakeContext,
  fakeInteraction,
  NOTHING,
  PNG,
  Refusal,
  storedFailure,
  textOf,
  type Reply,
} from './support';

const used = { totals: { ...NOTHING, invocations: 2_000, ok: 2_000, users: 3 } };
const imageOf = (reply: Reply | undefined): string | undefined => reply?.embeds?.[0]?.image?.url;

describe('/stats', () => {
  it('shows the numbers and their chart, to everyone in the channel, and pings nobody', async () => {
    const { interaction, replies } = fakeInteraction();
    await stats.execute(interaction, fakeContext({}, 'en-US', used).context);
    const [reply] = replies;
    expect(textOf(reply!.embeds![0]!)).toContain('Calls: 2,000\n');
    expect(textOf(reply!.embeds![0]!)).toContain('Users: 3');
    expect(reply).toMatchObject({
      allowedMentions: { parse: [] },
      files: [
        {
          name: 'stats.png',
          attachment: Buffer.from(PNG),
          description: 'Chart. Calls per hour, last 24 hours.',
        },
      ],
    });
    expect(imageOf(reply)).toBe('attachment://stats.png');
    expect(reply?.flags).toBeUndefined();
  });

  it('looks back 24 hours unless asked for another period', async () => {
    const { context, queries } = fakeContext();
    await stats.execute(fakeInteraction().interaction, context);
    await stats.execute(fakeInteraction({ options: { period: '7d' } }).interaction, context);
    expect(queries.map(({ period }) => period)).toEqual(['24h', '7d']);
  });

  it('answers Koreans in Korean, the chart too', async () => {
    const drawn: unknown[] = [];
    const draw = (chart: unknown): Promise<Uint8Array> => Promise.resolve(drawn.push(chart)).then(() => PNG);
    const { interaction, replies } = fakeInteraction();
    await stats.execute(interaction, fakeContext({ charts: { draw } }, 'ko').context);
    expect(replies[0]?.embeds?.[0]?.title).toBe('명령어 통계: 지난 24시간');
    expect(drawn).toEqual([expect.objectContaining({ locale: 'ko', title: '1시간당 호출' })]);
  });

  it('offers what begins with the typed letters first, then what contains them, at most 25', async () => {
    const names = ['about', 'set role', 'Role add', 'role remove', 'x'.repeat(101)];
    const complete = async (focused: string, commandNames: readonly string[]): Promise<string[]> => {
      const { context } = fakeContext();
      const { autocompletion, choices } = fakeInteraction({ focused });
      await stats.autocomplete(autocompletion, {
        ...context,
        stats: { ...context.stats, commandNames: () => commandNames },
      });
      return choices.map(({ value }) => value);
    };
    const many = Array.from({ length: 40 }, (_, i) => `c${i}`);
    expect(await complete(' ROLE', names)).toEqual(['Role add', 'role remove', 'set role']);
    expect(await complete('', names)).toEqual(names.slice(0, 4));
    expect(await complete('zzz', names)).toEqual([]);
    expect(await complete('c', many)).toHaveLength(25);
  });
});

describe('whose numbers are shown', () => {
  const scopeOf = async (changes: object, guildId: string | null, scope?: string): Promise<unknown> => {
    const { context, queries } = fakeContext(changes);
    const { interaction, replies } = fakeInteraction({ guildId, options: scope ? { scope } : {} });
    await stats.execute(interaction, context);
    return [queries[0]?.guildId, replies[0]?.embeds?.[0]?.footer?.text];
  };

  it('members see their own server, owners all of them, and so does everyone with public statistics', async () => {
    expect(await scopeOf({}, 'guild-1')).toEqual(['guild-1', 'This server, since']);
    expect(await scopeOf({ isOwner: true }, 'guild-1')).toEqual([undefined, 'All servers, since']);
    expect(await scopeOf({ statsPublic: true }, null)).toEqual([undefined, 'All servers, since']);
  });

  it('an owner can ask for the numbers of one server', async () => {
    expect(await scopeOf({ isOwner: true }, 'guild-1', 'server')).toEqual(['guild-1', 'This server, since']);
  });

  it('a member who asks for all servers is refused, and nothing is read', async () => {
    const { context, queries } = fakeContext();
    const { interaction } = fakeInteraction({ options: { scope: 'everywhere' } });
    await expect(stats.execute(interaction, context)).rejects.toThrow(/for the owner of the bot only/);
    expect(queries).toEqual([]);
  });

  it.each([{}, { scope: 'server' }])(
    'no server is no answer: in direct messages, asked %j',
    async (options) => {
      const { context, queries } = fakeContext('scope' in options ? { isOwner: true } : {});
      const run = stats.execute(fakeInteraction({ guildId: null, options }).interaction, context);
      await expect(run).rejects.toThrow(
        new Refusal('The statistics are those of a server: use `/stats` in a channel of one.'),
      );
      expect(queries).toEqual([]);
    },
  );
});

describe('/stats of one command', () => {
  it('shows it in detail, or all below a bare name', async () => {
    for (const command of ['ticket close', 'ticket']) {
      const { context, queries } = fakeContext({}, 'en-US', used);
      const { interaction, replies } = fakeInteraction({ options: { command: ` ${command} ` } });
      await stats.execute(interaction, context);
      expect(queries[0]?.command).toBe(command);
      expect(replies[0]?.embeds?.[0]?.title).toBe(`/${command}: last 24 hours`);
    }
  });

  it('shows the newest failures of this server, within the period, key presses apart', async () => {
    const asked: unknown[] = [];
    const old = storedFailure({ at: '2020-01-01T00:00:00.000Z', traceId: 'a'.repeat(32) });
    const typing = storedFailure({ kind: 'autocomplete', traceId: 'b'.repeat(32) });
    const { context } = fakeContext({}, 'en-US', used);
    const { interaction, replies } = fakeInteraction({ options: { command: 'ping' } });
    await stats.execute(interaction, {
      ...context,
      stats: {
        ...context.stats,
        invocations: (query) => {
          asked.push(query);
          return Promise.resolve([typing, storedFailure(), old]);
        },
      },
    });
    expect(asked).toEqual([
      expect.objectContaining({ command: 'ping', outcome: 'failed', guildId: 'guild-1' }),
    ]);
    const text = textOf(replies[0]!.embeds![0]!);
    expect(text).toContain('Newest failures: exception `4bf92f35`');
    expect(text).not.toMatch(/aaaaaaaa|bbbbbbbb/);
  });

  it('says what to do about a command that it does not know', async () => {
    const run = stats.execute(
      fakeInteraction({ options: { command: 'tick`et' } }).interaction,
      fakeContext().context,
    );
    await expect(run).rejects.toThrow('I have no command `tickˋet`. Pick one from the list');
  });
});

describe('/stats after a release', () => {
  it('shows what it broke in the same scope and command as the numbers', async () => {
    const asked: unknown[] = [];
    const changes: ReadModels['stats']['changes'] = (query) => {
      asked.push(query);
      return Promise.resolve(changesOf({ newErrors: [errorChange()] }));
    };
    for (const [isOwner, options] of [[false, { command: 'ping' }] as const, [true, {}] as const]) {
      const { context } = fakeContext({ isOwner }, 'en-US', used);
      const { interaction, replies } = fakeInteraction({ options });
      await stats.execute(interaction, { ...context, stats: { ...context.stats, changes } });
      expect(textOf(replies[0]!.embeds![0]!)).toMatch(
        /Since 1\.4\.0\+abc1234: <t:\d+:R>\n🆕 \*\*12×\*\* exception/,
      );
    }
    expect(asked).toEqual([{ command: 'ping', guildId: 'guild-1' }, {}]);
  });
});

describe('/stats when something is away', () => {
  const never = new Promise<never>(() => undefined);
  const lost = (): Promise<never> => Promise.reject(new StoreUnavailableError('no such host db.internal'));

  it('the numbers: says so in a sentence, which tells nothing of the database', async () => {
    const { context } = fakeContext();
    const broken = { ...context, stats: { ...context.stats, summary: lost, timeline: lost, changes: lost } };
    await expect(stats.execute(fakeInteraction().interaction, broken)).rejects.toThrow(
      new Refusal('The numbers cannot be read right now. Try again in a minute.'),
    );
  });

  it.each<[string, (query: StatsQuery) => Promise<never>]>([
    ['cannot be drawn', () => Promise.reject(new Error('no font'))],
    ['has no numbers', lost],
    ['takes longer than anybody waits', () => never],
  ])('the chart that %s: the numbers come without it, well within 3 s', async (_, timeline) => {
    const { context } = fakeContext({}, 'en-US', used);
    const { interaction, replies } = fakeInteraction();
    const start = performance.now();
    await stats.execute(interaction, { ...context, stats: { ...context.stats, timeline } });
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(textOf(replies[0]!.embeds![0]!)).toContain('Calls: 2,000');
    expect([replies[0]?.files, imageOf(replies[0])]).toEqual([[], undefined]);
  });

  it.each<[string, () => Promise<never>, number]>([
    ['cannot be read', lost, 0],
    ['is asked wrongly', () => Promise.reject(new Error('no such column')), 1],
    ['takes longer than anybody waits', () => never, 0],
  ])('what is new that %s: the numbers come without it, well within 3 s', async (_, changes, warnings) => {
    const warn = jest.fn();
    const { context } = fakeContext({}, 'en-US', used);
    const { interaction, replies } = fakeInteraction();
    const start = performance.now();
    const broken = { ...context, stats: { ...context.stats, changes }, log: { ...context.log, warn } };
    await stats.execute(interaction, broken);
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(textOf(replies[0]!.embeds![0]!)).toMatch(/Calls: 2,000(?![^]*Since)/);
    expect(replies[0]?.files).toHaveLength(1);
    expect(warn).toHaveBeenCalledTimes(warnings);
  });

  it('every call: no picture of nothing is sent', async () => {
    const { context } = fakeContext({
      charts: { draw: () => Promise.reject(new Error('there is nothing to draw')) },
    });
    const points = [{ start: 0, ok: 0, refused: 0, failed: 0 }];
    const { interaction, replies } = fakeInteraction();
    await stats.execute(interaction, {
      ...context,
      stats: { ...context.stats, timeline: () => Promise.resolve({ stepMs: 60_000, points }) },
    });
    expect(replies[0]?.files).toEqual([]);
  });
});

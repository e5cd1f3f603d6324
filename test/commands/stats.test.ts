import * as stats from '../../commands/stats';
import { memoryStats, settled } from '../stats/support';
import { fakeContext, fakeInteraction, NOTHING, Refusal, textOf } from './support';

describe('/stats', () => {
  it('shows the numbers of the store, to everyone in the channel, and pings nobody', async () => {
    const { stats: store } = memoryStats();
    for (let i = 0; i < 2_000; i += 1) store.record(settled({ userId: `user-${i % 3}` }));
    const { interaction, replies } = fakeInteraction();
    await stats.execute(interaction, fakeContext({ stats: store }).context);
    const embed = replies[0]!.embeds![0]!;
    expect(textOf(embed)).toContain('Calls: 2,000\n');
    expect(textOf(embed)).toContain('Users: 3');
    expect(replies[0]).toMatchObject({ allowedMentions: { parse: [] } });
    expect(replies[0]?.flags).toBeUndefined();
  });

  it('looks back 24 hours unless asked for another period', async () => {
    const { context, queries } = fakeContext();
    await stats.execute(fakeInteraction().interaction, context);
    await stats.execute(fakeInteraction({ options: { period: '7d' } }).interaction, context);
    expect(queries.map(({ period }) => period)).toEqual(['24h', '7d']);
  });

  it('shows members their own server only, owners and everyone with public statistics all of them', async () => {
    const scopeOf = async (changes: object, guildId: string | null): Promise<unknown> => {
      const { context, queries } = fakeContext(changes);
      const { interaction, replies } = fakeInteraction({ guildId });
      await stats.execute(interaction, context);
      return [queries[0]?.guildId, replies[0]?.embeds?.[0]?.footer?.text];
    };
    expect(await scopeOf({}, 'guild-1')).toEqual(['guild-1', 'This server, since']);
    expect(await scopeOf({ isOwner: true }, 'guild-1')).toEqual([undefined, 'All servers, since']);
    expect(await scopeOf({ statsPublic: true }, null)).toEqual([undefined, 'All servers, since']);
  });

  it('shows no numbers of other people in a direct message', async () => {
    const { context, queries } = fakeContext();
    const run = stats.execute(fakeInteraction({ guildId: null }).interaction, context);
    await expect(run).rejects.toThrow(
      new Refusal('The statistics are those of a server: use `/stats` in a channel of one.'),
    );
    expect(queries).toEqual([]);
  });

  it('shows one command in detail, or all below a bare name', async () => {
    for (const command of ['ticket close', 'ticket']) {
      const { context, queries } = fakeContext({}, 'en-US', {
        totals: { ...NOTHING, invocations: 1, ok: 1 },
      });
      const { interaction, replies } = fakeInteraction({ options: { command } });
      await stats.execute(interaction, context);
      expect(queries[0]?.command).toBe(command);
      expect(replies[0]?.embeds?.[0]?.title).toBe(`/${command}: last 24 hours`);
    }
  });

  it('says what to do about a command that it does not know', async () => {
    const run = stats.execute(
      fakeInteraction({ options: { command: 'tick`et' } }).interaction,
      fakeContext().context,
    );
    await expect(run).rejects.toThrow('I have no command `tickˋet`. Pick one from the list');
  });

  it('answers Koreans in Korean', async () => {
    const { interaction, replies } = fakeInteraction();
    await stats.execute(interaction, fakeContext({}, 'ko').context);
    expect(replies[0]?.embeds?.[0]?.title).toBe('명령어 통계: 지난 24시간');
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
    expect(await complete(' ROLE', names)).toEqual(['Role add', 'role remove', 'set role']);
    expect(await complete('', names)).toEqual(names.slice(0, 4));
    expect(await complete('zzz', names)).toEqual([]);
    expect(
      await complete(
        'c',
        Array.from({ length: 40 }, (_, i) => `c${i}`),
      ),
    ).toHaveLength(25);
  });
});

import path from 'node:path';
import type { SimulatedMessage, SimulatedUser, Simulator } from '../simulator';
import { createStage, fixtures, ownCommands, type RunningBot } from './support/bot';

/** What a release broke, as the owner of the bot sees it: three releases in turn, over one database. */

const A = 'a'.repeat(40);
const B = 'b'.repeat(40);
const stage = createStage();
let discord: Simulator;
let kim: SimulatedUser;
let url: string;
/** How often `/shop` has been used, in all releases. */
let used = 0;

beforeAll(async () => {
  discord = await stage.discord({ owner: 'boss' });
  kim = discord.user('kim');
  url = `file:${path.join(await stage.directory(), 'telltale.db')}`;
});
afterAll(() => stage.clear());

/** Runs that release until it has done that, and everything it counted is written. */
async function release<Result>(commit: string, use: (bot: RunningBot) => Promise<Result>): Promise<Result> {
  const bot = await stage.bot(discord, {
    COMMANDS_DIRECTORY: [ownCommands, fixtures('releases')].join(path.delimiter),
    DATABASE_URL: url,
    GIT_COMMIT: commit,
  });
  await discord.registered(['stats', 'errors', 'shop']);
  await bot.printed(/Logged in/);
  const result = await use(bot);
  bot.kill('SIGTERM');
  await bot.ended;
  return result;
}

/** Gives the reference that the user was shown last. */
async function type(bot: RunningBot, ...lines: readonly string[]): Promise<string> {
  let told = '';
  for (const line of lines) told = (await kim.type(line).message()).content;
  used += lines.length;
  const counted = async (): Promise<unknown> => (await bot.get('/api/stats?period=all&command=shop')).body;
  // They settle once Discord has taken the answer, which the user sees a moment before.
  while (!JSON.stringify(await counted()).includes(`"totals":{"invocations":${used},`));
  return /`([0-9a-f]{8})`/.exec(told)?.[1] ?? 'none';
}

const times = (count: number, line: string): string[] => Array<string>(count).fill(line);

/**
 * The field of /stats, its name first, line by line; nothing without it. To ask is a run as well, so the share of runs that
 * meet an error falls a little each time: it is left out.
 */
async function changes(line: string, user = discord.owner): Promise<readonly string[]> {
  const { embeds } = await user.type(line).message();
  const field = embeds[0]?.fields?.find(({ name }) => name.startsWith('Since '));
  return field === undefined
    ? []
    : [field.name, ...field.value.split('\n').map((text) => text.replace(/ → \d+% of runs$/, ' → more'))];
}

const descriptionOf = ({ embeds }: SimulatedMessage): string => embeds[0]?.description ?? '';

it('says what is new and worse since a release: not before it, after a restart as well, and not going back', async () => {
  await release(A, async (bot) => {
    // Two slow ones, so that no later run is slower than the p95 by chance.
    await type(bot, ...times(2, '/shop buy ms:400'), ...times(18, '/shop buy'));
    await type(bot, '/shop sell fails:till');
    expect(await changes('/stats')).toEqual([]);
  });

  const seen = await release(B, async (bot) => {
    const worse = await type(bot, '/shop buy', ...times(30, '/shop buy fails:till'));
    const fresh = await type(bot, ...times(2, '/shop sell fails:shelf'));
    const everywhere = await changes('/stats');
    expect(everywhere).toEqual([
      expect.stringMatching(/^Since \d+\.\d+\.\d+\+bbbbbbb$/),
      expect.stringMatching(/^<t:\d+:R>$/),
      `🆕 **2×** exception · \`shop sell\` · \`${fresh}\``,
      '▲ `shop buy` error rate 0% → 96.77%',
      expect.stringMatching(new RegExp(`^▲ \\*\\*30×\\*\\* exception · .*\`${worse}\` · [\\d.]+% → more$`)),
    ]);
    expect(await changes('/stats', kim)).toEqual(everywhere);
    expect(await changes('/stats period:1h command:"shop buy"')).toContain('▲ error rate 0% → 96.77%');

    const errors = descriptionOf(await discord.owner.type('/errors').message());
    expect(errors).toMatch(
      /^Since \S+\+bbbbbbb · <t:\d+:R> · 🆕 1 new · 🔺 1 worse\n\n🔺 \*\*31×\*\*.*\n`There is no change left`.*\n🆕 \*\*2×\*\*.*\n`Everything was sold`/,
    );
    return { everywhere, errors };
  });

  await release(B, async () => {
    expect(await changes('/stats')).toEqual(seen.everywhere);
    const errors = descriptionOf(await discord.owner.type('/errors').message());
    expect(errors.split('\n')[0]).toBe(seen.errors.split('\n')[0]);
  });

  await release(A, async (bot) => {
    await type(bot, '/shop buy', '/shop sell fails:till', '/shop sell fails:shelf');
    expect(await changes('/stats')).toEqual([
      expect.stringMatching(/\+aaaaaaa$/),
      expect.stringMatching(/^<t:\d+:R> · nothing new or worse$/),
    ]);
    const errors = descriptionOf(await discord.owner.type('/errors').message());
    expect(errors).toMatch(/ · nothing new or worse\n\n\*\*32×\*\*.*\n.*\n\*\*3×\*\*/);
  });
}, 60_000);

import type { Exchange, Simulator } from '../simulator';
import { createStage, fixtures, type RunningBot } from './support/bot';

/** Nothing that users make up, nor any id, becomes a series: not for a scraper that runs for years. */

const stage = createStage();
let discord: Simulator;
let bot: RunningBot;

/** Stands in all that is fed in; ids are known by their length. */
const MARK = 'needle';
const GUILDS = Array.from({ length: 20 }, (_, i) => ({ name: `${MARK}-guild-${i}` }));
let users = 0;
const somebody = () => discord.user(`${MARK}-user-${(users += 1)}`);
const guild = () => GUILDS[users % GUILDS.length]?.name ?? '';

beforeAll(async () => {
  discord = await stage.discord({ guilds: GUILDS });
  bot = await stage.bot(discord, { COMMANDS_DIRECTORY: fixtures('cardinality') });
  await discord.registered(['panel']);
});
afterAll(() => stage.clear());

const answered = (exchanges: readonly Exchange[]) => Promise.all(exchanges.map((one) => one.answer()));

/** Uses so many commands that nobody knows, each by another user with another option. */
async function useUnknown(count: number, round: number): Promise<void> {
  const exchanges = Array.from({ length: count }, (_, i) => {
    const option = { type: 3, name: `${MARK}-option-${i}`, value: `${MARK}-value-${round}-${i}` };
    return somebody().invoke({ name: `${MARK}-${round}-${i}`, options: [option] }, { guild: guild() });
  });
  await answered(exchanges);
}

/** Presses 25 buttons of custom ids that nobody handles. */
async function pressUnknown(round: number): Promise<void> {
  const place = { guild: guild() };
  const message = await somebody().type(`/panel prefix:${MARK}-${round}`, place).message();
  const rows = [0, 1, 2, 3, 4].flatMap((r) => [0, 1, 2, 3, 4].map((c) => `${MARK}-${round}-${r}${c}`));
  await answered(rows.map((customId) => somebody().press(message, customId, place)));
}

it('3,000 unknown names, 3,000 custom ids and 6,000 users add fewer than 50 series, and leave no trace in a label', async () => {
  const before = await bot.metrics();
  for (let round = 1; round <= 30; round += 1) await useUnknown(100, round);
  for (let round = 1; round <= 120; round += 20) {
    await Promise.all(Array.from({ length: 20 }, (_, i) => pressUnknown(round + i)));
  }
  const after = await bot.metrics();

  const refused = { command: '_other', reason: 'unknown_command' };
  expect(after.sum('discord_command_refusals_total', refused)).toBeGreaterThanOrEqual(3000);
  expect(after.samples.length - before.samples.length).toBeLessThan(50);
  const values = after.samples.flatMap(({ labels }) => Object.values(labels));
  expect(values.filter((value) => value.includes(MARK) || /\d{15}/.test(value))).toEqual([]);
  expect(after.sum('telemetry_series')).toBe(
    after.samples.filter(({ name }) => !/^(process|nodejs)_(?!heap_size_limit)|^telemetry_series$/.test(name))
      .length,
  );
});

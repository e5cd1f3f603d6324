import path from 'node:path';
import type { Exchange } from '../simulator';
import { createStage, fixtures, ownCommands } from './support/bot';

/** The numbers that a user reads in four places are the same number. */

const stage = createStage();
afterEach(() => stage.clear());

const COMMANDS = 1000;
const LINES = [
  '/ok',
  '/ok',
  '/sync-throw',
  '/async-throw',
  '/throw-undefined',
  '/reply-then-throw',
  '/slow ms:5',
  '/cooldown',
  '/refuse',
  '/ticket close id:t-1',
] as const;
const USERS = 40;
/** As many are under way at once. */
const LANES = 25;

interface Tally {
  ok: number;
  refused: number;
  failed: number;
}
type Tallies = Readonly<Record<string, Tally>>;

const commandIn = (line: string): string => line.slice(1).replace(/ \w+:.*/, '');

/** What must come of it: counted from what was typed alone. */
function expectedTallies(typed: readonly { line: string; user: string }[]): Tallies {
  const tallies: Record<string, Tally> = {};
  const onCooldown = new Set<string>();
  for (const { line, user } of typed) {
    const command = commandIn(line);
    const tally = (tallies[command] ??= { ok: 0, refused: 0, failed: 0 });
    if (command === 'refuse' || (command === 'cooldown' && onCooldown.has(user))) tally.refused += 1;
    else if (command.includes('throw')) tally.failed += 1;
    else tally.ok += 1;
    if (command === 'cooldown') onCooldown.add(user);
  }
  return tallies;
}

it('1,000 commands of mixed endings are the same in /metrics, /api/stats, /stats and the log files', async () => {
  const discord = await stage.discord({ owner: 'boss' });
  const bot = await stage.bot(discord, {
    COMMANDS_DIRECTORY: [fixtures('endings'), ownCommands].join(path.delimiter),
  });
  await discord.registered(['ok', 'stats']);

  const typed = Array.from({ length: COMMANDS }, (_, i) => ({
    line: LINES[i % LINES.length] ?? '/ok',
    user: `user ${Math.floor(i / LINES.length) % USERS}`,
  }));
  const queue = [...typed];
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      await discord.user(next.user).type(next.line).message();
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  const expected = expectedTallies(typed);
  await drained();

  const stats = discord.user('boss').type('/stats period:all');
  const embed = (await stats.message()).embeds[0];
  const perCommand = await Promise.all(Object.keys(expected).map(statsOf));
  const api = await bot.get('/api/stats?period=all');
  const metrics = await bot.metrics();
  bot.kill('SIGTERM');
  expect(await bot.ended).toEqual({ code: 0, signal: null });

  expect(fromLogs(await bot.logLines())).toEqual(expected);
  expect(fromMetrics()).toEqual(expected);
  expect(fromApi()).toEqual(expected);
  expect(Object.fromEntries(perCommand)).toEqual(expected);
  expect(fieldsOf(embed)).toMatchObject({ calls: COMMANDS, ...total(expected) });

  /** Users see an answer a moment before it is counted. */
  async function drained(): Promise<void> {
    while ((await bot.metrics()).value('discord_commands_in_flight', { kind: 'chat_input' }) !== 0);
  }

  async function statsOf(command: string): Promise<[string, Tally]> {
    const exchange: Exchange = discord.user('boss').type(`/stats period:all command:"${command}"`);
    const { ok, refused, failed } = fieldsOf((await exchange.message()).embeds[0]);
    return [command, { ok, refused, failed }];
  }

  function fromMetrics(): Tallies {
    return Object.fromEntries(
      Object.keys(expected).map((command) => {
        const of = (outcome: string): number =>
          metrics.value('discord_command_invocations_total', { command, kind: 'chat_input', outcome }) ?? NaN;
        expect(metrics.sum('discord_command_errors_total', { command })).toBe(of('failed'));
        expect(metrics.sum('discord_command_refusals_total', { command })).toBe(of('refused'));
        expect(metrics.sum('discord_command_duration_seconds_count', { command })).toBe(
          of('ok') + of('refused') + of('failed'),
        );
        return [command, { ok: of('ok'), refused: of('refused'), failed: of('failed') }];
      }),
    );
  }

  function fromApi(): Tallies {
    const { commands } = api.body as { commands: (Tally & { command: string })[] };
    return Object.fromEntries(
      commands
        .filter(({ command }) => command in expected)
        .map(({ command, ok, refused, failed }) => [command, { ok, refused, failed }]),
    );
  }
}, 60_000);

function fromLogs(lines: readonly Readonly<Record<string, unknown>>[]): Tallies {
  const tallies: Record<string, Tally> = {};
  for (const line of lines) {
    if (line.event !== 'command_settled' || line.command === 'stats') continue;
    const tally = (tallies[String(line.command)] ??= { ok: 0, refused: 0, failed: 0 });
    tally[line.outcome as keyof Tally] += 1;
  }
  return tallies;
}

function total(tallies: Tallies): Tally {
  const sum = (key: keyof Tally): number =>
    Object.values(tallies).reduce((all, tally) => all + tally[key], 0);
  return { ok: sum('ok'), refused: sum('refused'), failed: sum('failed') };
}

/** The figures of an embed of `/stats`, as a person reads them. */
function fieldsOf(embed: { fields?: { name: string; value: string }[] } | undefined) {
  const figure = (name: string): number => {
    const value = embed?.fields?.find((field) => field.name === name)?.value ?? '';
    return Number(/^[\d,]+/.exec(value)?.[0].replaceAll(',', ''));
  };
  return { calls: figure('Calls'), ok: figure('OK'), refused: figure('Refused'), failed: figure('Failed') };
}

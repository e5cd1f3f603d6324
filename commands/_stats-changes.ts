import type { APIEmbedField } from 'discord.js';
import { formatNumber, formatPercentage, type Messages } from '../src/discord/messages';
import type { ErrorChange, ReleaseChanges, WorseCommand } from '../src/stats/stats';
import { countOf, NEW, shareOf, sinceRelease } from './_release-changes';
import { ago, milliseconds, reasonName } from './_stats-parts';
import { clip, code } from './_text';

/** What is new or worse, as one field of /stats. The lengths below keep it within Discord's 1024 characters. */

const LINES = 5;
const COMMANDS_SHOWN = 2;
const NAME_LENGTH = 40;
const REASON_LENGTH = 30;
const WORSE = '▲';

/**
 * The first of each list, without what the errors said: everyone in the channel reads along. No field where there is
 * nothing to compare.
 *
 * @param asked the one command that is shown, whose name is not repeated; null: all of them.
 */
export function changesField(
  changes: ReleaseChanges | null,
  asked: string | null,
  text: Messages['stats'],
): APIEmbedField[] {
  if (changes === null) return [];
  const { newErrors, worseCommands, worseErrors } = changes;
  const lists = [
    newErrors.map((error) => `${NEW} ${errorLine(error, asked, text)}`),
    worseCommands.map((command) => `${WORSE} ${commandLine(command, asked, text)}`),
    worseErrors.map(
      (error) => `${WORSE} ${errorLine(error, asked, text)} · ${shareOf(error, changes, text)}`,
    ),
  ];
  const shown = inTurn(lists);
  const hidden = lists.flat().length - shown.length;
  const head = [ago(changes.startedAt), ...(shown.length === 0 ? [text.changes.nothing] : [])].join(' · ');
  const rest = hidden === 0 ? [] : [text.changes.more(countOf(hidden, ...lists))];
  return [{ name: sinceRelease(changes, text), value: [head, ...shown, ...rest].join('\n') }];
}

/** The first of each list, then the second of each, and so on, so that many of one kind hide none of another. */
function inTurn(lists: readonly (readonly string[])[]): string[] {
  return lists
    .flatMap((lines, list) => lines.map((line, place) => ({ line, place, list })))
    .toSorted((a, b) => a.place - b.place)
    .slice(0, LINES)
    .toSorted((a, b) => a.list - b.list)
    .map(({ line }) => line);
}

function errorLine(error: ErrorChange, asked: string | null, text: Messages['stats']): string {
  const { count, reason, commands, reference } = error;
  const names = commands.slice(0, COMMANDS_SHOWN).map((command) => code(command, NAME_LENGTH));
  const others = commands.length - names.length;
  const where = others === 0 ? names : [...names, `+${formatNumber(others)}`];
  return [
    `**${formatNumber(count)}×** ${clip(reasonName(reason, text), REASON_LENGTH)}`,
    ...(commands.every((command) => command === asked) ? [] : [where.join(' ')]),
    code(reference, 10),
  ].join(' · ');
}

function commandLine(
  { command, kind, worse, before, since }: WorseCommand,
  asked: string | null,
  text: Messages['stats'],
): string {
  const [name, format] =
    worse === 'p95_ms' ? ['p95', milliseconds] : [text.changes.errorRate, formatPercentage];
  return [
    ...(command === asked ? [] : [code(command, NAME_LENGTH)]),
    ...(kind === 'chat_input' ? [] : [`(${kind})`]),
    `${name} ${format(before)} → ${format(since)}`,
  ].join(' ');
}

import type { APIEmbed } from 'discord.js';
import { formatNumber, type Messages } from '../src/discord/messages';
import type { Period } from '../src/stats/stats';
import type { ErrorGroup, Halves } from './_error-groups';
import { ago, COLOURS, inline, listField, reasonName } from './_stats-parts';
import { clip, clipLines, code, escapeMarkdown, plain } from './_text';

const DESCRIPTION_LENGTH = 4000;
const FIELD_LENGTH = 1024;
const COMMANDS_SHOWN = 5;
const NEWEST_SHOWN = 10;
const REFERENCE_LENGTH = 8;

/** Every group on two lines. */
export function errorsEmbed(groups: readonly ErrorGroup[], period: Period, messages: Messages): APIEmbed {
  const { errors: text, stats } = messages;
  const lines = groups.map((group) => groupLines(group, messages));
  return {
    title: text.title(stats.periods[period]),
    description: lines.length === 0 ? text.none : clipLines(lines, DESCRIPTION_LENGTH, stats.more),
    color: lines.length === 0 ? COLOURS.ok : COLOURS.fail,
    ...(lines.length === 0 ? {} : { footer: { text: text.hint } }),
  };
}

/** One group, with the newest of it. */
export function errorEmbed(group: ErrorGroup, period: Period, messages: Messages): APIEmbed {
  const { errors: text, stats } = messages;
  const newest = group.newest.slice(0, NEWEST_SHOWN).map(({ traceId, at, command, version, commit }) => {
    const reference = code(traceId.slice(0, REFERENCE_LENGTH));
    return `${reference} ${ago(at)} ${code(command, 40)} ${code(`${version}+${commit}`, 40)}`;
  });
  return {
    title: clip(`${reasonName(group.reason, stats)} · ${stats.periods[period]}`, 256),
    description: code(group.message, 300),
    color: COLOURS.fail,
    fields: [
      inline(text.count, formatNumber(group.count)),
      inline(text.firstSeen, ago(group.firstSeen)),
      inline(text.lastSeen, ago(group.lastSeen)),
      inline(text.trend, group.halves === null ? text.noTrend : trend(group.halves)),
      inline(text.versions, versionsOf(group) ?? '–'),
      {
        name: text.commands,
        value: clipLines(
          group.commands.map((command) => code(command)),
          FIELD_LENGTH,
          stats.more,
        ),
      },
      ...listField(text.newest, newest, stats),
    ],
    footer: { text: [group.fingerprint, text.traceHint].filter((part) => part !== '').join(' · ') },
  };
}

function groupLines(group: ErrorGroup, { stats, errors: text }: Messages): string {
  const { count, halves, commands, reason, message, firstSeen, lastSeen, reference } = group;
  const names = commands.slice(0, COMMANDS_SHOWN).map((command) => code(command, 40));
  const versions = versionsOf(group);
  const head = [
    `**${formatNumber(count)}×**${halves === null ? '' : ` ${trend(halves)}`}`,
    names.join(' '),
    reasonName(reason, stats),
    ...(versions === null ? [] : [versions]),
    code(reference),
  ];
  return `${head.join(' · ')}\n${code(message, 120)} ${text.seen(ago(firstSeen), ago(lastSeen))}`;
}

/** The earlier half of the period and the later. */
function trend({ earlier, later }: Halves): string {
  const arrow = later > earlier ? '▲' : '▼';
  return `${later === earlier ? '=' : arrow} ${formatNumber(earlier)} → ${formatNumber(later)}`;
}

/** From the oldest that is kept to the newest; null where none is. */
function versionsOf({ newest }: ErrorGroup): string | null {
  const versions = [...new Set(newest.map(({ version }) => escapeMarkdown(plain(version))))].reverse();
  const [oldest, ...others] = versions;
  if (oldest === undefined) return null;
  return others.length === 0 ? oldest : `${oldest} → ${others.at(-1) ?? ''}`;
}

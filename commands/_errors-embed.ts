import type { APIEmbed } from 'discord.js';
import { formatNumber, type Messages } from '../src/discord/messages';
import type { Period, PeriodError, ReleaseChanges } from '../src/stats/stats';
import { changeField, changesLine, markOf } from './_error-changes';
import type { ShownError, ShownErrors } from './_error-groups';
import { NEW } from './_release-changes';
import { ago, COLOURS, inline, listField, reasonName } from './_stats-parts';
import { clip, clipLines, code, escapeMarkdown, isBlank, plain } from './_text';

const DESCRIPTION_LENGTH = 4000;
const FIELD_LENGTH = 1024;
const NEWEST_SHOWN = 10;
const REFERENCE_LENGTH = 8;
const REASON_LENGTH = 40;

/** How much of an error is shown in the list. */
interface Room {
  readonly commands: number;
  readonly message: number;
}
const LISTED: Room = { commands: 5, message: 120 };
/** Ten of these leave room for the most frequent ones. */
const RARE: Room = { commands: 2, message: 60 };

/** Every error on two lines, below what is new or worse since the running version took over. */
export function errorsEmbed(
  { errors, changes }: { readonly errors: ShownErrors; readonly changes: ReleaseChanges | null },
  period: Period,
  messages: Messages,
): APIEmbed {
  const { errors: text, stats } = messages;
  const isEmpty = errors.listed.length === 0;
  const head = changes === null ? '' : `${changesLine(changes, stats)}\n\n`;
  const list = errorsList({ errors, changes }, DESCRIPTION_LENGTH - head.length, messages);
  return {
    title: text.title(stats.periods[period]),
    description: head + (isEmpty ? text.none : list),
    color: isEmpty ? COLOURS.ok : COLOURS.fail,
    ...(isEmpty ? {} : { footer: { text: text.hint } }),
  };
}

/**
 * As many of the most frequent as there is room for, how many more there are, and the new ones among those: a new error
 * is told of however rare it is.
 */
function errorsList(
  { errors, changes }: { readonly errors: ShownErrors; readonly changes: ReleaseChanges | null },
  length: number,
  messages: Messages,
): string {
  const { listed, rareNew, others } = errors;
  const lines = (error: ShownError, room: Room): string =>
    errorLines(error, markOf(changes, error.fingerprint), room, messages);
  const isNew = ({ fingerprint }: ShownError): boolean => markOf(changes, fingerprint) === NEW;
  const all = listed.map((error) => lines(error, LISTED));
  const upTo = (shown: number): string[] => {
    const hidden = listed.slice(shown);
    const more = others.errors + hidden.length;
    const count = hidden.reduce((sum, error) => sum + error.count, others.count);
    const rare = [...hidden.filter(isNew), ...rareNew];
    return [
      ...all.slice(0, shown),
      ...(more === 0 ? [] : [messages.errors.more(more, count, rare.length > 0)]),
      ...rare.map((error) => lines(error, RARE)),
    ];
  };
  let shown = listed.length;
  while (shown > 0 && upTo(shown).join('\n').length > length) shown -= 1;
  return clipLines(upTo(shown), length, messages.stats.more);
}

/** One error, with the newest of it. */
export function errorEmbed(
  { error, changes }: { readonly error: ShownError; readonly changes: ReleaseChanges | null },
  period: Period,
  messages: Messages,
): APIEmbed {
  const { errors: text, stats } = messages;
  return {
    title: clip(`${reasonName(error.reason, stats)} · ${stats.periods[period]}`, 256),
    description: code(saidBy(error, stats), 300),
    color: COLOURS.fail,
    fields: [
      inline(text.count, formatNumber(error.count)),
      inline(text.firstSeen, ago(error.firstSeen)),
      inline(text.lastSeen, ago(error.lastSeen)),
      inline(text.trend, trendOf(error, period, text)),
      inline(text.versions, versionsOf(error) ?? '–'),
      ...changeField(changes, error.fingerprint, stats),
      {
        name: text.commands,
        value: clipLines(
          error.commands.map((command) => code(command)),
          FIELD_LENGTH,
          stats.more,
        ),
      },
      ...listField(text.newest, newestLines(error), stats),
    ],
    footer: { text: [error.fingerprint, text.traceHint].filter((part) => part !== '').join(' · ') },
  };
}

/** What an error said; the reason where that would show as nothing. */
export function saidBy({ message, reason }: PeriodError, stats: Messages['stats']): string {
  return isBlank(message) ? reasonName(reason, stats) : message;
}

/** The newest one alone where its run is not at hand. */
function newestLines({ newest, reference, lastSeen }: ShownError): string[] {
  if (newest.length === 0) return [`${code(reference)} ${ago(lastSeen)}`];
  return newest.slice(0, NEWEST_SHOWN).map(({ traceId, at, command, version, commit }) => {
    const own = code(traceId.slice(0, REFERENCE_LENGTH));
    return `${own} ${ago(at)} ${code(command, 40)} ${code(`${version}+${commit}`, 40)}`;
  });
}

function errorLines(
  error: ShownError,
  mark: string | null,
  room: Room,
  { stats, errors: text }: Messages,
): string {
  const { count, halves, commands, reason, firstSeen, lastSeen, reference } = error;
  const names = commands.slice(0, room.commands).map((command) => code(command, 40));
  const others = commands.length - names.length;
  const versions = versionsOf(error);
  const head = [
    `${mark === null ? '' : `${mark} `}**${formatNumber(count)}×**${halves === null || halves === 'new' ? '' : ` ${trend(halves)}`}`,
    [...names, ...(others === 0 ? [] : [`+${formatNumber(others)}`])].join(' '),
    clip(reasonName(reason, stats), REASON_LENGTH),
    ...(versions === null ? [] : [versions]),
    code(reference),
  ];
  return `${head.join(' · ')}\n${code(saidBy(error, stats), room.message)} ${text.seen(ago(firstSeen), ago(lastSeen))}`;
}

/** How it went within the period, or why that cannot be said. */
function trendOf({ halves }: PeriodError, period: Period, text: Messages['errors']): string {
  if (halves === 'new') return text.newTrend;
  if (halves !== null) return trend(halves);
  return period === 'all' ? text.noTrendOfAll : text.noTrend;
}

/** The earlier half of the period and the later. */
function trend({ earlier, later }: Exclude<PeriodError['halves'], 'new' | null>): string {
  const arrow = later > earlier ? '▲' : '▼';
  return `${later === earlier ? '=' : arrow} ${formatNumber(earlier)} → ${formatNumber(later)}`;
}

/**
 * From the oldest that is kept to the newest, by what tells them apart: `1.2.2 → 1.2.3`, or `1.2.3+aaaaaaa → +bbbbbbb`
 * where the version was not raised; null where none is.
 */
function versionsOf({ newest }: ShownError): string | null {
  const releases = new Map(newest.map((run) => [`${run.version}+${run.commit}`, run] as const));
  const [[last, to] = [], ...others] = releases;
  const [first, from] = others.at(-1) ?? [];
  if (to === undefined || last === undefined) return null;
  if (from === undefined || first === undefined) return shownRelease(last);
  if (from.version !== to.version) return `${shownRelease(from.version)} → ${shownRelease(to.version)}`;
  return `${shownRelease(first)} → ${shownRelease(`+${to.commit}`)}`;
}

const shownRelease = (release: string): string => clip(escapeMarkdown(plain(release)), 40);

import type { CommandContext } from '../src/discord/command';
import { formatNumber, formatShare, type Messages } from '../src/discord/messages';
import type { ChangesQuery, ErrorChange, ReleaseChanges } from '../src/stats/stats';
import { unlessLate } from './_in-time';
import { clip, escapeMarkdown, plain } from './_text';

/** What is new or worse since the running version took over: what /stats and /errors share of showing it. */

export const NEW = '🆕';
/** As many of each list as the statistics tell. */
const MOST_TOLD = 10;
const RELEASE_LENGTH = 60;

/**
 * Null where there is nothing to compare, or it cannot be had in time: the rest of the answer goes without it. Where the
 * store is away altogether, the rest of the answer says so. Never rejects.
 */
export function releaseChanges(
  query: ChangesQuery,
  { stats, log }: CommandContext,
): Promise<ReleaseChanges | null> {
  const warning = 'What is new or worse could not be read; the numbers were shown without it.';
  return unlessLate(stats.changes(query), warning, log);
}

/** `Since 1.4.0+abc1234`. Without the time: it goes where Discord shows it, which is not in a field's name. */
export function sinceRelease({ version, commit }: ReleaseChanges, text: Messages['stats']): string {
  return text.changes.since(escapeMarkdown(clip(plain(`${version}+${commit}`), RELEASE_LENGTH)));
}

/** Which share of runs met an error before and since: its counts are of stretches of another length and traffic. */
export function shareOf(
  { count, countBefore }: ErrorChange,
  { runs }: ReleaseChanges,
  text: Messages['stats'],
): string {
  const share = (events: number, of: number): string => formatShare(of === 0 ? 0 : events / of);
  return text.changes.share(share(countBefore, runs.before), share(count, runs.since));
}

/** So many; `17+` where one of the lists may have been cut short. */
export function countOf(count: number, ...lists: readonly (readonly unknown[])[]): string {
  return `${formatNumber(count)}${lists.some(({ length }) => length >= MOST_TOLD) ? '+' : ''}`;
}

import type { APIEmbedField } from 'discord.js';
import { formatNumber, type Messages } from '../src/discord/messages';
import type { ErrorChange, ReleaseChanges } from '../src/stats/stats';
import { countOf, NEW, shareOf, sinceRelease } from './_release-changes';
import { ago } from './_stats-parts';

/** Which errors are new or worse, as /errors shows it. */

/** Not ▲, which is the trend within the period there. */
const WORSE = '🔺';

/** How many errors are new, and how many are worse; the marks stand for that before each of them, too. */
export function changesLine(changes: ReleaseChanges, text: Messages['stats']): string {
  const { newErrors, worseErrors, startedAt } = changes;
  const counted = (errors: readonly ErrorChange[]): string => countOf(errors.length, errors);
  const counts = [
    ...(newErrors.length === 0 ? [] : [`${NEW} ${text.changes.fresh(counted(newErrors))}`]),
    ...(worseErrors.length === 0 ? [] : [`${WORSE} ${text.changes.worse(counted(worseErrors))}`]),
  ];
  const said = counts.length === 0 ? [text.changes.nothing] : counts;
  return [sinceRelease(changes, text), ago(startedAt), ...said].join(' · ');
}

/** Null where it is neither new nor worse. */
export function markOf(changes: ReleaseChanges | null, fingerprint: string): string | null {
  const isThis = (error: ErrorChange): boolean => error.fingerprint === fingerprint;
  if (changes?.newErrors.some(isThis)) return NEW;
  return changes?.worseErrors.some(isThis) ? WORSE : null;
}

/** Says of one error that it is new, or worse than what; no field where it is neither. */
export function changeField(
  changes: ReleaseChanges | null,
  fingerprint: string,
  text: Messages['stats'],
): APIEmbedField[] {
  if (changes === null) return [];
  const isThis = (error: ErrorChange): boolean => error.fingerprint === fingerprint;
  const name = sinceRelease(changes, text);
  const times = ({ count }: ErrorChange): string => `**${formatNumber(count)}×**`;
  const fresh = changes.newErrors.find(isThis);
  if (fresh) return [{ name, value: `${NEW} ${text.changes.newSince(times(fresh), ago(fresh.firstSeen))}` }];
  const worse = changes.worseErrors.find(isThis);
  if (worse) return [{ name, value: `${WORSE} ${times(worse)}, ${shareOf(worse, changes, text)}` }];
  return [];
}

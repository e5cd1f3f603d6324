/** So many events, of one kind, in so many runs: a run has one of them, or none. */
export interface Rate {
  readonly events: number;
  readonly runs: number;
}

/** Equal shares come so far apart by chance in one of 30,000 comparisons of many runs, and in one of 2,700 of few. */
const LEAST_Z = 4;
/** A difference that is certain may still be too small to matter. */
const LEAST_FACTOR = 1.5;
const LEAST_EVENTS = 5;

/**
 * Whether events became more frequent among runs, and not by chance: two shares compared by the difference of the arcsines
 * of their square roots, which spread alike whatever the share, near 0 as near 1 (Anscombe, "The transformation of
 * Poisson, binomial and negative-binomial data", Biometrika 35, 1948; Cohen, "Statistical Power Analysis for the
 * Behavioral Sciences", 1988, chapter 6). And half as many again, at least, or so many
 * fewer runs without; and five of them.
 *
 * 95 of 100 doublings are found once 90 events would have been expected since, in two stretches of the same length, or
 * 51 where the one before is ten times as long: of what happened in 5 % of runs in 1,750 or 1,000, of 1 % in 9,200 or
 * 5,200. Half of them are found with half of that.
 */
export function isWorse(since: Rate, before: Rate): boolean {
  if (since.runs === 0 || before.runs === 0 || since.events < LEAST_EVENTS) return false;
  const [now, then] = [since.events / since.runs, before.events / before.runs];
  const isMore = isMuchMore(now, then) || isMuchMore(1 - then, 1 - now);
  const z = (2 * (angleOf(since) - angleOf(before))) / Math.sqrt(1 / since.runs + 1 / before.runs);
  return isMore && z >= LEAST_Z;
}

/** The arcsine of the square root of a share. What is counted in pieces may be one event more than there were runs. */
function angleOf({ events, runs }: Rate): number {
  return Math.asin(Math.sqrt(Math.min(1, (events + 3 / 8) / (runs + 3 / 4))));
}

/** Whether a share or a quantile is so much larger that it matters, both in the same unit. */
export function isMuchMore(since: number, before: number): boolean {
  return since >= LEAST_FACTOR * before;
}

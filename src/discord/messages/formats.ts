/** Figures as they stand in sentences of every language. */

const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 20 });
/** An exact figure with thousands separators: `2,000`. */
export const formatNumber = (value: number): string => number.format(value);

const percentage = new Intl.NumberFormat('en-US', { style: 'percent', maximumFractionDigits: 2 });
/** A ratio from 0 to 1 as a percentage with at most two decimals: `1.25%`. */
export const formatPercentage = (ratio: number): string => percentage.format(ratio);

const share = new Intl.NumberFormat('en-US', { style: 'percent', maximumSignificantDigits: 2 });
/** A ratio from 0 to 1 as a percentage with two digits, however small: `0.02%`, `1.3%`, `97%`. */
export const formatShare = (ratio: number): string => share.format(ratio);

/** A length of time in the largest of these units that it is a whole number of. */
export function wholeUnits(milliseconds: number): {
  readonly count: number;
  readonly unit: 'minute' | 'hour' | 'day';
} {
  const minutes = Math.round(milliseconds / 60_000);
  if (minutes % (24 * 60) === 0) return { count: minutes / (24 * 60), unit: 'day' };
  if (minutes % 60 === 0) return { count: minutes / 60, unit: 'hour' };
  return { count: minutes, unit: 'minute' };
}

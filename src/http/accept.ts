/** Which of the two exposition formats a scrape asks for. */

const OPEN_METRICS = 'application/openmetrics-text';
const TEXT = 'text/plain';

interface MediaRange {
  readonly type: string;
  /** From 0 to 1. */
  readonly quality: number;
}

/**
 * Whether an `Accept` header prefers OpenMetrics to Prometheus's text. A tie goes to OpenMetrics only where it is
 * asked for by name, so that a browser or `curl` gets text. Versions and other parameters make no difference: there
 * is one version of each to give. A header that accepts neither gets text, for a scrape is better answered.
 */
export function prefersOpenMetrics(accept: string | undefined): boolean {
  const ranges = (accept ?? '').split(',').map(parseRange);
  const openMetrics = qualityOf(ranges, OPEN_METRICS);
  const text = qualityOf(ranges, TEXT);
  const named = ranges.some((range) => range.type === OPEN_METRICS);
  return openMetrics > text || (named && openMetrics > 0 && openMetrics === text);
}

/** The quality that the most specific of the ranges gives to a type; 0 if none covers it. */
function qualityOf(ranges: readonly MediaRange[], type: string): number {
  const family = type.replace(/\/.*/, '/*');
  for (const candidate of [type, family, '*/*']) {
    const matching = ranges.filter((range) => range.type === candidate);
    if (matching.length > 0) return Math.max(...matching.map((range) => range.quality));
  }
  return 0;
}

function parseRange(text: string): MediaRange {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.map((parameter) => /^q\s*=\s*(.*)$/.exec(parameter)?.[1]).find(isGiven);
  return { type, quality: weight === undefined ? 1 : parseQuality(weight) };
}

/** A weight that is no number from 0 to 1 wants nothing. */
function parseQuality(weight: string): number {
  const quality = Number(weight);
  return quality >= 0 && quality <= 1 ? quality : 0;
}

function isGiven(value: string | undefined): value is string {
  return value !== undefined;
}

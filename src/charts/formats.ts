import type { ChartLocale } from './charts';

/** How numbers and times are written, in UTC. */
export interface Formats {
  /** For an axis: 500, 1.5K, 20M; 1.5천, 2000만 in Korean. */
  readonly number: Format;
  /** To the last digit. */
  readonly wholeNumber: Format;
  /** To four digits. */
  readonly largeNumber: Format;
  /** 14:00 */
  readonly time: Format;
  /** Oct 5 */
  readonly date: Format;
  readonly month: Format;
  readonly year: Format;
}

/** Of a count, or of milliseconds since the epoch. */
type Format = (value: number) => string;

/** Made once: each of these holds tens of kilobytes that V8 does not see, and does not hurry to free. */
export const FORMATS: Readonly<Record<ChartLocale, Formats>> = { en: formatsOf('en'), ko: formatsOf('ko') };

function formatsOf(locale: ChartLocale): Formats {
  const number = (options: Intl.NumberFormatOptions): Format => {
    const formatter = new Intl.NumberFormat(locale, options);
    return (value) => formatter.format(value);
  };
  const time = (options: Intl.DateTimeFormatOptions): Format => {
    const formatter = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options });
    return (at) => formatter.format(at);
  };
  return {
    number: number({ notation: 'compact', maximumFractionDigits: 1 }),
    wholeNumber: number({}),
    largeNumber: number({ notation: 'compact', maximumSignificantDigits: 4 }),
    time: time({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    date: time({ month: 'short', day: 'numeric' }),
    month: time({ month: 'short' }),
    year: time({ year: 'numeric' }),
  };
}

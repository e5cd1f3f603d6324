const UNITS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const satisfies readonly (readonly [Intl.RelativeTimeFormatUnit, number])[];

const FORMATS: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  t: { timeStyle: 'short' },
  T: { timeStyle: 'medium' },
  d: { dateStyle: 'short' },
  D: { dateStyle: 'long' },
  f: { dateStyle: 'long', timeStyle: 'short' },
  F: { dateStyle: 'full', timeStyle: 'short' },
};

/**
 * Discord's `<t:seconds:style>` as the user sees it, in their language: `R` is relative ("in 5 seconds").
 *
 * @param now milliseconds since the epoch.
 */
export function timestamp(seconds: number, style: string, locale: string, now: number): string {
  if (style === 'R') return relative(seconds - now / 1000, locale);
  return new Intl.DateTimeFormat(locale, FORMATS[style] ?? FORMATS.f).format(seconds * 1000);
}

function relative(distanceSeconds: number, locale: string): string {
  const [unit, size] = UNITS.find(([, seconds]) => Math.abs(distanceSeconds) >= seconds) ?? UNITS[5];
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(
    Math.round(distanceSeconds / size),
    unit,
  );
}

/** What a trace is made of, as plain data: `otlp` alone knows how it is sent. */

/** Names of OpenTelemetry's conventions where there are any, else in the namespace `discord.`; durations are seconds. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** Something that happened at one moment of a span. */
export interface Moment {
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly attributes: Attributes;
}

export interface SpanReference {
  readonly traceId: string;
  readonly spanId: string;
}

export interface Span extends SpanReference {
  /** Null: it is the root of its trace. */
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly kind: 'server' | 'client';
  /** Milliseconds since the epoch, with fractions. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly attributes: Attributes;
  readonly moments: readonly Moment[];
  /** Another trace that this one goes back to. */
  readonly link: SpanReference | null;
  readonly isError: boolean;
  /** What went wrong, in one line without secrets; null where the attributes say all there is. */
  readonly errorMessage: string | null;
}

/** One invocation's, the root first. */
export type Trace = readonly Span[];

/** Seconds to the microsecond: more is not in a number of a clock, and only looks like it. */
export const rounded = (seconds: number): number => Math.round(seconds * 1e6) / 1e6;

/** Without those that are not known. */
export function known(attributes: Readonly<Record<string, string | number | null>>): Attributes {
  const found: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null) found[name] = value;
  }
  return found;
}

/** The metrics that a command may have of its own. Every label has a closed set of values. */

export interface CommandMetricOptions<Label extends string> {
  readonly help: string;
  /** Every label with all the values it can take; any other value is counted as `_other`. */
  readonly labels?: Readonly<Record<Label, readonly string[]>>;
}

export interface CommandHistogramOptions<Label extends string> extends CommandMetricOptions<Label> {
  /** Upper bounds, ascending; those of `discord_command_duration_seconds` without it. */
  readonly buckets?: readonly number[];
}

type Labels<Label extends string> = Readonly<Record<Label, string>>;

/**
 * Each call gives the metric of that name, made at the first. Names are written without the prefix `command_`.
 * A name that is taken by another type or other labels, or that Prometheus would not accept, throws.
 */
export interface CommandMetrics {
  counter<Label extends string = never>(
    name: string,
    options: CommandMetricOptions<Label>,
  ): { increment(labels?: Labels<Label>, by?: number): void };
  gauge<Label extends string = never>(
    name: string,
    options: CommandMetricOptions<Label>,
  ): { set(value: number, labels?: Labels<Label>): void };
  histogram<Label extends string = never>(
    name: string,
    options: CommandHistogramOptions<Label>,
  ): { observe(value: number, labels?: Labels<Label>): void };
}

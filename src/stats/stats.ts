import type { FailureReason, Kind, OutcomeKind, RefusalReason } from '../telemetry/event';

/** The questions that the statistics answer, whichever database holds them. */

export const PERIODS = ['1h', '24h', '7d', '30d', 'all'] as const;
export type Period = (typeof PERIODS)[number];

export interface StatsQuery {
  readonly period: Period;
  /** Only this command, by its full path or by the first words of it; all of them without it. */
  readonly command?: string;
  /** Only this server; everywhere without it. */
  readonly guildId?: string;
}

/** Counts of one command, or of all. Latencies are null where nothing ran. */
export interface Counts {
  readonly invocations: number;
  readonly ok: number;
  readonly refused: number;
  readonly failed: number;
  /** failed / invocations, from 0 to 1; 0 where nothing ran. */
  readonly errorRate: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  /** Distinct users; exact for a few, and within about 2 % for many. */
  readonly users: number;
}

export interface CommandStats extends Counts {
  readonly command: string;
  readonly kind: Kind;
  /** ISO 8601, UTC. */
  readonly lastUsed: string | null;
}

/** Everything that was asked for, taken together. */
export interface Totals extends Counts {
  /** From the interaction's creation to the first answer; null where nothing was answered. */
  readonly ackP50Ms: number | null;
  readonly ackP95Ms: number | null;
  readonly ackP99Ms: number | null;
  readonly refusals: Readonly<Partial<Record<RefusalReason, number>>>;
  readonly failures: Readonly<Partial<Record<FailureReason, number>>>;
}

/** The stretch of the same length just before the period, to compare it with. */
export interface PreviousPeriod {
  /** ISO 8601, UTC: where it begins. */
  readonly since: string;
  readonly invocations: number;
  readonly failed: number;
  readonly errorRate: number;
  readonly p95Ms: number | null;
}

export interface ErrorStats {
  readonly command: string;
  readonly reason: string;
  /** What makes two errors one, whatever their numbers and ids; 12 hexadecimal digits. */
  readonly fingerprint: string;
  /** The newest error's message, redacted and at most 200 characters long. */
  readonly message: string;
  readonly count: number;
  /** ISO 8601, UTC. */
  readonly firstSeen: string;
  /** ISO 8601, UTC. */
  readonly lastSeen: string;
  /** Reference of the newest one: the first eight characters of its trace id. */
  readonly reference: string;
}

export interface StatsSummary {
  readonly period: Period;
  /** ISO 8601, UTC: where the period begins, or where the statistics do if that is later. */
  readonly since: string;
  /** Of what people ran: autocompletion, which goes with every key they press, has rows of its own and is left out here. */
  readonly totals: Totals;
  /** Null where the statistics do not reach back that far, and for all time. */
  readonly previous: PreviousPeriod | null;
  /** Most used first. Commands that were not used in the period are in `unused` alone. */
  readonly commands: readonly CommandStats[];
  /** Most frequent first, at most ten. */
  readonly topErrors: readonly ErrorStats[];
  /** Known commands that nobody used in the period. */
  readonly unused: readonly string[];
}

/** What people ran, over the time of a period, without autocompletion. */
export interface Timeline {
  /** Length of a step, in milliseconds. */
  readonly stepMs: number;
  /** Oldest first, without gaps, at most 750; the last one is still going on. Empty if nothing has ever been counted. */
  readonly points: readonly TimelinePoint[];
}

export interface TimelinePoint {
  /** Where the step begins; milliseconds since the epoch. */
  readonly start: number;
  readonly ok: number;
  readonly refused: number;
  readonly failed: number;
}

export interface InvocationsQuery {
  /** A trace id, or the first characters of one, at least eight. */
  readonly trace?: string;
  readonly outcome?: OutcomeKind;
  readonly command?: string;
  readonly guildId?: string;
  /** At most so many; from 1 to 500. */
  readonly limit: number;
}

/** One invocation, as it is kept for `STATS_RETENTION_DAYS`. */
export interface StoredInvocation {
  /** When it settled; ISO 8601, UTC. */
  readonly at: string;
  readonly command: string;
  readonly kind: Kind;
  readonly outcome: OutcomeKind;
  readonly reason: RefusalReason | FailureReason | null;
  readonly fingerprint: string | null;
  /** Of the error; redacted, at most 200 characters. */
  readonly message: string | null;
  readonly guildId: string | null;
  /** Keyed hash of the user; null if they had themselves forgotten. */
  readonly userHash: string | null;
  readonly durationMs: number;
  /** From the interaction's creation to the first answer; null if there was none. */
  readonly ackMs: number | null;
  readonly traceId: string;
  readonly shard: number;
  readonly version: string;
  readonly commit: string;
}

export interface ChangesQuery {
  /** Only this command, by its full path or by the first words of it; all of them without it. */
  readonly command?: string;
  /** Only this server; everywhere without it. */
  readonly guildId?: string;
}

/** What is shown of one error, in whatever commands it happened. */
export interface ErrorFacts {
  /** What makes two errors one; 12 hexadecimal digits. */
  readonly fingerprint: string;
  /** Of the newest one, like the message. */
  readonly reason: string;
  /** Redacted, and at most 200 characters long. */
  readonly message: string;
  /** Sorted. */
  readonly commands: readonly string[];
  /** Of the newest one: the first eight characters of its trace id. */
  readonly reference: string;
}

/** One error of a period. */
export interface PeriodError extends ErrorFacts {
  readonly count: number;
  /** In the period; ISO 8601, UTC. */
  readonly firstSeen: string;
  /** ISO 8601, UTC. */
  readonly lastSeen: string;
  /**
   * How many in the earlier and in the later half of the period; `new` of an error that was never seen before its middle.
   * Null for all time, and where the statistics are younger than the period.
   */
  readonly halves: { readonly earlier: number; readonly later: number } | 'new' | null;
}

/** What failed in a period, autocompletion too, each error once. */
export interface ErrorsAnswer {
  readonly period: Period;
  /** ISO 8601, UTC: where the period begins, or where the statistics do if that is later. */
  readonly since: string;
  /**
   * The most frequent first, at most 24; and last, under an empty fingerprint, all that were too many to be kept apart.
   */
  readonly groups: readonly PeriodError[];
  /** How many more errors there are, and how often they happened together. */
  readonly others: { readonly errors: number; readonly count: number };
}

/** What is new or worse since the version that runs was started, against up to seven days before that. */
export interface ReleaseChanges {
  readonly version: string;
  readonly commit: string;
  /** When this version took over from another; ISO 8601, UTC. */
  readonly startedAt: string;
  /** Where the stretch before it begins that it is compared with; ISO 8601, UTC. */
  readonly comparedSince: string;
  /** How much people ran in either stretch of what is asked for. */
  readonly runs: { readonly before: number; readonly since: number };
  /** Errors that had never been seen before, the most frequent first; at most ten. */
  readonly newErrors: readonly ErrorChange[];
  /** Errors that are more frequent among all runs than before, the most frequent first; at most ten. */
  readonly worseErrors: readonly ErrorChange[];
  /** Commands that fail more often, or take longer, than before; the most used first; at most ten. */
  readonly worseCommands: readonly WorseCommand[];
}

/** One error since a version was started. */
export interface ErrorChange extends ErrorFacts {
  /** Since the version was started. */
  readonly count: number;
  /** In the stretch before; 0 for new ones. */
  readonly countBefore: number;
  /** Ever; ISO 8601, UTC. */
  readonly firstSeen: string;
  /** ISO 8601, UTC. */
  readonly lastSeen: string;
}

/** By what a command is worse: the share of its runs that failed (0 to 1), or its p95 (milliseconds). */
export interface WorseCommand {
  readonly command: string;
  readonly kind: Kind;
  readonly worse: 'error_rate' | 'p95_ms';
  readonly before: number;
  readonly since: number;
  /** Runs since the version was started. */
  readonly invocations: number;
}

/** Reads the statistics. Each rejects with a StoreUnavailableError if the store cannot be read now. */
export interface Stats {
  summary(this: void, query: StatsQuery): Promise<StatsSummary>;
  timeline(this: void, query: StatsQuery): Promise<Timeline>;
  /** The newest ones first. */
  invocations(this: void, query: InvocationsQuery): Promise<readonly StoredInvocation[]>;
  errors(this: void, query: StatsQuery): Promise<ErrorsAnswer>;
  /**
   * Null until the version that runs and another before it were used, there and of what is asked for: there is nothing to
   * compare. Of a server also once everything of before has left retention.
   */
  changes(this: void, query: ChangesQuery): Promise<ReleaseChanges | null>;
  /** Full paths of every known command, and routes of components, sorted. */
  commandNames(this: void): readonly string[];
}

/** The database is away, locked, or slower than anybody would wait. The message is a sentence for the operator. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}

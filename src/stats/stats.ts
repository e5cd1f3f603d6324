import type { Kind } from '../telemetry/event';

/** The questions that the statistics answer, whichever store holds them. */

export const PERIODS = ['1h', '24h', '7d', '30d', 'all'] as const;
export type Period = (typeof PERIODS)[number];

export interface StatsQuery {
  readonly period: Period;
  /** Only this command, by its full path; all of them without it. */
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
  /** Distinct users. */
  readonly users: number;
}

export interface CommandStats extends Counts {
  readonly command: string;
  readonly kind: Kind;
  /** ISO 8601, UTC. */
  readonly lastUsed: string | null;
}

export interface ErrorStats {
  readonly command: string;
  readonly reason: string;
  /** The error's message, redacted and at most 200 characters long. */
  readonly message: string;
  readonly count: number;
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
  readonly totals: Counts;
  /** Most used first. Commands that were not used in the period are in `unused` alone. */
  readonly commands: readonly CommandStats[];
  /** Most frequent first, at most ten. */
  readonly topErrors: readonly ErrorStats[];
  /** Known commands that nobody used in the period. */
  readonly unused: readonly string[];
}

export interface Stats {
  /** Answers for a period. Rejects only if the store cannot be read. */
  summary(this: void, query: StatsQuery): Promise<StatsSummary>;
  /** Full paths of every known command, sorted. */
  commandNames(this: void): readonly string[];
}

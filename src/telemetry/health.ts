/** What the bot can say of its own condition; answered by `/healthz` and `/health` alike. */

export type HealthStatus = 'ok' | 'warn' | 'fail';

export interface HealthCheck {
  readonly status: HealthStatus;
  /** One sentence for a person. */
  readonly detail: string;
  /** The figures behind it, with their unit in the name: `usedRatio`, `freeBytes`. */
  readonly values: Readonly<Record<string, number | string | boolean | null>>;
}

export interface HealthReport {
  /** The worst of the checks. */
  readonly status: HealthStatus;
  readonly checks: Readonly<Record<string, HealthCheck>>;
  readonly version: string;
  readonly commit: string;
  /** Seconds since the process started. */
  readonly uptime: number;
}

export interface Health {
  report(): Promise<HealthReport>;
}

/** Whether commands can be taken, and if not, why. */
export interface Readiness {
  readonly ready: boolean;
  readonly reasons: readonly string[];
}

/** Whether the process may go on, and if not, what only a new one can mend. */
export interface Liveness {
  readonly live: boolean;
  readonly reasons: readonly string[];
}

/** One gateway connection, as last seen. Times are milliseconds since the epoch; null: never. */
export interface ShardState {
  readonly shard: number;
  readonly up: boolean;
  readonly latencySeconds: number | null;
  readonly lastHeartbeatAckAt: number | null;
  readonly lastDispatchAt: number | null;
}

/** A command module that could not be loaded. */
export interface FailedModule {
  /** Path relative to its command directory. */
  readonly file: string;
  readonly reason: string;
}

export interface CommandModules {
  readonly loaded: number;
  readonly failed: readonly FailedModule[];
}

import type { Invocation } from '../telemetry/event';

/** What the rest of the program logs through. */

/** From most to least severe. ERROR: someone must act. WARN: look at it this week. INFO: what happened. DEBUG: how. */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The console's formats: for a person, for a machine, in the Elastic Common Schema. */
export const LOG_FORMATS = ['pretty', 'json', 'ecs'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** Fields of a line beside its message. Under `error` stands whatever was thrown. */
export type LogFields = Readonly<Record<string, unknown>>;

export interface Logger {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
}

/** Logs in the name of an invocation, whatever is running. */
export type InvocationLog = (
  invocation: Invocation,
  level: LogLevel,
  message: string,
  fields: LogFields,
) => void;

/** What logging shows of itself to metrics and health. Plain counts, read whenever they are asked for. */
export interface LogCounts {
  /** Lines logged, by level: each once, however many destinations it went to. One that is off everywhere is none. */
  readonly records: Readonly<Record<LogLevel, number>>;
  /** Lines that reached no file because of a fault. */
  readonly dropped: number;
}

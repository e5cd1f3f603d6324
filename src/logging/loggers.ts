import type { Invocation } from '../telemetry/event';
import { SEVERITY, type LevelGate } from './levels';
import type { InvocationLog, LogLevel, Logger } from './logger';

/**
 * Takes a line on its way. What it is handed may be anything: modules in plain JavaScript log too. Without an
 * invocation the line belongs to the one that is running.
 */
export type Emit = (
  level: LogLevel,
  logger: string,
  message: unknown,
  fields: unknown,
  invocation?: Invocation,
) => void;

/** Loggers by name. */
export interface Loggers {
  /** Always the same one for a name. */
  readonly logger: (name: string) => Logger;
  readonly invocationLog: (name: string) => InvocationLog;
}

/** A line that nobody wants goes no further than its method: the gate is looked at, and nothing of the line is. */
export function createLoggers(emit: Emit, gateOf: (name: string) => LevelGate): Loggers {
  const { warn, info, debug } = SEVERITY;
  const known = new Map<string, Logger>();
  const createLogger = (name: string): Logger => {
    const gate = gateOf(name);
    return {
      // Errors are wanted at every level.
      error: (message, fields) => emit('error', name, message, fields),
      warn: (message, fields) => {
        if (warn <= gate.any) emit('warn', name, message, fields);
      },
      info: (message, fields) => {
        if (info <= gate.any) emit('info', name, message, fields);
      },
      debug: (message, fields) => {
        if (debug <= gate.any) emit('debug', name, message, fields);
      },
    };
  };
  return {
    logger(name) {
      const logger = known.get(name) ?? createLogger(name);
      known.set(name, logger);
      return logger;
    },
    invocationLog(name) {
      const gate = gateOf(name);
      return (invocation, level, message, fields) => {
        if (SEVERITY[level] <= gate.any) emit(level, name, message, fields, invocation);
      };
    },
  };
}

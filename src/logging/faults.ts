import type { LogFields, LogLevel } from './logger';

const QUIET_MS = 60_000;

export interface FaultReporter {
  fault(kind: string, error: Error): void;
  recovery(kind: string): void;
}

/**
 * Says that log files cannot be written, at most once a minute for all of them together, and that they can again
 * where it had said that they cannot.
 */
export function createFaultReporter(
  say: (level: LogLevel, message: string, fields: LogFields) => void,
  now: () => number,
): FaultReporter {
  let saidAt = -Infinity;
  const said = new Set<string>();
  return {
    fault: (kind, error) => {
      if (now() - saidAt < QUIET_MS) return;
      saidAt = now();
      said.add(kind);
      say('error', 'log files cannot be written: lines wait in memory while there is room', {
        file: `${kind}.log`,
        reason: error.message,
      });
    },
    recovery: (kind) => {
      if (said.delete(kind)) say('warn', 'log files are written again', { file: `${kind}.log` });
    },
  };
}

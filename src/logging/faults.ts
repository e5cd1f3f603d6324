import type { LogFields, LogLevel } from './logger';
import type { LinkResult } from './newest-link';
import { onceAMinute } from './once-a-minute';

/** Why the link to the newest file is not there. */
export type LinkFault = Exclude<LinkResult, 'linked'>;

const UNLINKED: Readonly<Record<LinkFault, string>> = {
  not_ours: 'a file that is not ours has the name of the link to the newest log file: it is kept',
  failed: 'the link to the newest log file cannot be made: it is tried again with the lines that come',
};

export interface FaultReporter {
  fault(kind: string, error: Error): void;
  recovery(kind: string): void;
  /** Lines are safe, but a finished file stays uncompressed. */
  compressionFault(kind: string, error: Error): void;
  /** There is no link to the newest file. */
  unlinked(kind: string, why: LinkFault): void;
}

/**
 * Says that log files cannot be written, at most once a minute for all of them together, and that they can again
 * where it had said that they cannot. Of compression too, once a minute; why a link cannot be made, once.
 */
export function createFaultReporter(
  say: (level: LogLevel, message: string, fields: LogFields) => void,
  now: () => number,
): FaultReporter {
  const isDue = { fault: onceAMinute(now), compressionFault: onceAMinute(now) };
  const said = new Set<string>();
  const saidOfLinks = new Set<string>();
  return {
    fault: (kind, error) => {
      if (!isDue.fault()) return;
      said.add(kind);
      say('error', 'log files cannot be written: lines wait in memory while there is room', {
        file: `${kind}.log`,
        reason: error.message,
      });
    },
    recovery: (kind) => {
      if (said.delete(kind)) say('warn', 'log files are written again', { file: `${kind}.log` });
    },
    compressionFault: (kind, error) => {
      if (!isDue.compressionFault()) return;
      const fields = { file: `${kind}.log`, reason: error.message };
      say('warn', 'finished log files cannot be compressed: they stay as they are', fields);
    },
    unlinked: (kind, why) => {
      if (saidOfLinks.has(kind + why)) return;
      saidOfLinks.add(kind + why);
      say('warn', UNLINKED[why], { file: `${kind}.log` });
    },
  };
}

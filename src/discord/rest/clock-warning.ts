import type { Logger } from '../../logging/logger';
import type { ClockOffset } from './clock-offset';

/** Beyond this an offset is no small matter against the 3 s that Discord gives for an answer. */
const TOLERATED_MS = 1000;

/** Gives what says in the log that the clocks disagree, and that they agree again: once each, when it is certain. */
export function createClockWarning(clock: ClockOffset, logger: Logger): () => void {
  let isWarned = false;
  return () => {
    const bounds = clock.bounds();
    const offsetMs = clock.offsetMs();
    if (bounds === null || offsetMs === null) return;
    const { low, high } = bounds;
    const fields = { event: 'clock_offset', clock_offset_ms: Math.round(offsetMs) };
    if (!isWarned && (low > TOLERATED_MS || high < -TOLERATED_MS)) {
      isWarned = true;
      const where = offsetMs > 0 ? 'ahead of' : 'behind';
      logger.warn(
        `The clock of this machine is ${(Math.abs(offsetMs) / 1000).toFixed(1)} s ${where} Discord's: the times from ` +
          'an interaction’s creation are wrong by as much. Let it be set from the network (NTP).',
        fields,
      );
    } else if (isWarned && low >= -TOLERATED_MS && high <= TOLERATED_MS) {
      isWarned = false;
      logger.info('The clock of this machine agrees with Discord’s again.', fields);
    }
  };
}

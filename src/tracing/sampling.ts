import type { InvocationSettled } from '../telemetry/event';

/** Which traces are kept. */

const WORDS = 4;
const WORD_DIGITS = 8;
const MOST = 0xffffffff;

/**
 * Decides on a trace id alone, and as every service does that samples by the same ratio: the bound is that of
 * OpenTelemetry's TraceIdRatioBasedSampler, so that a trace which goes on elsewhere is kept, or not, on both sides.
 *
 * @param ratio how many of all, from 0 to 1.
 */
export function createSampler(ratio: number): (traceId: string) => boolean {
  if (ratio >= 1) return () => true;
  const bound = Math.floor(ratio * MOST);
  return (traceId) => {
    let mixed = 0;
    for (let word = 0; word < WORDS; word += 1) {
      mixed ^= parseInt(traceId.slice(word * WORD_DIGITS, (word + 1) * WORD_DIGITS), 16);
    }
    return mixed >>> 0 < bound;
  };
}

/** Whether somebody will look for this one, whatever the ratio: it failed, or its user saw no answer in time. */
export function isTelling({ outcome, deadline }: InvocationSettled): boolean {
  return outcome.kind === 'failed' || deadline === 'missed' || deadline === 'unanswered';
}

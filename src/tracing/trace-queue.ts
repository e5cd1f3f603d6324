import type { Trace } from './span';

/** Traces that wait, whole, bounded by their spans. */
export interface TraceQueue {
  /** How many spans wait. */
  spans(this: void): number;
  /** Whether there was room; for one there always is, however long it is. */
  add(this: void, trace: Trace): boolean;
  /** The oldest, as many as are no more spans than that together; at least one, if one waits. */
  take(this: void, maxSpans: number): readonly Trace[];
  /** Lets all go; gives how many traces there were. */
  clear(this: void): number;
}

export function createTraceQueue(maxSpans: number): TraceQueue {
  const waiting: Trace[] = [];
  let spans = 0;
  return {
    spans: () => spans,
    add(trace) {
      if (spans > 0 && spans + trace.length > maxSpans) return false;
      waiting.push(trace);
      spans += trace.length;
      return true;
    },
    take(most) {
      let count = 0;
      let taken = 0;
      for (const trace of waiting) {
        if (count > 0 && taken + trace.length > most) break;
        taken += trace.length;
        count += 1;
      }
      spans -= taken;
      return waiting.splice(0, count);
    },
    clear() {
      spans = 0;
      return waiting.splice(0).length;
    },
  };
}

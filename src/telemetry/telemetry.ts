import type { Logger } from '../logging/logger';
import { onceAMinute } from '../logging/once-a-minute';
import type { Sink, TelemetryEvent } from './event';

/** What a sink has lost, by its name. */
export interface SinkState {
  readonly name: string;
  readonly errors: number;
  /** Events it gave up, by why. */
  readonly dropped: Readonly<Record<string, number>>;
}

export interface Telemetry {
  /** Hands the event to every sink. Never throws; costs what the sinks cost. */
  record(this: void, event: TelemetryEvent): void;
  sinks(this: void): readonly SinkState[];
  /** Drains every sink. Resolves when all have, also those that failed at it. */
  close(): Promise<void>;
}

/**
 * The fan-out: one event, many readers. A sink that throws is counted by name and logged at most once a minute;
 * the next sink still gets the event.
 */
export function createTelemetry(
  sinks: readonly Sink[],
  options: {
    readonly logger: Logger;
    /** Milliseconds since the epoch. */
    readonly now: () => number;
  },
): Telemetry {
  const { logger, now } = options;
  const states = sinks.map((sink) => ({ sink, errors: 0, isDue: onceAMinute(now) }));

  function failed(state: (typeof states)[number], error: unknown): void {
    state.errors += 1;
    if (!state.isDue()) return;
    logger.error(`The telemetry sink "${state.sink.name}" failed; the event is missing there.`, {
      sink: state.sink.name,
      errors: state.errors,
      error,
    });
  }

  return {
    record(event) {
      for (const state of states) {
        try {
          state.sink.record(event);
        } catch (error) {
          failed(state, error);
        }
      }
    },
    sinks: () =>
      states.map(({ sink, errors }) => ({ name: sink.name, errors, dropped: sink.dropped?.() ?? {} })),
    async close() {
      await Promise.all(
        states.map(async (state) => {
          try {
            await state.sink.close?.();
          } catch (error) {
            failed(state, error);
          }
        }),
      );
    },
  };
}

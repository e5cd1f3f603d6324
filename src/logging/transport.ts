import Transport from 'winston-transport';
import type { LogLevel } from './logger';
import type { LogRecord } from './record';

/** Somewhere that lines go. */
export interface Destination {
  /** Asked for each line: levels change while the program runs. */
  readonly takes: (record: LogRecord) => boolean;
  /** Never throws. */
  readonly write: (record: LogRecord) => void;
  /** Told when nothing more comes in this turn. */
  readonly flush?: () => void;
  /** Resolves when every line is where it belongs. */
  readonly close: () => Promise<void>;
}

/**
 * What is handed to winston: the records of one turn, of whichever levels. They stand apart: winston gives a meaning to
 * some names, such as `exception`.
 */
export interface WinstonEntry {
  readonly level: LogLevel;
  readonly message: string;
  readonly records: readonly LogRecord[];
}

/**
 * All destinations as one transport of winston's, which is finished only when each of them is. One, since each more
 * costs a line two streams: who takes a line is asked here.
 */
export class DestinationsTransport extends Transport {
  constructor(private readonly destinations: readonly Destination[]) {
    super();
  }

  override log({ records }: WinstonEntry, next: () => void): void {
    for (const record of records) {
      for (const destination of this.destinations) {
        if (destination.takes(record)) destination.write(record);
      }
    }
    for (const destination of this.destinations) destination.flush?.();
    next();
  }

  override _final(done: (error?: Error | null) => void): void {
    void Promise.allSettled(this.destinations.map((destination) => destination.close())).then(() => done());
  }
}

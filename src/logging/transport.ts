import Transport from 'winston-transport';
import type { LogLevel } from './logger';
import type { LogRecord } from './record';

/** Somewhere that lines go. */
export interface Destination {
  /** Asked for each line: levels change while the program runs. */
  readonly enabled: (level: LogLevel) => boolean;
  readonly write: (record: LogRecord) => void;
  /** Resolves when every line is where it belongs. */
  readonly close: () => Promise<void>;
}

/** What is handed to winston. The record stands apart: winston gives a meaning to some names, such as `exception`. */
export interface WinstonEntry {
  readonly level: LogLevel;
  readonly message: string;
  readonly record: LogRecord;
}

/** A destination as a transport of winston's, which is finished only when the destination is. */
export class DestinationTransport extends Transport {
  constructor(private readonly destination: Destination) {
    super();
  }

  override log({ record }: WinstonEntry, next: () => void): void {
    if (this.destination.enabled(record.level)) this.destination.write(record);
    next();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.destination.close().then(
      () => done(),
      () => done(),
    );
  }
}

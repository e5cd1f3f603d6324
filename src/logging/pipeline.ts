import { once } from 'node:events';
import winston from 'winston';
import type Transport from 'winston-transport';
import { SEVERITY } from './levels';
import type { LogRecord } from './record';
import { DestinationsTransport, type Destination, type WinstonEntry } from './transport';

/** A longer burst is handed over without waiting for the turn to end. */
const MAX_BATCH = 1000;

/** Winston, with our destinations as its transport. */
export interface Pipeline {
  /** Hands a record to the destinations, at the end of this turn of the event loop. */
  write(record: LogRecord): void;
  /** Hands over at once what waits for the end of the turn. */
  flush(): void;
  /** Resolves when every destination has all records and is closed. */
  close(): Promise<void>;
}

/**
 * Opens the way from a record to its destinations. Which of them take it is for them to say. What is logged within one
 * turn goes to winston as one entry: its streams cost more than a line does.
 */
export function openPipeline(destinations: readonly Destination[]): Pipeline {
  const logger = winston.createLogger({
    levels: { ...SEVERITY },
    level: 'debug',
    // Records are redacted already, and each destination formats for itself: winston's default would do it twice.
    format: winston.format((info) => info)(),
  });
  // Winston's declarations import this very class in a way that makes it another one by name; its shape is the same.
  const transport: Readonly<Transport> = new DestinationsTransport(destinations);
  logger.add(transport);
  let waiting: LogRecord[] = [];
  const flush = (): void => {
    if (waiting.length === 0) return;
    const entry: WinstonEntry = { level: 'info', message: '', records: waiting };
    waiting = [];
    logger.log(entry);
  };
  return {
    write: (record) => {
      if (waiting.push(record) === 1) setImmediate(flush);
      if (waiting.length >= MAX_BATCH) flush();
    },
    flush,
    close: async () => {
      flush();
      const finished = once(logger, 'finish');
      logger.end();
      await finished;
    },
  };
}

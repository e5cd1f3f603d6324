import { once } from 'node:events';
import winston from 'winston';
import type Transport from 'winston-transport';
import { SEVERITY } from './levels';
import type { LogRecord } from './record';
import { DestinationTransport, type Destination, type WinstonEntry } from './transport';

/** Winston, with our destinations as its transports. */
export interface Pipeline {
  write(record: LogRecord): void;
  /** Resolves when every destination has all records and is closed. */
  close(): Promise<void>;
}

/** Opens the way from a record to its destinations. Which of them take it is for them to say. */
export function openPipeline(destinations: readonly Destination[]): Pipeline {
  const logger = winston.createLogger({
    levels: { ...SEVERITY },
    level: 'debug',
    // Records are redacted already, and each destination formats for itself: winston's default would do it twice.
    format: winston.format((info) => info)(),
  });
  for (const destination of destinations) {
    // Winston's declarations import this very class in a way that makes it another one by name; its shape is the same.
    const transport: Readonly<Transport> = new DestinationTransport(destination);
    logger.add(transport);
  }
  return {
    write: (record) => {
      const entry: WinstonEntry = { level: record.level, message: record.message, record };
      logger.log(entry);
    },
    close: async () => {
      const finished = once(logger, 'finish');
      logger.end();
      await finished;
    },
  };
}

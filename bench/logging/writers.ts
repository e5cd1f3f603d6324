import { once } from 'node:events';
import path from 'node:path';
import pino from 'pino';
import winston from 'winston';
import DailyRotateFile from 'winston-daily-rotate-file';
import type Transport from 'winston-transport';
import { createInvocationContext } from '../../src/logging/context';
import { createLogging } from '../../src/logging/logging';
import type { Line } from './lines';

/** One side: a logger, and how to end it so that all lines are on the disk. */
export interface Writer {
  write(line: Line): void;
  close(): Promise<void>;
}

const MAX_SIZE_BYTES = 10 * 1024 * 1024;
const BACKUPS = 5;

/** Ours: JSON to files that rotate, everything in one and errors in another; warnings to the console. */
function telltale(directory: string): Writer {
  const logging = createLogging({
    level: 'info',
    consoleLevel: 'warn',
    directory,
    maxSizeBytes: MAX_SIZE_BYTES,
    backupCount: BACKUPS,
    format: 'json',
    secrets: ['a-token-that-is-long.and-secret'],
    service: { name: 'bench', version: '0.0.0', commit: '0000000' },
    context: createInvocationContext(),
    stdout: process.stdout,
  });
  const log = logging.invocationLog('commands');
  return {
    write: ({ level, message, fields, invocation }) => log(invocation, level, message, fields),
    close: logging.close,
  };
}

/** As the tutorials have it: the same files by winston-daily-rotate-file, a console with its own format. */
function plainWinston(directory: string): Writer {
  const { combine, timestamp, errors, json, colorize, printf } = winston.format;
  const rotating = (kind: string, level: string): DailyRotateFile =>
    new DailyRotateFile({
      dirname: directory,
      filename: `${kind}-%DATE%.log`,
      datePattern: 'YYYY-MM-DD',
      maxSize: `${MAX_SIZE_BYTES / 1024 / 1024}m`,
      maxFiles: BACKUPS + 1,
      level,
      format: combine(timestamp(), errors({ stack: true }), json()),
    });
  const files = [rotating('bot', 'info'), rotating('error', 'error')];
  const screen = new winston.transports.Console({
    level: 'warn',
    format: combine(
      timestamp(),
      colorize(),
      printf((info) => `${String(info.timestamp)} ${info.level}: ${String(info.message)}`),
    ),
  });
  const logger = winston.createLogger({ level: 'info' });
  // Winston's declarations know its class under another name; its shape is the same.
  for (const transport of [...files, screen] as readonly Readonly<Transport>[]) logger.add(transport);
  return {
    write: ({ level, message, flat }) => void logger.log(level, message, flat),
    close: async () => {
      const ended = once(logger, 'finish');
      logger.end();
      await ended;
      // Winston's end is that of its own streams: the file's comes later.
      for (const file of files) {
        const written = once(file, 'finish');
        file.close?.();
        await written;
      }
    },
  };
}

/** One file without rotation, its own timestamps; with `sync: false` and a buffer as its page has it for speed. */
function pinoWith(buffering: { sync: boolean; minLength?: number }): (directory: string) => Writer {
  return (directory) => {
    const file = pino.destination({ dest: path.join(directory, 'bot.log'), mkdir: true, ...buffering });
    const logger = pino({ errorKey: 'error' }, file);
    return {
      write: ({ level, message, flat }) => logger[level](flat, message),
      close: async () => {
        const closed = once(file, 'close');
        file.end();
        await closed;
      },
    };
  };
}

export const WRITERS = {
  telltale,
  winston: plainWinston,
  pino: pinoWith({ sync: true }),
  'pino, buffered': pinoWith({ sync: false, minLength: 8 * 1024 }),
} as const satisfies Record<string, (directory: string) => Writer>;
export type WriterName = keyof typeof WRITERS;

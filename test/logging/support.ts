import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { createInvocationContext } from '../../src/logging/context';
import { createLogging, type Logging, type LoggingOptions } from '../../src/logging/logging';
import type { Invocation } from '../../src/telemetry/event';
import { createProgress } from '../../src/telemetry/operations';

export const INVOCATION: Invocation = {
  command: 'ticket close',
  kind: 'chat_input',
  traceId: '0af7651916cd43dd8448eb211c80319c',
  interactionId: '1180000000000000001',
  guildId: '1180000000000000002',
  userId: '1180000000000000003',
  channelId: null,
  shard: 2,
  locale: 'en-GB',
  createdAt: 1_700_000_000_000,
  receivedAt: 1_700_000_000_050,
  parentTraceId: null,
  typed: [],
  operations: [],
  progress: createProgress(),
};

/** On every line. */
export const BUILD = { version: '1.2.3', commit: '4bf92f3' } as const;

export type Line = Readonly<Record<string, unknown>>;

/** What was written to a console. */
export class Screen extends Writable {
  text = '';
  readonly isTTY: boolean;

  constructor({ isTTY = false } = {}) {
    super({ decodeStrings: false });
    this.isTTY = isTTY;
  }

  override _write(chunk: unknown, _encoding: string, done: () => void): void {
    this.text += String(chunk);
    done();
  }

  lines(): string[] {
    return this.text.split('\n').slice(0, -1);
  }
}

export interface Bench {
  readonly logging: Logging;
  readonly context: LoggingOptions['context'];
  readonly screen: Screen;
  readonly directory: string;
}

const cleanups: (() => Promise<void> | void)[] = [];

/** Closes and deletes what the test has opened. */
export async function cleanUp(): Promise<void> {
  for (const clean of cleanups.splice(0).reverse()) await clean();
}

export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'telltale-log-'));
  cleanups.push(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export function open(options: Partial<LoggingOptions> = {}): Bench {
  const directory = options.directory ?? join(temporaryDirectory(), 'logs');
  const context = createInvocationContext();
  const screen = new Screen();
  const logging = createLogging({
    level: 'debug',
    maxSizeBytes: 10 * 1024 * 1024,
    backupCount: 5,
    format: 'json',
    secrets: [],
    service: { name: 'telltale', ...BUILD },
    context,
    stdout: screen,
    ...options,
    directory,
  });
  cleanups.push(() => logging.close());
  return { logging, context, screen, directory };
}

/** Names of the files of a kind, oldest first; none where the directory is not there yet. */
export function files(directory: string, kind = 'bot'): string[] {
  const number = (name: string): number => Number(/\.log\.(\d+)(?:\.gz)?$/.exec(name)?.[1] ?? 0);
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => name.startsWith(`${kind}-`))
    .sort((a, b) => number(a) - number(b));
}

/** All lines of a kind, oldest first, whether their files are compressed or not. */
export function lines(directory: string, kind = 'bot'): Line[] {
  return files(directory, kind).flatMap((name) => parse(content(directory, name)));
}

/** What a file holds; nothing for a compressed one that is also there as it was. */
export function content(directory: string, name: string): string {
  const path = join(directory, name);
  if (!name.endsWith('.gz')) return readFileSync(path, 'utf8');
  return existsSync(path.slice(0, -'.gz'.length)) ? '' : gunzipSync(readFileSync(path)).toString();
}

export function parse(text: string): Line[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const parsed: Line = JSON.parse(line);
      return parsed;
    });
}

/** Resolves when the condition holds; fails after five seconds. */
export async function until(condition: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 5000; !condition();) {
    if (Date.now() > deadline) throw new Error(`never came true: ${condition.toString()}`);
    await delay(5);
  }
}

export const today = (): string => new Date().toISOString().slice(0, 10);

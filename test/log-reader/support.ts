import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Log files as the reader's tests find them. */

const directories: string[] = [];

/** An empty directory. */
export function directory(): string {
  const made = mkdtempSync(join(tmpdir(), 'telltale-reader-'));
  directories.push(made);
  return made;
}

/** Deletes what was made. */
export function cleanUp(): void {
  for (const made of directories.splice(0)) rmSync(made, { recursive: true, force: true });
}

export const USER = '1180000000000000003';
export const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

const BUILD = { version: '1.2.3', commit: '4bf92f3' } as const;

/** A line of a log file, numbered in its message; without its line break. */
export function line(number: number, fields: Readonly<Record<string, unknown>> = {}): string {
  const { timestamp = at(number), level = 'info', logger = 'bot', ...others } = fields;
  return JSON.stringify({ timestamp, level, logger, message: `line ${number}`, ...others, ...BUILD });
}

/** A second after the other, from ten o'clock on. */
export function at(number: number): string {
  return new Date(Date.parse('2026-01-31T10:00:00Z') + number * 1000).toISOString();
}

/** The line that settles a command. */
export function settled(number: number, fields: Readonly<Record<string, unknown>> = {}): string {
  return line(number, {
    logger: 'commands',
    trace_id: TRACE,
    command: 'stats',
    kind: 'chat_input',
    guild_id: '1180000000000000002',
    user_id: USER,
    event: 'command_settled',
    outcome: 'ok',
    duration_ms: 10,
    ...fields,
  });
}

export const text = (...lines: readonly string[]): string => lines.map((one) => `${one}\n`).join('');
export const packed = (...lines: readonly string[]): Buffer => gzipSync(text(...lines));

/** Writes files by name. */
export function write(into: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(into, name), content);
}

/** The numbers of lines that were given as JSON. */
export function numbersOf(lines: readonly string[]): number[] {
  return lines.map((one) => Number(/"message":"line (\d+)"/.exec(one)?.[1]));
}

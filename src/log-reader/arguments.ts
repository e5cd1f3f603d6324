import { parseArgs, type ParseArgsConfig } from 'node:util';
import { LOG_LEVELS, type LogLevel } from '../logging/logger';
import type { LogQuery } from './query';
import { reasonOf } from './read';
import { EXPECTED_TIME, parseTime } from './times';
import { EXPECTED_TRACE, parseTrace } from './traces';

/** What `npm run logs -- …` was asked. */
export interface Arguments {
  readonly query: LogQuery;
  readonly limit: number | null;
  /** Null: where the settings say. */
  readonly directory: string | null;
  readonly follow: boolean;
  readonly json: boolean;
  readonly summary: boolean;
  readonly help: boolean;
}

/** The command line is wrong; the message says what, and what would be right. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError';
}

/** Newest lines stand in memory until the newest of all is known. */
export const MAX_LIMIT = 100_000;

const OPTIONS = {
  user: { type: 'string', multiple: true },
  guild: { type: 'string', multiple: true },
  command: { type: 'string', multiple: true },
  trace: { type: 'string', multiple: true },
  logger: { type: 'string', multiple: true },
  event: { type: 'string', multiple: true },
  grep: { type: 'string', multiple: true },
  level: { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
  limit: { type: 'string' },
  directory: { type: 'string' },
  follow: { type: 'boolean', short: 'f' },
  json: { type: 'boolean' },
  summary: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsConfig['options'];

/**
 * Reads the command line.
 *
 * @param now milliseconds since the epoch.
 * @throws ArgumentError
 */
export function parseArguments(given: readonly string[], now: number): Arguments {
  const { values } = parsed(given);
  const follow = values.follow ?? false;
  const summary = values.summary ?? false;
  const query = {
    users: checked('user', values.user, isId, 'a Discord id (digits)'),
    guilds: checked('guild', values.guild, isId, 'a Discord id (digits)'),
    commands: checked('command', values.command, isText, 'a command or its first word, such as ticket').map(
      withoutSlash,
    ),
    traces: checked('trace', values.trace, isTrace, EXPECTED_TRACE).flatMap(
      (trace) => parseTrace(trace) ?? [],
    ),
    loggers: checked('logger', values.logger, isText, 'the name of a logger, such as rest'),
    events: checked('event', values.event, isText, 'the name of an event, such as command_settled'),
    texts: checked('grep', values.grep, isText, 'a text to look for'),
    level: levelOf(values.level),
    since: timeOf('since', values.since, now),
    until: timeOf('until', values.until, now),
  };
  if (query.since !== null && query.until !== null && query.since > query.until) {
    throw new ArgumentError(`--since (${query.since}) should be before --until (${query.until}).`);
  }
  if (follow && summary) throw new ArgumentError('--follow never ends, so there can be no --summary of it.');
  if (follow && query.until !== null) {
    throw new ArgumentError('--follow shows what is still to come, so there can be no --until.');
  }
  const limit = limitOf(values.limit);
  const directory = values.directory ?? null;
  if (directory === '') throw new ArgumentError('--directory should be a directory; nothing was given.');
  return { query, limit, directory, follow, summary, json: values.json ?? false, help: values.help ?? false };
}

function parsed(given: readonly string[]) {
  try {
    return parseArgs({ args: [...given], options: OPTIONS, allowPositionals: false });
  } catch (error) {
    // Node's own words name the option and what is wrong with it, in their first sentence.
    const message = reasonOf(error).split('. ')[0] ?? '';
    // npm keeps options that stand before `--` to itself, and hands their values on alone.
    const hint = message.startsWith('Unexpected argument')
      ? ' (npm run logs needs -- before its options)'
      : '';
    throw new ArgumentError(`${message.replace(/\.$/, '')}${hint}. See --help for what there is.`);
  }
}

const isId = (text: string): boolean => /^\d{1,20}$/.test(text);
const isTrace = (text: string): boolean => parseTrace(text) !== null;
const isText = (text: string): boolean => text !== '';
const withoutSlash = (command: string): string => command.replace(/^\//, '');

function checked(
  name: string,
  values: readonly string[] | undefined,
  isRight: (text: string) => boolean,
  expected: string,
): readonly string[] {
  const trimmed = (values ?? []).map((value) => (name === 'grep' ? value : value.trim()));
  const wrong = trimmed.find((value) => !isRight(value));
  if (wrong !== undefined) throw new ArgumentError(`--${name} should be ${expected}; "${wrong}" was given.`);
  return trimmed;
}

function levelOf(text: string | undefined): LogLevel | null {
  if (text === undefined) return null;
  const level = LOG_LEVELS.find((one) => one === text.trim().toLowerCase());
  if (level !== undefined) return level;
  throw new ArgumentError(`--level should be one of ${LOG_LEVELS.join(', ')}; "${text}" was given.`);
}

function timeOf(name: string, text: string | undefined, now: number): string | null {
  if (text === undefined) return null;
  const time = parseTime(text, now);
  if (time !== null) return time;
  throw new ArgumentError(`--${name} should be ${EXPECTED_TIME}; "${text}" was given.`);
}

function limitOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const limit = /^\d{1,9}$/.test(text.trim()) ? Number(text) : NaN;
  if (limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new ArgumentError(`--limit should be a whole number from 1 to ${MAX_LIMIT}; "${text}" was given.`);
}

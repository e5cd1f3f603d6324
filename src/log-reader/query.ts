import { reaches } from '../logging/levels';
import type { LogLevel } from '../logging/logger';
import { textField, type LogEntry } from './entry';

/** Which lines are asked for: all conditions hold at once; of a list, any one of its values. Empty asks for nothing. */
export interface LogQuery {
  readonly users: readonly string[];
  readonly guilds: readonly string[];
  /** Full paths or their first words: `ticket` takes `ticket close`, and `ticket:close` of a component. */
  readonly commands: readonly string[];
  /** Beginnings of trace ids, in lower case: a reference is the first eight digits. */
  readonly traces: readonly string[];
  /** Names or their first parts: `command` takes `command.stats`. */
  readonly loggers: readonly string[];
  readonly events: readonly string[];
  /** Anywhere in the line, whatever their case. */
  readonly texts: readonly string[];
  /** At least as severe as this. */
  readonly level: LogLevel | null;
  /** ISO 8601 with milliseconds, UTC; included. */
  readonly since: string | null;
  readonly until: string | null;
}

export const EVERYTHING: LogQuery = Object.freeze({
  users: [],
  guilds: [],
  commands: [],
  traces: [],
  loggers: [],
  events: [],
  texts: [],
  level: null,
  since: null,
  until: null,
});

export interface Matcher {
  /** Quickly, and without a false no: whether the text of a line may match. */
  mayMatch(text: string): boolean;
  matches(entry: LogEntry): boolean;
}

type Test = (entry: LogEntry) => boolean;

/** Turns a question into what tells the lines that answer it. */
export function createMatcher(query: LogQuery): Matcher {
  const tests = testsOf(query);
  // What a line must contain somewhere; ids and hexadecimal digits stand in JSON as they are.
  const needles = [query.users, query.guilds, query.traces].filter((values) => values.length > 0);
  const texts = query.texts.map(anywhere);
  return {
    mayMatch: (text) =>
      mayBeInTime(text, query) &&
      needles.every((values) => values.some((value) => text.includes(value))) &&
      (texts.length === 0 || texts.some((one) => one.test(text))),
    matches: (entry) => tests.every((test) => test(entry)),
  };
}

function testsOf(query: LogQuery): readonly Test[] {
  const { level, since, until } = query;
  return [
    ...(level === null ? [] : [(entry: LogEntry) => reaches(entry.level, level)]),
    ...(since === null ? [] : [(entry: LogEntry) => entry.timestamp >= since]),
    ...(until === null ? [] : [(entry: LogEntry) => entry.timestamp <= until]),
    ...anyOf(query.users, (user) => field('user_id', (value) => value === user)),
    ...anyOf(query.guilds, (guild) => field('guild_id', (value) => value === guild)),
    ...anyOf(query.events, (event) => field('event', (value) => value === event)),
    ...anyOf(query.commands, (words) => field('command', (value) => leads(words, value, [' ', ':']))),
    ...anyOf(query.loggers, (name) => field('logger', (value) => leads(name, value, ['.']))),
    ...anyOf(query.traces, (prefix) => {
      const own = field('trace_id', (value) => value.startsWith(prefix));
      const parent = field('parent_trace_id', (value) => value.startsWith(prefix));
      return (entry) => own(entry) || parent(entry);
    }),
    ...anyOf(query.texts, (text) => {
      const wanted = anywhere(text);
      return (entry) => wanted.test(entry.text);
    }),
  ];
}

function anyOf(values: readonly string[], test: (value: string) => Test): readonly Test[] {
  if (values.length === 0) return [];
  const tests = values.map(test);
  return [(entry) => tests.some((one) => one(entry))];
}

const field =
  (name: string, test: (value: string) => boolean): Test =>
  ({ fields }) =>
    test(textField(fields, name));

/** Whether it is the value, or the words with which it begins. */
function leads(words: string, value: string, separators: readonly string[]): boolean {
  return value === words || separators.some((separator) => value.startsWith(`${words}${separator}`));
}

/** The text as JSON writes it, so that quotes and line breaks in it are found. */
function anywhere(text: string): RegExp {
  const written = JSON.stringify(text).slice(1, -1);
  return new RegExp(written.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'i');
}

const TIMESTAMP_LEADS = '{"timestamp":"';
const TIMESTAMP_LENGTH = '2026-01-31T00:00:00.000Z'.length;

function mayBeInTime(text: string, { since, until }: LogQuery): boolean {
  const timestamp = leadingTimestamp(text);
  if (timestamp === null) return true;
  return (since === null || timestamp >= since) && (until === null || timestamp <= until);
}

/** The timestamp of a line that begins with it, as ours do. */
export function leadingTimestamp(text: string): string | null {
  if (!text.startsWith(TIMESTAMP_LEADS)) return null;
  return text.slice(TIMESTAMP_LEADS.length, TIMESTAMP_LEADS.length + TIMESTAMP_LENGTH);
}

import { causesOf } from '../errors';
import type { LogLevel } from '../logger';
import { isPlainObject, type Plain, type PlainObject } from '../plain';
import { escapeControls } from './escape';
import type { Format } from './format';

const COLOURS = { error: 31, warn: 33, info: 32, debug: 36 } as const satisfies Record<LogLevel, number>;
const DIM = 2;
const INDENT = '    ';

/**
 * For a person: time (UTC), level, logger, message, `key=value` fields, and the stacks below, indented.
 *
 * @param byStackAlone a field whose error is not among the others once more.
 */
export function createPrettyFormat(colour: boolean, byStackAlone?: string): Format {
  const paint = (text: string, code: number): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  return (record) => {
    const { timestamp, level, logger, message, invocation, fields } = record;
    const all = { ...invocation, ...fields };
    const time = paint(timestamp.slice(11, -1), DIM);
    const head = `${time} ${paint(level.toUpperCase().padEnd(5), COLOURS[level])} ${escapeControls(logger)}: `;
    const pairs = Object.entries(all)
      .filter(([key, value]) => key !== byStackAlone || !isErrorLike(value))
      .map(([key, value]) => ` ${paint(`${escapeControls(key)}=`, DIM)}${inline(value)}`);
    const stacks = Object.values(all).flatMap((value) => (isErrorLike(value) ? stackLines(value) : []));
    return [`${head}${escapeControls(message)}${pairs.join('')}`, ...stacks].join('\n');
  };
}

function inline(value: Plain): string {
  if (isErrorLike(value))
    return JSON.stringify(escapeControls(`${text(value.name)}: ${text(value.message)}`));
  if (typeof value !== 'string') return escapeControls(JSON.stringify(value));
  return /^[\w.:/@+[\]-]+$/.test(value) ? value : escapeControls(JSON.stringify(value));
}

/** The stack and those of its causes, every line indented, so that none can pass for a record. */
function stackLines(error: PlainObject, label = ''): string[] {
  const stack = text(error.stack ?? `${text(error.name)}: ${text(error.message)}`);
  const lines = `${label}${stack}`.split('\n').map((line) => `${INDENT}${escapeControls(line)}`);
  return [...lines, ...causesOf(error).flatMap((cause) => stackLines(cause, 'caused by: '))];
}

function isErrorLike(value: Plain | undefined): value is PlainObject {
  return isPlainObject(value) && 'name' in value && 'message' in value;
}

function text(value: Plain | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

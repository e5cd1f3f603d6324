import type { Plain, PlainObject } from '../plain';
import type { InvocationFields } from '../record';
import { escapeControls } from './escape';
import type { Format, Service } from './format';

/**
 * What a JSON string cannot hold as it stands, or must not: quotes, backslashes, what is not safe in any text. Wider than
 * that, as one class of characters is looked for at once: the two that join others are looked at twice.
 */
const NEEDS_ESCAPES = /["\\\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Names that are remembered; programs log under a few, again and again. */
const MAX_REMEMBERED = 1000;

/**
 * A JSON object on one line: timestamp, level, logger, message, the invocation, then the line's own fields, and last the
 * build. Written member by member: most values are short and plain, and `JSON.stringify` takes longer for them.
 */
export function createJsonFormat({ version, commit }: Pick<Service, 'version' | 'commit'>): Format {
  /** Made once: on each line it costs what appending a text does. */
  const end = `,"version":${quoted(version)},"commit":${quoted(commit)}}`;
  const known = new Map<string, string>();
  /** A member's name as it follows other members. */
  const nameOf = (name: string): string => {
    const seen = known.get(name);
    if (seen !== undefined) return seen;
    const text = `,${quoted(name)}:`;
    if (known.size < MAX_REMEMBERED) known.set(name, text);
    return text;
  };
  const members = (object: PlainObject): string => {
    let text = '';
    for (const name in object) text += nameOf(name) + json(object[name] ?? null);
    return text;
  };
  /** Nearly every line has them: written in one go, they cost half. */
  const invocationMembers = (own: InvocationFields): string => {
    const { trace_id, interaction_id, command, kind, guild_id, user_id, shard } = own;
    if ('parent_trace_id' in own || needEscapes(interaction_id, command, guild_id ?? '', user_id)) {
      return members(own);
    }
    const guild = guild_id === null ? 'null' : `"${guild_id}"`;
    return `,"trace_id":"${trace_id}","interaction_id":"${interaction_id}","command":"${command}","kind":"${kind}","guild_id":${guild},"user_id":"${user_id}","shard":${shard}`;
  };
  return ({ timestamp, level, logger, message, invocation, fields }) => {
    const head = `{"timestamp":"${timestamp}","level":"${level}","logger":${quoted(logger)},"message":${quoted(message)}`;
    return `${head}${invocation === null ? '' : invocationMembers(invocation)}${members(fields)}${end}`;
  };
}

function json(value: Plain): string {
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'number':
    case 'boolean':
      return String(value);
    default:
      return value === null ? 'null' : escaped(value);
  }
}

function needEscapes(...texts: readonly string[]): boolean {
  return texts.some((text) => NEEDS_ESCAPES.test(text));
}

function quoted(text: string): string {
  return NEEDS_ESCAPES.test(text) ? escaped(text) : `"${text}"`;
}

/** JSON lets C1 controls and U+2028 stand; terminals and readers of lines do not. */
function escaped(value: Plain): string {
  return escapeControls(JSON.stringify(value));
}

import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { LOG_LEVELS } from './logging/logger';

/**
 * How one value of a setting is read: from YAML, where it has a type, or from the environment, where it is text.
 * Each says in its message what the value should be.
 */

function parsed<T>(expected: string, parse: (value: unknown) => T | undefined): z.ZodType<T> {
  return z.unknown().transform((value, context) => {
    const result = parse(typeof value === 'string' ? value.trim() : value);
    if (result !== undefined) return result;
    context.addIssue({ code: 'custom', message: `should be ${expected}` });
    return z.NEVER;
  });
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint'
    ? String(value)
    : undefined;

/** A number within bounds, both included. */
export function number(minimum: number, maximum: number, options: { whole?: boolean; unit?: string } = {}) {
  const { whole = true, unit } = options;
  const what = `${whole ? 'a whole number' : 'a number'}${unit === undefined ? '' : ` of ${unit}`}`;
  return parsed(`${what} from ${minimum} to ${maximum}`, (value) => {
    const given = text(value);
    const result = given === undefined || given === '' ? NaN : Number(given);
    if (whole && !Number.isInteger(result)) return undefined;
    return result >= minimum && result <= maximum ? result : undefined;
  });
}

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ...['true', 'yes', 'on', '1'].map((text) => [text, true] as const),
  ...['false', 'no', 'off', '0'].map((text) => [text, false] as const),
]);

export function flag() {
  return parsed('true or false', (value) => FLAGS.get(String(value).toLowerCase()));
}

/** @param note behind the choices. */
export function oneOf<const T extends string>(choices: readonly T[], note = '') {
  return parsed(`one of ${choices.join(', ')}${note}`, (value) =>
    choices.find((choice) => choice === text(value)?.toLowerCase()),
  );
}

export const level = () => oneOf(LOG_LEVELS);

export function string() {
  return parsed('text', (value) => (value === '' ? undefined : text(value)));
}

/** A list in YAML, or text with commas or spaces between. */
export function snowflakes() {
  return parsed('Discord ids (15 to 20 digits), with commas between', (value) => {
    const items = Array.isArray(value)
      ? value.map(text)
      : (text(value) ?? '').split(/[\s,]+/).filter(Boolean);
    return items.every((item): item is string => item !== undefined && /^\d{15,20}$/.test(item))
      ? items
      : undefined;
  });
}

/** A list in YAML, or text separated as in `PATH`. */
export function paths(delimiter: string) {
  return parsed(`one or more directories, with "${delimiter}" between`, (value) => {
    const items = Array.isArray(value)
      ? value.map(text)
      : (text(value) ?? '').split(delimiter).filter(Boolean);
    const given = items.filter((item) => item !== undefined);
    return given.length > 0 && given.length === items.length ? given : undefined;
  });
}

const BYTE_UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };
const MINIMUM_FILE_BYTES = 1024;
const MAXIMUM_FILE_BYTES = 1024 ** 4;

/** Bytes: `10MB`, `10m`, `10MiB` and `10485760` are the same. */
export function bytes() {
  return parsed('a size from 1k to 1024g, such as 10MB, 10m or 10485760', (value) => {
    const match = /^(\d+(?:\.\d+)?)\s*([kmg]?)(?:i?b)?$/i.exec(text(value) ?? '');
    const unit = BYTE_UNITS[match?.[2]?.toLowerCase() ?? ''] ?? 1;
    const size = Math.round(Number(match?.[1]) * unit);
    return size >= MINIMUM_FILE_BYTES && size <= MAXIMUM_FILE_BYTES ? size : undefined;
  });
}

/** An absolute URL of one of these schemes, without a trailing slash. */
export function url(schemes: readonly string[]) {
  return parsed(`a URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`, (value) => {
    const given = text(value) ?? '';
    return isUrl(given, schemes) ? given.replace(/\/+$/, '') : undefined;
  });
}

/** As it is written: what Node.js would put right (`http:host`, a line break) is seldom what was meant. */
function isUrl(given: string, schemes: readonly string[]): boolean {
  const [, scheme = ''] = /^([a-z]+):\/\/[^\s/?#]\S*$/i.exec(given) ?? [];
  return schemes.includes(scheme.toLowerCase()) && URL.canParse(given);
}

const HTTP = ['http', 'https'];
const TRACES_PATH = '/v1/traces';

/** The address that OTLP's paths are put behind: https://opentelemetry.io/docs/specs/otel/protocol/exporter/ */
export function otlpEndpoint() {
  const expected = `a URL that starts with http:// or https://, without ?, # and ${TRACES_PATH}, which is put behind it (an address that is to be taken as it is goes into OTEL_EXPORTER_OTLP_TRACES_ENDPOINT)`;
  return parsed(expected, (value) => {
    const given = (text(value) ?? '').replace(/\/+$/, '');
    return isUrl(given, HTTP) && !/[?#]/.test(given) && !given.endsWith(TRACES_PATH) ? given : undefined;
  });
}

/** The address for traces, path and all. */
export function otlpTracesEndpoint() {
  return parsed('a URL that starts with http:// or https://, without #', (value) => {
    const given = text(value) ?? '';
    return isUrl(given, HTTP) && !given.includes('#') ? given : undefined;
  });
}

/** Those that say how a message is sent: whoever sends it knows that. */
const OWN_HEADERS: ReadonlySet<string> = new Set(
  'connection content-encoding content-length content-type expect host keep-alive te trailer transfer-encoding upgrade'.split(
    ' ',
  ),
);
/** https://www.rfc-editor.org/rfc/rfc9110#name-fields */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Headers, by name in YAML, or text as `keyValues` has it. */
export function headers() {
  const expected =
    'names and values of HTTP headers, such as authorization=Bearer%20abc; those of the connection and the content ' +
    '(host, content-length, …) are not to be set';
  return parsed(expected, (value) => {
    const given = pairsOf(value);
    const isHeader = ([name, text]: readonly [string, string]): boolean =>
      HEADER_NAME.test(name) && !OWN_HEADERS.has(name.toLowerCase()) && HEADER_VALUE.test(text);
    return given !== undefined && Object.entries(given).every(isHeader) ? given : undefined;
  });
}

/** A database: an SQLite file, or a PostgreSQL server. */
export function databaseUrl() {
  return parsed(
    'file: and a path, such as file:data/telltale.db, or postgres:// and a server, such as postgres://db:5432/telltale',
    (value) => {
      const given = text(value) ?? '';
      if (/^file:./.test(given)) return /^file:\/\/\/?$|[?#]/.test(given) ? undefined : given;
      return /^postgres(ql)?:\/\/[^/]/.test(given) && URL.canParse(given) ? given : undefined;
    },
  );
}

/** A file with certificates or a key; gives its name. */
export function pemFile() {
  return parsed('the name of a file that can be read, with a certificate or key in PEM', (value) => {
    const file = text(value) ?? '';
    return isPem(file) ? file : undefined;
  });
}

function isPem(file: string): boolean {
  try {
    return readFileSync(file, 'utf8').includes('-----BEGIN ');
  } catch {
    return false; // It is not there, or not for us.
  }
}

/** Two of them, with their names, fit into the 1,024 characters of a field of a message. */
const LONGEST_LINK = 500;
const TRACE_ID_LENGTH = 32;

/**
 * The address of a page about one trace, with `{traceId}` in the place of its id.
 *
 * @param example to be shown where it is none.
 */
export function traceLink(example: string) {
  const expected = `a URL with {traceId} in it, of at most ${LONGEST_LINK} characters once an id of ${TRACE_ID_LENGTH} is there, without white space and brackets, such as ${example}`;
  return parsed(expected, (value) => {
    const given = text(value) ?? '';
    const isLink = /^https?:\/\/[^\s<>()[\]]+$/.test(given) && given.includes('{traceId}');
    const { length } = given.replaceAll('{traceId}', '0'.repeat(TRACE_ID_LENGTH));
    return isLink && length <= LONGEST_LINK && URL.canParse(given) ? given : undefined;
  });
}

/** As Sentry's library reads it, which keeps silent where it cannot, and as an address may be. */
const DSN = /^https?:\/\/\w+(?::\w*)?@(?:[\w.-]+|\[[\da-fA-F:.]+\])(?::\d+)?\/(?:[\w.~-]+\/)*\d+$/;

/** The address of a project of Sentry's, with its public key. */
export function dsn() {
  return parsed('the DSN of a Sentry project, such as https://key@o1.ingest.sentry.io/2', (value) => {
    const given = text(value) ?? '';
    return DSN.test(given) && URL.canParse(given) ? given : undefined;
  });
}

/** Names and values: by name in YAML, or text as in `a=1,b=2`, where what has a meaning there is percent-encoded. */
export function keyValues() {
  return parsed('names and values, such as name=value,other=value', pairsOf);
}

function pairsOf(value: unknown): Readonly<Record<string, string>> | undefined {
  const isTree = typeof value === 'object' && value !== null && !Array.isArray(value);
  const pairs = isTree ? Object.entries(value) : (text(value) ?? '=').split(',').filter(Boolean).map(pair);
  const given = pairs.map(([name, item]) => [name, text(item)] as const);
  return given.every((one): one is readonly [string, string] => one[0] !== '' && one[1] !== undefined)
    ? Object.fromEntries(given)
    : undefined;
}

/** One of `name=value`; a name that is empty, or a value that is none, where it is not. */
function pair(written: string): readonly [string, string | undefined] {
  const [, name = '', item = ''] = /^([^=]*)=(.*)$/s.exec(written) ?? [];
  try {
    return [name.trim(), decodeURIComponent(item.trim())];
  } catch {
    return [name.trim(), undefined];
  }
}

/** Text that nobody guesses. */
export function secret(minimumLength: number) {
  return parsed(`text of at least ${minimumLength} characters`, (value) => {
    const given = text(value);
    return given !== undefined && given.length >= minimumLength ? given : undefined;
  });
}

/** A Discord token as it is sent: without "Bot ", without white space. */
export function token() {
  return parsed('the bot’s token, one word, from the "Bot" page of the Developer Portal', (value) => {
    const given = (text(value) ?? '').replace(/^Bot\s+/i, '');
    return /^\S+$/.test(given) ? given : undefined;
  });
}

/** A name or an address; that of IPv6 with or without its brackets. */
export function host() {
  return parsed('a name or an address', (value) => {
    const given = (text(value) ?? '').replace(/^\[(.*)\]$/, '$1');
    return /^[\w.:%-]+$/.test(given) ? given : undefined;
  });
}

const MAXIMUM_SHARDS = 100_000;

/** The number of shards, or `auto` for what Discord recommends. */
export function shards() {
  return parsed(`auto, or a whole number from 1 to ${MAXIMUM_SHARDS}`, (value) => {
    if (text(value)?.toLowerCase() === 'auto') return 'auto' as const;
    const count = Number(text(value));
    return Number.isInteger(count) && count >= 1 && count <= MAXIMUM_SHARDS ? count : undefined;
  });
}

/** Numbers of shards: `0,1,2` or `0-2`. */
export function shardIds() {
  return parsed('numbers of shards, such as 0,1,2 or 0-2', (value) => {
    const items = Array.isArray(value)
      ? value.map(String)
      : (text(value) ?? '').split(/[\s,]+/).filter(Boolean);
    const ids = items.flatMap((item) => {
      const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(item);
      if (match === null) return [NaN];
      const first = Number(match[1]);
      const last = Number(match[2] ?? match[1]);
      return last < first ? [NaN] : Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });
    return ids.length > 0 && !ids.some(Number.isNaN) ? [...new Set(ids)] : undefined;
  });
}

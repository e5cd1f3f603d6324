import type { LogLine } from '../support/bot';

/** Looking into lines by paths such as `error.cause.name`. */

/** What stands at the path; undefined where nothing does. */
export function at(line: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) => (isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined),
      line,
    );
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** All values but null that stand at the path in any of the lines. */
export function valuesAt(lines: readonly LogLine[], path: string): unknown[] {
  return lines.map((line) => at(line, path)).filter((value) => value !== undefined && value !== null);
}

/** Paths of all that is no object, and of those objects that are to be left whole. */
export function leavesOf(lines: readonly LogLine[], whole: ReadonlySet<string | null> = new Set()): string[] {
  const found = new Set<string>();
  const look = (value: unknown, path: string): void => {
    if (!isObject(value) || whole.has(path)) found.add(path);
    else
      for (const [name, inner] of Object.entries(value)) look(inner, path === '' ? name : `${path}.${name}`);
  };
  for (const line of lines) look(line, '');
  return [...found].sort();
}

/** A line of ECS as its readers see it: a name with dots in it is as many levels (`expand_keys`). */
export function expanded(line: LogLine): LogLine {
  const all: Record<string, unknown> = { ...line };
  for (const [name, value] of Object.entries(line)) {
    const [first = '', second] = name.split('.');
    if (second === undefined) continue;
    const group = all[first];
    all[first] = { ...(isObject(group) ? group : {}), [second]: value };
    Reflect.deleteProperty(all, name);
  }
  return all;
}

/** What a value can be, in the words of docs/logs.md and of the configurations. */
export const TYPES = {
  any: () => true,
  text: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  object: isObject,
  list: Array.isArray,
  time: (value) =>
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value) &&
    !Number.isNaN(Date.parse(value)),
  'trace id': (value) => typeof value === 'string' && /^[0-9a-f]{32}$/.test(value),
  level: (value) => typeof value === 'string' && ['error', 'warn', 'info', 'debug'].includes(value),
  null: (value) => value === null,
} as const satisfies Readonly<Record<string, (value: unknown) => boolean>>;
export type TypeName = keyof typeof TYPES;

export function isTypeName(name: string): name is TypeName {
  return Object.hasOwn(TYPES, name);
}

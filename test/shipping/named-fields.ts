import { parse } from 'yaml';
import { isObject, type TypeName } from './values';

/** The fields that configurations name, each read by the syntax of its configuration. */
export interface NamedField {
  /** In a line as the bot writes it. */
  readonly path: string;
  readonly type: TypeName;
}

/** A field of ours, and what it is called in Elastic's schema. */
export interface Renaming {
  readonly from: string;
  readonly to: string;
}

const field = (path: string, type: TypeName = 'any'): NamedField => ({ path, type });

/** `[raw][error][name]`, as `error.name`. */
const dotted = (reference: string): string => reference.slice(1, -1).replaceAll('][', '.');
const withoutRaw = (path: string): string => path.replace(/^raw\./, '');
const withoutComments = (text: string, mark: string): string =>
  text.replaceAll(new RegExp(`(^|\\s)${mark}.*$`, 'gm'), '$1');

export function logstashRenamings(text: string): Renaming[] {
  const pairs = [...withoutComments(text, '#').matchAll(/"(\[raw\]\[[^"]+)" => "(\[[^"]+)"/g)];
  return pairs.map(([, from = '', to = '']) => ({ from: withoutRaw(dotted(from)), to: dotted(to) }));
}

export function logstashFields(source: string): NamedField[] {
  const text = withoutComments(source, '#');
  const original = backwards(logstashRenamings(source));
  const named = [...text.matchAll(/\[raw\](?:\[\w+\])+/g)].map(([reference]) =>
    field(withoutRaw(dotted(reference))),
  );
  const numbers: Readonly<Record<string, TypeName>> = { integer: 'integer', float: 'number', string: 'any' };
  const converted = [...text.matchAll(/"((?:\[\w+\])+)" => "(integer|float|string)"/g)].map(
    ([, reference = '', to = '']) => field(original(dotted(reference)), numbers[to] ?? 'any'),
  );
  const times = [...text.matchAll(/match => \["((?:\[\w+\])+)", "ISO8601"\]/g)].map(([, reference = '']) =>
    field(withoutRaw(dotted(reference)), 'time'),
  );
  const counted = [...text.matchAll(/event\.get\("((?:\[\w+\])+)"\) \*/g)].map(([, reference = '']) =>
    field(withoutRaw(dotted(reference)), 'number'),
  );
  return [...named, ...converted, ...times, ...counted];
}

export function filebeatRenamings(text: string): Renaming[] {
  return objectsIn(parse(text)).flatMap(({ from, to }) =>
    typeof from === 'string' && typeof to === 'string' && from !== 'raw'
      ? [{ from: withoutRaw(from), to: withoutRaw(to) }]
      : [],
  );
}

export function filebeatFields(text: string): NamedField[] {
  const original = backwards(filebeatRenamings(text));
  const types: Readonly<Record<string, TypeName>> = { long: 'integer', double: 'number', string: 'any' };
  return objectsIn(parse(text)).flatMap(({ from, type, field: time, fields, source }) => [
    ...(typeof from === 'string' && from !== 'raw'
      ? [field(original(withoutRaw(from)), types[String(type)] ?? 'any')]
      : []),
    ...(typeof time === 'string' ? [field(withoutRaw(time), 'time')] : []),
    ...(Array.isArray(fields) ? texts(fields).map((path) => field(withoutRaw(path))) : []),
    ...(typeof source === 'string' ? gotten(source) : []),
  ]);
}

function gotten(script: string): NamedField[] {
  const found = [...script.matchAll(/var (\w+) = event\.Get\("raw\.([\w.]+)"\)/g)];
  return found.map(([, name = '', path = '']) =>
    field(path, new RegExp(`${name} \\*`).test(script) ? 'number' : 'any'),
  );
}

/** Those of an index template: in lines of Elastic's schema. */
export function elasticFields(text: string): NamedField[] {
  const types: Readonly<Record<string, TypeName>> = {
    date: 'time',
    keyword: 'text',
    long: 'integer',
    double: 'number',
  };
  const look = (properties: unknown, prefix: string): NamedField[] =>
    !isObject(properties)
      ? []
      : Object.entries(properties).flatMap(([name, value]) => {
          if (!isObject(value)) return [];
          const own =
            typeof value.type === 'string' ? [field(prefix + name, types[value.type] ?? 'null')] : [];
          return [...own, ...look(value.properties, `${prefix}${name}.`)];
        });
  return objectsIn(JSON.parse(text)).flatMap(({ mappings }) =>
    isObject(mappings) ? look(mappings.properties, '') : [],
  );
}

export function datadogFields(text: string): NamedField[] {
  const types: Readonly<Record<string, TypeName>> = {
    'date-remapper': 'time',
    'status-remapper': 'level',
    'message-remapper': 'text',
    'trace-id-remapper': 'trace id',
    'attribute-remapper': 'text',
  };
  return objectsIn(JSON.parse(text)).flatMap(({ type, sources, expression }) => [
    ...texts(sources).map((path) => field(path, types[String(type)] ?? 'null')),
    ...(typeof expression === 'string'
      ? (expression.match(/[a-z_][\w.]*/g) ?? []).map((path) => field(path, 'number'))
      : []),
  ]);
}

export function collectorFields(text: string): NamedField[] {
  const types: Readonly<Record<string, TypeName>> = {
    timestamp: 'time',
    severity: 'level',
    trace_id: 'trace id',
  };
  return objectsIn(parse(text)).flatMap((object) =>
    Object.entries(object).flatMap(([name, value]) =>
      isObject(value) && typeof value.parse_from === 'string'
        ? [field(value.parse_from.replace(/^attributes\.line\./, ''), types[name] ?? 'null')]
        : [],
    ),
  );
}

export function splunkFields(text: string): NamedField[] {
  const aliases = [...text.matchAll(/^FIELDALIAS-\w+ = ([\w.]+) AS \w+$/gm)];
  const sums = [...text.matchAll(/^EVAL-\w+ = ([\w.]+) \/ \d+$/gm)];
  return [
    ...aliases.map(([, path = '']) => field(path, 'text')),
    ...sums.map(([, path = '']) => field(path, 'number')),
  ];
}

export function alloyFields(text: string): NamedField[] {
  const time = /stage\.timestamp \{\s+source\s+= "(\w+)"/.exec(withoutComments(text, '//'))?.[1];
  const known = alloyBlock(text, 'expressions');
  return Object.values(known).map((path) => field(path, path === known[time ?? ''] ? 'time' : 'text'));
}

/** The entries of the objects that are assigned inside a stage, or under this name: `values = { level = "level" }`. */
export function alloyBlock(text: string, stage: string): Readonly<Record<string, string>> {
  const block = new RegExp(
    `${stage}(?: \\{\\s+values)? += \\{([^}]*)\\}|${stage} \\{\\s+values += \\{([^}]*)\\}`,
  );
  const [, assigned, inside] = block.exec(withoutComments(text, '//')) ?? [];
  const entries = [...(assigned ?? inside ?? '').matchAll(/(\w+)\s*=\s*"([^"]*)"/g)];
  return Object.fromEntries(entries.map(([, name = '', value = '']) => [name, value]));
}

/** The name before the renaming. */
function backwards(renamings: readonly Renaming[]): (path: string) => string {
  const originals = new Map(renamings.map(({ from, to }) => [to, from]));
  return (path) => originals.get(path) ?? withoutRaw(path);
}

/** Every object that stands anywhere in the value. */
export function objectsIn(value: unknown): Readonly<Record<string, unknown>>[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  return isObject(value) ? [value, ...Object.values(value).flatMap(objectsIn)] : [];
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

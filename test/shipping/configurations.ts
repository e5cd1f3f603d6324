import { runInNewContext } from 'node:vm';
import { parse } from 'yaml';
import type { LogLine } from '../support/bot';
import { ecsLines } from './ecs-lines';
import {
  alloyBlock,
  alloyFields,
  collectorFields,
  datadogFields,
  elasticFields,
  filebeatFields,
  filebeatRenamings,
  logstashFields,
  logstashRenamings,
  objectsIn,
  splunkFields,
  type NamedField,
} from './named-fields';
import { readLogPage } from './page';
import { repositoryFile, STARTING_MS } from './real-lines';
import { at, expanded, leavesOf, TYPES, valuesAt } from './values';

/** The files in config/ that send the log elsewhere, against the lines of real runs. */

let json: readonly LogLine[];
let ecs: readonly LogLine[];

beforeAll(async () => {
  const real = await ecsLines();
  json = real.files; // Of LOG_FORMAT=json, too: recipes.test.ts sees to that.
  ecs = real.stdout.map(expanded);
}, STARTING_MS);

interface Configuration {
  readonly file: readonly string[];
  readonly fields: (text: string) => NamedField[];
  readonly lines: () => readonly LogLine[];
  /** At least so many: less would mean that they were not found. */
  readonly atLeast: number;
}

const inJson = (): readonly LogLine[] => json;
const inEcs = (): readonly LogLine[] => ecs;
const CONFIGURATIONS: readonly Configuration[] = [
  { file: ['logstash', 'telltale.conf'], fields: logstashFields, lines: inJson, atLeast: 39 },
  { file: ['filebeat', 'files.yml'], fields: filebeatFields, lines: inJson, atLeast: 27 },
  { file: ['elastic', 'index-template.json'], fields: elasticFields, lines: inEcs, atLeast: 17 },
  { file: ['datadog', 'pipeline.json'], fields: datadogFields, lines: inJson, atLeast: 8 },
  { file: ['splunk', 'otel-collector.yaml'], fields: collectorFields, lines: inJson, atLeast: 3 },
  { file: ['splunk', 'props.conf'], fields: splunkFields, lines: inJson, atLeast: 5 },
  { file: ['alloy', 'loki.alloy'], fields: alloyFields, lines: inJson, atLeast: 14 },
];

/** Those that no line has, or that are of another type in one. */
function wrong(named: readonly NamedField[], lines: readonly LogLine[]): NamedField[] {
  return named.filter(({ path, type }) => {
    const values = valuesAt(lines, path);
    return values.length === 0 || !values.every(TYPES[type]);
  });
}

describe.each(CONFIGURATIONS)('config/$file.0/$file.1', ({ file, fields, lines, atLeast }) => {
  it('names only fields that real lines have, in the type that it takes them for', async () => {
    const named = fields(await repositoryFile('config', ...file));
    expect(named.length).toBeGreaterThanOrEqual(atLeast);
    expect(wrong(named, lines())).toEqual([]);
  });

  it('would be found out, whichever of its fields no line had', async () => {
    const text = await repositoryFile('config', ...file);
    for (const { path } of fields(text)) {
      const last = path.split('.').at(-1) ?? '';
      const broken = text.replaceAll(new RegExp(`(?<![\\w@])${last}\\b`, 'g'), `${last}_gone`);
      expect(wrong(fields(broken), lines())).toContainEqual(
        expect.objectContaining({ path: expect.stringContaining(`${last}_gone`) }),
      );
    }
  });
});

describe.each([
  ['Logstash', ['logstash', 'telltale.conf'], logstashRenamings],
  ['Filebeat', ['filebeat', 'files.yml'], filebeatRenamings],
] as const)('%s', (_, file, renamings) => {
  it('gives the fields of the files the names and types that LOG_FORMAT=ecs prints, so that one template serves both', async () => {
    const pairs = renamings(await repositoryFile('config', ...file));
    expect(pairs.length).toBeGreaterThan(14);
    for (const { from, to } of pairs) {
      const [source] = valuesAt(json, from);
      const [target] = valuesAt(ecs, to);
      // A code may be a number in our lines; it is converted to the text that Elastic wants.
      const type = from === 'error.code' ? 'string' : typeof source;
      expect({ from, to, type: typeof target }).toEqual({ from, to, type });
    }
  });

  it('forgets none of what LOG_FORMAT=ecs has a name of Elastic’s for', async () => {
    const targets = new Set(renamings(await repositoryFile('config', ...file)).map(({ to }) => to));
    const { fields } = await readLogPage();
    const missing = fields.flatMap(({ ecsName }) =>
      ecsName === null || ecsName.startsWith('telltale.') || targets.has(ecsName) ? [] : [ecsName],
    );
    // These two are made otherwise: a date filter, a multiplication.
    expect(missing).toEqual(['@timestamp', 'event.duration']);
  });
});

describe('a command’s own field of another type than Elastic has for its name', () => {
  const lists = (text: string, list: RegExp): string[] =>
    [...text.matchAll(list)].flatMap(([, names = '']) => names.match(/\w+/g) ?? []).sort();

  it('is known to Logstash and to Filebeat for all that they rename or the index template maps', async () => {
    const template = elasticFields(await repositoryFile('config', 'elastic', 'index-template.json'));
    const logstash = await repositoryFile('config', 'logstash', 'telltale.conf');
    const filebeat = await repositoryFile('config', 'filebeat', 'files.yml');
    // Reserved names, and the parts of errors, are always what they should be.
    const always = /^(?:level|logger|message|version|commit|error\..*)$/;
    const renamed = logstashRenamings(logstash).map(({ from }) => from);
    const mapped = template.flatMap(({ path }) => /^telltale\.(\w+)$/.exec(path)?.[1] ?? []);
    const names = new Set([...renamed.filter((name) => !always.test(name)), ...mapped, 'duration_ms']);
    expect(lists(logstash, /= %w\[([^\]]+)\]/g)).toEqual([...names].sort());
    expect(lists(filebeat, /var (?:texts|numbers) = \[([^\]]+)\]/g)).toEqual([...names].sort());
  });

  it('is set aside by Filebeat, so that no line is refused for it', async () => {
    const text = await repositoryFile('config', 'filebeat', 'files.yml');
    const [source] = objectsIn(parse(text)).flatMap(({ source: script }) =>
      typeof script === 'string' ? [script] : [],
    );
    const setAside = (raw: Readonly<Record<string, unknown>>): Map<string, unknown> => {
      const fields = new Map(Object.entries(raw).map(([name, value]) => [`raw.${name}`, value]));
      runInNewContext(`${source ?? ''}; process(event)`, {
        event: {
          Get: (name: string) => fields.get(name) ?? null,
          Put: (name: string, value: unknown) => fields.set(name, value),
          Delete: (name: string) => fields.delete(name),
        },
      });
      return fields;
    };
    const wrong = {
      event: { x: 1 },
      outcome: 5,
      reason: ['x'],
      duration_ms: 'slow',
      shard: 1e300,
      ack_ms: 'x',
    };
    const kept = Object.entries(wrong).map(([name, value]) => [`raw.${name}_`, value]);
    expect(setAside(wrong)).toEqual(new Map(kept as [string, unknown][]));
    const right = { event: 'x', outcome: 'failed', duration_ms: 12.5, shard: 0, own: { x: 1 } };
    const unchanged = Object.entries(right).map(([name, value]): [string, unknown] => [`raw.${name}`, value]);
    const made: [string, unknown][] = [
      ['event.duration', 12_500_000],
      ['event.outcome', 'failure'],
    ];
    expect(setAside(right)).toEqual(new Map([...unchanged, ...made]));
  });
});

it('Logstash converts each field under the name that it has at that moment', async () => {
  const text = await repositoryFile('config', 'logstash', 'telltale.conf');
  const names = new Set(leavesOf(json).map((path) => `[raw][${path.replaceAll('.', '][')}]`));
  const blocks = text.split(/\bmutate \{/).slice(1);
  for (const block of blocks) {
    // Its own order, not that of the text: it renames first.
    for (const [, from = '', to = ''] of block.matchAll(/"(\[[^"]+)" => "(\[[^"]+)"/g)) {
      for (const name of [...names].filter((one) => one === from || one.startsWith(`${from}[`))) {
        names.delete(name);
        names.add(name.replace(from, to));
      }
    }
    for (const [, name = ''] of block.matchAll(/"(\[[^"]+)" => "(?:integer|float|string)"/g)) {
      expect(names).toContain(name);
    }
  }
  expect([...names].filter((name) => name.startsWith('[raw]'))).toEqual([]);
});

it('Loki’s labels are of closed sets, and what is without number is no label', async () => {
  const text = await repositoryFile('config', 'alloy', 'loki.alloy');
  const expressions = alloyBlock(text, 'expressions');
  const labels = Object.values(alloyBlock(text, 'stage.labels'));
  const metadata = Object.values(alloyBlock(text, 'stage.structured_metadata'));
  expect(labels).toEqual(['level', 'logger']);
  expect([...labels, ...metadata].filter((name) => expressions[name] === undefined)).toEqual([]);
  expect(metadata.filter((name) => labels.includes(name))).toEqual([]);
  const { closedSets } = await readLogPage();
  for (const label of labels) {
    const known = closedSets.get(label) ?? new Set();
    // A command's own logger: as many as there are commands.
    const values = new Set(
      valuesAt(json, label).map((value) => String(value).replace(/^command\..*/, 'command.')),
    );
    expect({ label, others: [...values].filter((value) => !known.has(value)) }).toEqual({
      label,
      others: [],
    });
  }
});

it('Splunk finds the time of every line, and takes no line for another container’s', async () => {
  const props = await repositoryFile('config', 'splunk', 'props.conf');
  const setting = (name: string): string => new RegExp(`^${name} = (.*)$`, 'm').exec(props)?.[1] ?? '';
  const texts = json.map((line) => JSON.stringify(line));
  const digits = {
    Y: '\\d{4}',
    m: '\\d\\d',
    d: '\\d\\d',
    H: '\\d\\d',
    M: '\\d\\d',
    S: '\\d\\d',
    '3N': '\\d{3}',
  };
  const format = setting('TIME_FORMAT')
    .replaceAll('.', '\\.')
    .replaceAll(/%(3N|\w)/g, (_, part: keyof typeof digits) => digits[part]);
  const time = new RegExp(`${setting('TIME_PREFIX')}(${format})"`);
  expect(
    texts.filter(
      (text) => (time.exec(text)?.[1]?.length ?? Infinity) > Number(setting('MAX_TIMESTAMP_LOOKAHEAD')),
    ),
  ).toEqual([]);
  expect(Number(setting('TRUNCATE'))).toBeGreaterThanOrEqual(64 * 1024 * 6);

  const collector = await repositoryFile('config', 'splunk', 'otel-collector.yaml');
  const expressions = objectsIn(parse(collector)).flatMap(({ expr, is_first_entry: first }) => [expr, first]);
  // Between the quotes of an expression stands a string with the escapes of Go, which are those of JSON here.
  const patterns = expressions.flatMap((text) => /matches (".*")\)?$/.exec(String(text))?.[1] ?? []);
  const [joined, ours] = patterns.map((quoted) => new RegExp(JSON.parse(quoted) as string));
  expect(texts.filter((text) => joined?.test(text) !== true || ours?.test(text) !== true)).toEqual([]);
  expect(ours?.test('{"timestamp":"2026-01-31T00:00:00Z","message":"somebody else’s"}')).toBe(false);
});

it('Datadog finds the bot by the source that its pipeline asks for', async () => {
  const compose = await repositoryFile('config', 'datadog', 'compose.yaml');
  const label = at(parse(compose), 'services.bot.labels');
  const logs = Object(label)['com.datadoghq.ad.logs'] as string;
  const pipeline: unknown = JSON.parse(await repositoryFile('config', 'datadog', 'pipeline.json'));
  expect(JSON.parse(logs)).toEqual([{ source: 'telltale', service: 'telltale' }]);
  expect(at(pipeline, 'filter.query')).toBe('source:telltale');
});

describe('collectors of files', () => {
  const names = [
    'bot-2026-01-31.log',
    'bot-2026-01-31.log.1',
    'bot-2026-01-31.log.12',
    'bot-2026-01-31.log.2.gz',
    'bot-2026-01-30.log.gz',
    'bot.log',
    'error-2026-01-31.log',
    'error.log',
    '.bot-audit.json',
  ];
  const wildcard = (pattern: string): RegExp =>
    new RegExp(`^${pattern.replace('/var/log/telltale/', '').replaceAll('.', '\\.').replaceAll('*', '.*')}$`);

  it.each([
    ['logstash/telltale.conf', /path => \[(.*)\]/, /exclude => \[(.*)\]/, wildcard],
    ['alloy/from-files.alloy', /"__path__" += (".*")/, /"__path_exclude__" = (".*")/, wildcard],
    [
      'filebeat/files.yml',
      /paths:(?:\n +#.*)*\n +- (.*)/,
      /exclude_files: \[(.*)\]/,
      (text: string) => new RegExp(text),
    ],
  ] as const)(
    '%s takes each line once: no link, no second kind, nothing compressed',
    async (file, path, exclude, excluded) => {
      const text = await repositoryFile('config', ...file.split('/'));
      const list = (pattern: RegExp): string[] =>
        (pattern.exec(text)?.[1] ?? '').split(', ').map((item) => item.replaceAll(/^["']|["']$/g, ''));
      const taken = names.filter(
        (name) =>
          list(path).some((glob) => wildcard(glob).test(name)) &&
          !list(exclude).some((one) => excluded(one).test(name)),
      );
      expect(taken).toEqual(['bot-2026-01-31.log', 'bot-2026-01-31.log.1', 'bot-2026-01-31.log.12']);
    },
  );
});

it('lines of LOG_FORMAT=ecs need no mapping: time, message and level are where Elastic looks', async () => {
  const containers = parse(await repositoryFile('config', 'filebeat', 'containers.yml')) as unknown;
  const [ndjson] = objectsIn(containers).flatMap(({ ndjson }) => (ndjson === undefined ? [] : [ndjson]));
  expect(ndjson).toMatchObject({ target: '', overwrite_keys: true, expand_keys: true });
  const elastic: readonly NamedField[] = [
    { path: '@timestamp', type: 'time' },
    { path: 'log.level', type: 'level' },
    { path: 'message', type: 'text' },
    { path: 'log.logger', type: 'text' },
    { path: 'trace.id', type: 'trace id' },
    { path: 'event.duration', type: 'integer' },
    { path: 'error.stack_trace', type: 'text' },
  ];
  expect(wrong(elastic, ecs)).toEqual([]);
});

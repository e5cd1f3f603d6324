import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The import rules of the design. Whoever breaks one finds the file, the import and the rule named here. */

const root = path.resolve(__dirname, '..');

interface Import {
  /** Path from the root, with slashes, without its extension. */
  readonly from: string;
  /** The same for files of ours; a package's name for others. */
  readonly to: string;
}

interface Rule {
  readonly says: string;
  readonly forbids: (one: Import) => boolean;
}

const within = (file: string, ...places: readonly string[]): boolean =>
  places.some((place) => file === place || file.startsWith(`${place}/`));

/** Each library has one owner. */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  'discord.js': ['src/discord', 'commands', 'src/app'],
  '@discordjs/ws': ['src/discord'],
  'prom-client': ['src/telemetry/sinks/registry'],
  winston: ['src/logging'],
  'winston-transport': ['src/logging'],
  'winston-daily-rotate-file': ['src/logging'],
  express: ['src/http'],
  kysely: ['src/stats'],
  libsql: ['src/stats/database'],
  pg: ['src/stats/database'],
  '@napi-rs/canvas': ['src/charts'],
  '@sentry/node-core': ['src/sentry/client'],
  '@opentelemetry/api': ['src/tracing/otlp'],
  '@opentelemetry/otlp-transformer': ['src/tracing/otlp'],
  '@opentelemetry/resources': ['src/tracing/otlp'],
  '@opentelemetry/sdk-trace-base': ['src/tracing/otlp'],
  zod: ['src/settings', 'src/setting-values'],
  yaml: ['src/setting-layers'],
};

/** What each place may import of ours, beside itself. Places that are not named may import nothing of ours. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'src/telemetry/event': [],
  'src/telemetry': ['src/logging'],
  'src/logging': ['src/telemetry/event'],
  'src/log-reader': ['src/logging', 'src/stats/fingerprint', 'src/stats/sketch'],
  'src/logs': ['src/log-reader/run', 'src/settings'],
  'src/stats': [
    'src/telemetry/event',
    'src/telemetry/health',
    'src/logging',
    'src/supervise-thread',
    'src/thread-gate',
    'src/within',
  ],
  'src/post': ['src/logging/cut', 'src/logging/logger', 'src/logging/once-a-minute', 'src/within'],
  'src/within': [],
  'src/sentry': [
    'src/telemetry/event',
    'src/telemetry/trace-id',
    'src/logging',
    'src/post',
    'src/stats/describe-error',
    'src/within',
  ],
  'src/tracing': ['src/telemetry', 'src/logging', 'src/post', 'src/stats/stats', 'src/within'],
  'src/thread-gate': [],
  'src/supervise-thread': ['src/thread-gate'],
  'src/charts': ['src/supervise-thread'],
  'src/pipeline': ['src/telemetry/event', 'src/telemetry/operations', 'src/logging', 'src/within'],
  'src/http': ['src/telemetry', 'src/stats/stats', 'src/logging'],
  'src/discord': [
    'src/pipeline',
    'src/telemetry',
    'src/stats/stats',
    'src/charts/charts',
    'src/log-reader/search',
    'src/log-reader/summary-text',
    'src/logging',
    'src/settings',
    'src/within',
  ],
  'src/setting-values': ['src/logging/logger'],
  'src/setting-layers': [],
  'src/settings': ['src/setting-values', 'src/setting-layers', 'src/logging/logger', 'src/tracing/protocols'],
  'src/build-info': [],
  'src/service': ['src/build-info', 'src/settings'],
  'src/trace-settings': ['src/settings'],
  'src/destinations': ['src/settings', 'src/trace-settings'],
  'src/open-parts': [
    'src/build-info',
    'src/logging',
    'src/sentry',
    'src/service',
    'src/settings',
    'src/stats',
    'src/telemetry/event',
  ],
  'src/open-tracing': [
    'src/build-info',
    'src/discord/hosts',
    'src/logging',
    'src/service',
    'src/settings',
    'src/telemetry/trace-id',
    'src/trace-settings',
    'src/tracing',
  ],
  'src/core': ['src'],
  'src/app': ['src'],
  'src/instrument-settings': ['src/settings'],
  'src/instrument-hub': ['src'],
  'src/instrument': ['src'],
  'src/register': ['src/instrument', 'src/discord/instrument'],
  'src/main': ['src/process'],
  'src/process': [
    'src/app',
    'src/settings',
    'src/build-info',
    'src/telemetry/event',
    'src/discord/login',
    'src/http/listen-error',
  ],
  commands: [
    'src/discord/command',
    'src/discord/messages',
    'src/stats/stats',
    'src/charts/charts',
    'src/log-reader',
    'src/telemetry/health',
    'src/telemetry/event',
    'src/logging/logger',
    'src/logging/level-changes',
    'src/logging/plain',
    'src/logging/cut',
    'src/logging/errors',
  ],
};
const PLACES = Object.keys(MAY_IMPORT).sort((a, b) => b.length - a.length);
const placeOf = (file: string): string | undefined => PLACES.find((place) => within(file, place));

const RULES: readonly Rule[] = [
  {
    says: 'src/ and commands/ never import the simulator, the tests or the benchmarks',
    forbids: ({ from, to }) => within(from, 'src', 'commands') && within(to, 'simulator', 'test', 'bench'),
  },
  {
    says: 'a library is imported by its one owner',
    forbids: ({ from, to }) => {
      const owners = OWNERS[to];
      return within(from, 'src', 'commands') && owners !== undefined && !within(from, ...owners);
    },
  },
  {
    says: 'imports within src/ and commands/ point downwards only',
    forbids: ({ from, to }) => {
      const place = placeOf(from);
      if (!within(from, 'src', 'commands') || !within(to, 'src', 'commands')) return false;
      return place === undefined || !(within(to, place) || within(to, ...(MAY_IMPORT[place] ?? [])));
    },
  },
];

function sources(directory: string): string[] {
  return readdirSync(path.join(root, directory), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.posix.join(directory, file.split(path.sep).join('/')));
}

function importsOf(file: string, text: string): Import[] {
  const from = file.replace(/\.ts$/, '');
  const specifiers = [...text.matchAll(/(?:\bfrom|\bimport|\brequire\(|\bimport\()\s*'([^']+)'/g)];
  return specifiers.map(([, specifier = '']) => ({
    from,
    to: specifier.startsWith('.')
      ? path.posix.join(path.posix.dirname(from), specifier).replace(/\.js$/, '')
      : (/^(?:@[^/]+\/)?[^/]+/.exec(specifier.replace(/^node:/, ''))?.[0] ?? specifier),
  }));
}

function broken(imports: readonly Import[]): string[] {
  return RULES.flatMap(({ says, forbids }) =>
    imports.filter(forbids).map(({ from, to }) => `${from} imports ${to}: ${says}`),
  );
}

/** A way from a file back to itself, if there is one. */
function cycle(imports: readonly Import[]): string[] {
  const next = group(imports);
  const done = new Set<string>();
  const visit = (file: string, trail: readonly string[]): string[] => {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file];
    if (done.has(file)) return [];
    for (const { to } of next.get(file) ?? []) {
      const found = visit(to, [...trail, file]);
      if (found.length > 0) return found;
    }
    done.add(file);
    return [];
  };
  return [...next.keys()].map((file) => visit(file, [])).find((found) => found.length > 0) ?? [];
}

function group(imports: readonly Import[]): Map<string, Import[]> {
  const groups = new Map<string, Import[]>();
  for (const one of imports) groups.set(one.from, [...(groups.get(one.from) ?? []), one]);
  return groups;
}

const files = ['src', 'commands', 'simulator'].flatMap(sources);
const texts = new Map(files.map((file) => [file, readFileSync(path.join(root, file), 'utf8')]));
const imports = [...texts].flatMap(([file, text]) => importsOf(file, text));

it('reads the whole tree', () => {
  expect(files.length).toBeGreaterThan(60);
  expect(imports).toContainEqual({ from: 'src/process', to: 'src/app' });
  expect(imports).toContainEqual({ from: 'src/telemetry/sinks/registry', to: 'prom-client' });
});

it('keeps every import rule', () => {
  expect(broken(imports)).toEqual([]);
});

it('has no circle of imports', () => {
  expect(cycle(imports)).toEqual([]);
});

it.each([
  ['src/stats/store.ts', "import { Client } from 'discord.js';"],
  ['src/stats/read/summary.ts', "import { Pool } from 'pg';"],
  ['src/http/server.ts', "import { Counter } from 'prom-client';"],
  ['src/discord/router.ts', "import { startSimulator } from '../../simulator';"],
  ['src/telemetry/event.ts', "import type { Logger } from '../logging/logger';"],
  ['src/pipeline/run.ts', "export { createApp } from '../app';"],
  ['commands/ping.ts', "const { createRouter } = require('../src/discord/router');"],
  ['src/new-place.ts', "import type { Sink } from './telemetry/event';"],
])('names a forbidden import planted in %s: %s', (file, line) => {
  expect(broken(importsOf(file, line))).toHaveLength(1);
});

it('names a planted circle', () => {
  const planted = importsOf('src/telemetry/event.ts', "import type { Sink } from './telemetry';");
  expect(cycle([...imports, ...planted])).toContain('src/telemetry/event');
});

it('keeps process.env to the entries, and hands it in from there', () => {
  const readers = [...texts].filter(([, text]) => /process\s*\.\s*env\b/.test(text)).map(([file]) => file);
  expect(readers.filter((file) => within(file, 'src', 'commands')).sort()).toEqual([
    'src/instrument.ts',
    'src/logs.ts',
    'src/process.ts',
    'src/register.ts',
  ]);
});

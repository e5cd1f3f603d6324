import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { LOG_LEVELS } from '../../src/logging/logger';
import {
  CULPRITS,
  DEADLINE_RESULTS,
  FAILURE_REASONS,
  KINDS,
  OUTCOME_KINDS,
  RATE_LIMIT_SCOPES,
  REFUSAL_REASONS,
} from '../../src/telemetry/event';
import type { LogLine } from '../support/bot';
import { ecsLines } from './ecs-lines';
import { readLogPage, type DocumentedField, type LogPage } from './page';
import { STARTING_MS, type RealLines } from './real-lines';
import { at, expanded, leavesOf, TYPES } from './values';

/** docs/logs.md against the lines of real runs: who writes a query or an alert relies on it. */

let page: LogPage;
let real: RealLines;
let ecs: readonly LogLine[];

beforeAll(async () => {
  page = await readLogPage();
  real = await ecsLines();
  ecs = real.stdout.map(expanded);
}, STARTING_MS);

/** Always there in ECS, and the same in every line or told by another field. */
const ECS_OWN = ['ecs.version', 'service.name', 'event.outcome'];

const SOURCES = path.resolve(__dirname, '..', '..', 'src');

it('every field of a real line is documented, in JSON and in ECS', () => {
  const names = new Set(page.fields.map(({ name }) => name));
  const ecsNames = new Set([...page.fields.map(({ ecsName }) => ecsName), ...ECS_OWN]);
  expect(leavesOf(real.files, names).filter((name) => !names.has(name))).toEqual([]);
  expect(leavesOf(ecs, ecsNames).filter((name) => !ecsNames.has(name))).toEqual([]);
});

it('every documented field has the type that is said, wherever it stands', () => {
  for (const { name, ecsName, types } of page.fields) {
    expect({ name, types }).not.toEqual({ name, types: [] });
    expect({ name, wrong: wronglyTyped(real.files, name, types) }).toEqual({ name, wrong: [] });
    if (ecsName !== null)
      expect({ ecsName, wrong: wronglyTyped(ecs, ecsName, types) }).toEqual({ ecsName, wrong: [] });
  }
});

it('what is said to be in every line, or in every invocation, is', () => {
  const [always, inside] = [page.fields.slice(0, 6), page.fields.slice(6, 13)].map((fields) =>
    fields.map(({ name }) => name),
  );
  const without = (lines: readonly LogLine[], names: readonly string[] = []): LogLine[] =>
    lines.filter((line) => names.some((name) => at(line, name) === undefined));
  expect(without(real.files, always)).toEqual([]);
  const invocations = real.files.filter((line) => line.trace_id !== undefined);
  expect(invocations.length).toBeGreaterThan(20);
  expect(without(invocations, inside)).toEqual([]);
});

it('no field is documented that there is not, and what a settled command has was seen in both formats', async () => {
  const sources = await sourceText();
  const unknown = page.fields.filter(({ name }) => !mentions(sources, name.split('.').at(-1) ?? ''));
  expect(unknown).toEqual([]);
  const settled = page.fields.slice(
    0,
    page.fields.findIndex(({ name }) => name === 'error.errors'),
  );
  expect(settled.length).toBeGreaterThan(25);
  expect(settled.filter((field) => !isSeen(field))).toEqual([]);
});

it('the values of closed sets are those of the vocabulary, and real lines have no others', async () => {
  const events = (await sourceText()).matchAll(/\bevent: '(\w+)'/g);
  const documented = (name: string): string[] => [...(page.closedSets.get(name) ?? [])].sort();
  const vocabulary: Readonly<Record<string, readonly string[]>> = {
    level: LOG_LEVELS,
    kind: KINDS,
    outcome: OUTCOME_KINDS,
    deadline: DEADLINE_RESULTS,
    late_by: CULPRITS,
    scope: RATE_LIMIT_SCOPES,
    event: [...new Set([...events].map(([, name = '']) => name))],
  };
  for (const [name, values] of Object.entries(vocabulary)) {
    expect({ name, values: documented(name) }).toEqual({ name, values: [...values].sort() });
  }
  expect(documented('reason')).toEqual(expect.arrayContaining([...REFUSAL_REASONS, ...FAILURE_REASONS]));
  for (const name of [...Object.keys(vocabulary), 'reason']) {
    const seen = new Set(real.files.flatMap((line) => (typeof line[name] === 'string' ? [line[name]] : [])));
    expect({ name, others: [...seen].filter((value) => !documented(name).includes(value)) }).toEqual({
      name,
      others: [],
    });
  }
});

it('the loggers are those that are documented', async () => {
  const documented = page.closedSets.get('logger') ?? new Set();
  const opened = (await sourceText()).matchAll(/\blogger\('(\w+)'\)|\blogger: '(\w+)'/g);
  const names = new Set([...opened].map(([, called, written]) => called ?? written));
  expect([...documented].filter((name) => name !== 'command.').sort()).toEqual([...names].sort());
  const others = real.files.filter(({ logger }) => typeof logger === 'string' && !names.has(logger));
  expect(others.every(({ logger, command }) => logger === `command.${String(command)}`)).toBe(true);
  expect(others.length).toBeGreaterThan(0);
});

it('the files are called as it says', () => {
  const date = new Date().toISOString().slice(0, 10);
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  const shown = real.names
    .filter((name) => !name.startsWith('.'))
    .map((name) => name.replace(yesterday, date));
  expect([...new Set(shown)].sort()).toEqual(
    ['bot.log', 'error.log', `bot-${date}.log`, `error-${date}.log`].sort(),
  );
});

function wronglyTyped(lines: readonly LogLine[], name: string, types: DocumentedField['types']): unknown[] {
  return lines
    .map((line) => at(line, name))
    .filter((value) => value !== undefined && !types.some((type) => TYPES[type](value)));
}

function isSeen({ name, ecsName }: DocumentedField): boolean {
  const inJson = real.files.some((line) => at(line, name) !== undefined);
  return inJson && (ecsName === null || ecs.some((line) => at(line, ecsName) !== undefined));
}

const mentions = (text: string, word: string): boolean => new RegExp(`\\b${word}\\b`).test(text);

async function sourceText(): Promise<string> {
  const files = await readdir(SOURCES, { recursive: true });
  const sources = files.filter((file) => file.endsWith('.ts'));
  return (await Promise.all(sources.map((file) => readFile(path.join(SOURCES, file), 'utf8')))).join('\n');
}
